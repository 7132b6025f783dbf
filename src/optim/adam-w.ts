import { readOptions, type FieldsOf } from "../base";
import { chainOf } from "./chain";
import { decayWeightsOf, type DecayOptions } from "./decay-weights";
import { scaleByAdamOf, type Betas } from "./scale-by-adam";
import { scaleByRateOf } from "./scale-by-rate";
import type { Schedule } from "./schedule";
import type { DescribedTransform } from "./transform";

/** Adam's numbers, and how much weights decay. */
export interface AdamWOptions extends Betas, DecayOptions {
  /** decay per unit of the learning rate, at least 0; default 0.01 */
  readonly decay?: number;
}

/** Betas are checked by Adam's own table. */
const anything = () => {};
const table = {
  decay: { is: "number", least: 0, fallback: 0.01 },
  only: { is: "list", of: { is: "text" } },
  beta1: { is: "checked", check: anything },
  beta2: { is: "checked", check: anything },
  epsilon: { is: "checked", check: anything },
} as const satisfies FieldsOf<AdamWOptions>;

/**
 * Adam with decoupled weight decay: `p <- p - rate (Adam's update + decay p)`. It leaves the span of gradients.
 *
 * @param rate - a number of at least 0, or a schedule, which scales the decay too
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @see Loshchilov & Hutter (2019), Decoupled weight decay regularization, ICLR, algorithm 2
 * @example adamW(1e-3, { decay: 0.1 }).span.preserved // false
 */
export function adamW(rate: Schedule, options?: AdamWOptions): DescribedTransform<unknown[]> {
  const { decay, only, ...betas } = readOptions<AdamWOptions, typeof table>("adamW", options, table);
  return chainOf("adamW", [
    scaleByAdamOf("adamW", betas),
    decayWeightsOf("adamW", { decay, ...(only ? { only } : {}) }),
    scaleByRateOf("adamW", { rate }),
  ]);
}
