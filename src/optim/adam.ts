import { chainOf } from "./chain";
import { scaleByAdamOf, type Betas } from "./scale-by-adam";
import { scaleByRateOf } from "./scale-by-rate";
import type { Schedule } from "./schedule";
import type { DescribedTransform } from "./transform";

/**
 * Adam. Its updates are not in the span of the gradients, so the rank bounds of theory do not hold.
 *
 * @param rate - a number of at least 0, or a schedule
 * @throws {@link LtrnnError} for numbers out of range, and unknown names
 * @see Kingma & Ba (2015), Adam: a method for stochastic optimization, algorithm 1
 * @example adam(1e-3).span.preserved // false
 */
export const adam = (rate: Schedule, betas?: Betas): DescribedTransform<unknown[]> =>
  chainOf("adam", [scaleByAdamOf("adam", betas, "betas"), scaleByRateOf("adam", { rate })]);
