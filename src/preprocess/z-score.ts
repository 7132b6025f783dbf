import type { Shape, Tensor } from "../tensor";
import { checkUnits, eachEntry } from "./check-units";
import { withStep, type Preprocessed } from "./preprocessed";

/**
 * Every unit less its mean and divided by its standard deviation (of the entries, as `scipy.stats.zscore`), over all
 * other modes. A unit whose entries are all equal becomes zeros, and the step names it.
 *
 * @param x - (… × units); NaN marks missing entries, which stay missing
 * @returns the tensor with the step that `undoPreprocessing` takes back
 * @throws {@link LtrnnError} when x has no units or an infinite entry
 * @remarks O(entries), in two passes, so that large means cost no digits.
 * @example zScore(tensor([2, 1], [1, 3])).data // Float64Array [-1, 1]
 */
export function zScore<S extends Shape>(x: Tensor<S>): Preprocessed<S> {
  const units = checkUnits("zScore", x),
    counts = new Float64Array(units),
    means = new Float64Array(units),
    squares = new Float64Array(units);
  eachEntry(x, units, (unit, value) => {
    counts[unit]++;
    means[unit] += value;
  });
  for (let unit = 0; unit < units; unit++) means[unit] /= counts[unit] || 1;
  const largest = new Float64Array(units);
  eachEntry(x, units, (unit, value) => {
    squares[unit] += (value - means[unit]) * (value - means[unit]);
    largest[unit] = Math.max(largest[unit], Math.abs(value));
  });
  const constant: number[] = [],
    deviations = Array.from(squares, (sum, unit) => {
      const deviation = Math.sqrt(sum / (counts[unit] || 1));
      if (deviation > 1e-15 * largest[unit]) return deviation; // below, it is the rounding of the mean
      constant.push(unit);
      return 1;
    });
  const data = x.data.map((value, i) => {
    const unit = i % units;
    return deviations[unit] === 1 && constant.includes(unit) && !Number.isNaN(value)
      ? 0
      : (value - means[unit]) / deviations[unit];
  });
  return withStep(x, data, { kind: "zScore", means: Array.from(means), deviations, constant });
}
