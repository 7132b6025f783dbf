import { readOptions, type FieldsOf } from "../base";
import { accumulateOf } from "./accumulate";
import { chainOf } from "./chain";
import { scaleByRateOf } from "./scale-by-rate";
import { rmsTable, scaleByRmsOf, type RmsOptions } from "./scale-by-rms";
import type { Schedule } from "./schedule";
import type { DescribedTransform } from "./transform";

/** How {@link rmsProp} averages and accumulates. */
export interface RmsPropOptions extends RmsOptions {
  /** how much of the velocity is kept at each step, in [0, 1); default 0: none */
  readonly momentum?: number;
}

const table = () =>
  ({
    ...rmsTable,
    momentum: { is: "number", least: 0, below: 1, fallback: 0 },
  }) as const satisfies FieldsOf<RmsPropOptions>;

/**
 * RMSProp, optionally with momentum. It leaves the span of gradients.
 *
 * @param rate - a number of at least 0, or a schedule
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @see Tieleman & Hinton (2012), Lecture 6.5: rmsprop, COURSERA: Neural networks for machine learning
 * @example rmsProp(1e-3, { momentum: 0.9 }).span.preserved // false
 */
export function rmsProp(rate: Schedule, options?: RmsPropOptions): DescribedTransform<unknown[]> {
  const { momentum, ...rms } = readOptions<RmsPropOptions, ReturnType<typeof table>>("rmsProp", options, table());
  const velocity = momentum > 0 ? [accumulateOf("rmsProp", { beta: momentum, nesterov: false })] : [];
  return chainOf("rmsProp", [scaleByRmsOf("rmsProp", rms), ...velocity, scaleByRateOf("rmsProp", { rate })]);
}
