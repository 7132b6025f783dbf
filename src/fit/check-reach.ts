import { fail } from "../base";
import { activationOf, activations, type Activation } from "../kernels";
import type { Tensor3 } from "../tensor";
import type { Spread } from "./spread";

/**
 * With a larger share of the variance out of reach, the activity is probably in another unit, and not only noisy or
 * standardized.
 */
const mostUnreachable = 1 / 3;

/** The values that an activation takes, in words. */
const rangeText = ([least, most]: readonly [number, number]): string =>
  `${Number.isFinite(least) ? (least === 0 ? "[0" : `(${least}`) : "(-∞"}, ` +
  `${Number.isFinite(most) ? `${most})` : "∞)"}`;

/** Other activations that reach the activity, from its lowest to its highest. */
const thatReach = (lowest: number, highest: number): string =>
  activations
    .filter((phi) => {
      const [least, most] = activationOf(phi).range;
      return least <= lowest && highest <= most;
    })
    .map((phi) => `"${phi}"`)
    .join(" or ");

/**
 * With the identity decoder, neurons are the rates of units: refuse activity with more than a third of its variance
 * outside the range of the activation.
 *
 * @returns the share of the variance outside the range, which cannot be explained
 */
export function checkReach(
  where: string,
  activity: Tensor3,
  train: Tensor3,
  phi: Activation,
  { means, largest }: Spread,
): number {
  const { range } = activationOf(phi),
    [least, most] = range,
    scale = largest || 1;
  let outside = 0,
    variance = 0,
    lowest = Number.POSITIVE_INFINITY,
    highest = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < train.data.length; index++) {
    if (train.data[index] === 0) continue;
    const x = activity.data[index],
      beyond = Math.max(least - x, x - most, 0) / scale,
      deviation = (x - means[index % means.length]) / scale;
    outside += beyond * beyond;
    variance += deviation * deviation;
    lowest = Math.min(lowest, x);
    highest = Math.max(highest, x);
  }
  if (outside === 0 || outside <= mostUnreachable * variance) return outside === 0 ? 0 : outside / variance;
  return fail(where, {
    expected:
      `activity that ${phi} reaches, in ${rangeText(range)}, since neurons ` +
      "are the units' rates with the identity decoder",
    got: `activity from ${lowest} to ${highest}`,
    fix:
      `Take decoder "linear", phi ${thatReach(lowest, highest)} in network, or ` +
      "scale or shift the activity into that range.",
  });
}
