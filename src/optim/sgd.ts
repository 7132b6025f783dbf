import { chainOf } from "./chain";
import { scaleByRateOf } from "./scale-by-rate";
import type { Schedule } from "./schedule";
import type { DescribedTransform } from "./transform";

/**
 * Plain gradient descent: `p <- p - rate g`. It preserves the span of gradients.
 *
 * @param rate - a number of at least 0, or a schedule
 * @throws {@link LtrnnError} when it is neither
 * @example sgd(0.1).span.preserved // true
 */
export const sgd = (rate: Schedule): DescribedTransform<unknown[]> => chainOf("sgd", [scaleByRateOf("sgd", { rate })]);
