import { fail } from "../base";
import type { Activation } from "../kernels";
import type { Tensor3 } from "../tensor";
import type { Spread } from "./spread";

/** The values that an activation takes. */
const reaches: { readonly [phi in Activation]: readonly [least: number, most: number, words: string] } = {
  tanh: [-1, 1, "(-1, 1)"],
  relu: [0, Infinity, "[0, ∞)"],
  softplus: [0, Infinity, "(0, ∞)"],
  identity: [-Infinity, Infinity, "(-∞, ∞)"],
};

/**
 * With more than this share of the variance out of reach, the activity is in another unit, and not only noisy or
 * standardized.
 */
const mostUnreachable = 1 / 3;

/** What takes activity into the reach of each activation that has bounds. */
const remedies: { readonly [phi in Activation]?: string } = {
  tanh: 'Take decoder "linear", phi "softplus" or "identity" in network, or divide the activity by its largest entry.',
  relu: 'Take decoder "linear", phi "tanh" or "identity" in network, or add an offset to the activity.',
  softplus: 'Take decoder "linear", phi "tanh" or "identity" in network, or add an offset to the activity.',
};

/**
 * With the identity decoder, neurons are the rates of units: refuse activity of which a third of the variance lies
 * where the activation never comes.
 *
 * @returns the share of the variance that lies there, and cannot be explained
 */
export function checkReach(
  where: string,
  activity: Tensor3,
  train: Tensor3,
  phi: Activation,
  { means, largest }: Spread,
): number {
  const [least, most, words] = reaches[phi],
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
    expected: `activity that ${phi} reaches, in ${words}, since neurons are the units' rates with the identity decoder`,
    got: `activity from ${lowest} to ${highest}`,
    fix: remedies[phi] ?? "",
  });
}
