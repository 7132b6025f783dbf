import { safeUnit } from "../base";
import type { Tensor3 } from "../tensor";

/** The largest magnitude among the entries of a mask. */
export function largestUnder({ data }: Tensor3, mask: Tensor3): number {
  let largest = 0;
  for (let index = 0; index < data.length; index++)
    if (mask.data[index] !== 0) largest = Math.max(largest, Math.abs(data[index]));
  return largest;
}

/**
 * The mean of each unit over the entries of a mask; NaN for a unit without any.
 *
 * A second pass adds the mean of the residuals, so that the mean of equal entries is exact.
 */
export function unitMeans(activity: Tensor3, mask: Tensor3): Float64Array {
  const units = activity.shape[2],
    scale = safeUnit(largestUnder(activity, mask)),
    counts = new Float64Array(units);
  for (let index = 0; index < mask.data.length; index++) if (mask.data[index] !== 0) counts[index % units]++;
  const meansAbout = (centers: Float64Array) => {
    const sums = new Float64Array(units);
    for (let index = 0; index < mask.data.length; index++)
      if (mask.data[index] !== 0) sums[index % units] += scale * activity.data[index] - centers[index % units];
    return sums.map((sum, unit) => sum / counts[unit]);
  };
  const first = meansAbout(new Float64Array(units)),
    rest = meansAbout(first);
  return first.map((mean, unit) => (mean + rest[unit]) / scale);
}
