import { readOptions, type FieldsOf } from "../base";
import { accumulateOf } from "./accumulate";
import { chainOf } from "./chain";
import { scaleByRateOf } from "./scale-by-rate";
import type { Schedule } from "./schedule";
import type { DescribedTransform } from "./transform";

/** How {@link momentum} accumulates. */
export interface MomentumOptions {
  /** how much of the velocity is kept at each step, in [0, 1); default 0.9 */
  readonly beta?: number;
  /** look ahead along the velocity; default false: heavy ball */
  readonly nesterov?: boolean;
}

const table = {
  beta: { is: "number", least: 0, below: 1, fallback: 0.9 },
  nesterov: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<MomentumOptions>;

/**
 * Gradient descent with momentum, heavy ball or Nesterov. It preserves the span of gradients.
 *
 * @param rate - a number of at least 0, or a schedule
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @see Polyak (1964), USSR Comput. Math. Math. Phys. 4; Sutskever, Martens, Dahl & Hinton (2013), On the importance of
 * initialization and momentum in deep learning, ICML
 * @example momentum(0.1, { nesterov: true }).span.preserved // true
 */
export const momentum = (rate: Schedule, options?: MomentumOptions): DescribedTransform<unknown[]> =>
  chainOf("momentum", [
    accumulateOf("momentum", readOptions("momentum", options, table)),
    scaleByRateOf("momentum", { rate }),
  ]);
