import { exp, fail, readOptions, square, type FieldsOf } from "../base";
import { shapeText, type Shape, type Tensor } from "../tensor";
import { checkUnits } from "./check-units";
import { withStep, type Preprocessed } from "./preprocessed";

/** Options of {@link smooth}. */
export interface SmoothOptions {
  /** standard deviation of the Gaussian kernel, in bins */
  readonly width: number;
}

const fields = { width: { is: "number", above: 0, needed: true } } as const satisfies FieldsOf<SmoothOptions>;

/**
 * A Gaussian kernel along time, the mode before the units, cut at the bin nearest to four standard deviations, as in
 * `scipy.ndimage.gaussian_filter1d`. Near the ends of a trial and beside missing entries the weights of the entries
 * that are there sum to one; a missing entry stays missing.
 *
 * @param x - (… × time × units), NaN where missing
 * @returns the tensor with the step; `undoPreprocessing` refuses it, since smoothing cannot be reversed
 * @throws {@link LtrnnError} when x has fewer than two modes, an infinite entry, or the width is not above zero
 * @remarks O(entries · width). Smoothing mixes bins: hold entries out for validation before it, never after.
 * @example smooth(tensor([1, 3, 1], [0, 1, 0]), { width: 0.1 }).data // [0, 1, 0], up to rounding
 */
export function smooth<S extends Shape>(x: Tensor<S>, options: SmoothOptions): Preprocessed<S> {
  const where = "smooth",
    units = checkUnits(where, x),
    { width } = readOptions(where, options, fields),
    bins = x.shape.at(-2);
  if (!bins)
    fail(where, {
      expected: "x (… × time × units)",
      got: `shape ${shapeText(x.shape)}`,
      fix: "Pass at least a matrix (time × units).",
    });
  const reach = Math.min(bins - 1, Math.floor(4 * width + 0.5)),
    weights = Float64Array.from({ length: reach + 1 }, (_, lag) => exp(-square(lag / width) / 2)),
    data = new Float64Array(x.data.length);
  const trial = bins * units;
  for (let start = 0; start < data.length; start += trial)
    for (let bin = 0; bin < bins; bin++)
      for (let unit = 0; unit < units; unit++) {
        const here = start + bin * units + unit;
        if (Number.isNaN(x.data[here])) {
          data[here] = NaN;
          continue;
        }
        let sum = 0,
          total = 0;
        for (let other = Math.max(0, bin - reach); other <= Math.min(bins - 1, bin + reach); other++) {
          const value = x.data[start + other * units + unit],
            weight = weights[Math.abs(other - bin)];
          if (Number.isNaN(value)) continue;
          sum += weight * value;
          total += weight;
        }
        data[here] = sum / total;
      }
  return withStep(where, x, data, { kind: "smooth", width });
}
