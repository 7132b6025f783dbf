import { safeUnit, square } from "../base";
import { largestOf, type Shape, type Tensor } from "../tensor";
import { checkUnits, eachEntry } from "./check-units";
import { withStep, type Preprocessed } from "./preprocessed";

/**
 * Every unit less its mean and divided by its standard deviation (of the entries, as `scipy.stats.zscore`), over all
 * other modes. A unit whose entries are all equal becomes zeros, and the step names it.
 *
 * @param x - (… × units); NaN marks missing entries, which stay missing
 * @returns the tensor with the step, which `undoPreprocessing` reverses
 * @throws {@link LtrnnError} when x has no units or an infinite entry, or a result is out of range
 * @remarks O(entries), in two passes, so that large means cost no digits.
 * @example zScore(tensor([2, 1], [1, 3])).data // Float64Array [-1, 1]
 */
export function zScore<S extends Shape>(x: Tensor<S>): Preprocessed<S> {
  const where = "zScore",
    units = checkUnits(where, x),
    scale = safeUnit(largestOf(x.data)),
    counts = new Float64Array(units),
    origins = new Float64Array(units).fill(NaN),
    means = new Float64Array(units),
    squares = new Float64Array(units),
    largest = new Float64Array(units);
  // about the first entry of a unit, so that one that is constant has a mean of exactly that, and a deviation of 0
  eachEntry(x, units, (unit, value) => {
    if (counts[unit]++ === 0) origins[unit] = value;
    means[unit] += value * scale - origins[unit] * scale;
  });
  for (let unit = 0; unit < units; unit++) means[unit] /= counts[unit] || 1;
  const fromMean = (unit: number, value: number) => value * scale - origins[unit] * scale - means[unit];
  eachEntry(x, units, (unit, value) => {
    squares[unit] += square(fromMean(unit, value));
    largest[unit] = Math.max(largest[unit], Math.abs(value));
  });
  const isConstant = (unit: number) => !(Math.sqrt(squares[unit] / counts[unit]) > 1e-15 * largest[unit] * scale),
    constant = [...squares.keys()].filter(isConstant),
    held = new Set(constant),
    sizes = squares.map((sum, unit) => (held.has(unit) ? 1 : Math.sqrt(sum / counts[unit])));
  const data = x.data.map((value, i) => {
    const unit = i % units;
    return held.has(unit) ? value - value : fromMean(unit, value) / sizes[unit];
  });
  return withStep(where, x, data, {
    kind: "zScore",
    means: Array.from(means, (mean, unit) => (counts[unit] === 0 ? 0 : origins[unit] + mean / scale)),
    deviations: Array.from(sizes, (size, unit) => (held.has(unit) ? 1 : size / scale)),
    constant,
  });
}
