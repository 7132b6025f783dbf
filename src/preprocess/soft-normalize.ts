import { readOptions, type FieldsOf } from "../base";
import type { Shape, Tensor } from "../tensor";
import { checkUnits, eachEntry } from "./check-units";
import { withStep, type Preprocessed } from "./preprocessed";

/** Options of {@link softNormalize}. */
export interface SoftNormalizeOptions {
  /** added to the range of every unit, in the unit of x; default 5, as for rates in spikes per second */
  readonly constant?: number;
}

const fields = {
  constant: { is: "number", above: 0, fallback: 5 },
} as const satisfies FieldsOf<SoftNormalizeOptions>;

/**
 * Every unit divided by its range (largest less smallest entry) plus a constant, so that units with high rates have
 * similar ranges, and those with low rates stay small.
 *
 * @param x - (… × units); NaN marks missing entries, which stay missing
 * @returns the tensor with the step, which `undoPreprocessing` reverses
 * @throws {@link LtrnnError} when x has no units or an infinite entry, or the constant is not above zero
 * @remarks O(entries).
 * @see Churchland, Cunningham, Kaufman et al. (2012), Neural population dynamics during reaching, Nature 487
 * @example softNormalize(tensor([2, 1], [0, 15])).data // Float64Array [0, 0.75]
 */
export function softNormalize<S extends Shape>(x: Tensor<S>, options?: SoftNormalizeOptions): Preprocessed<S> {
  const where = "softNormalize",
    units = checkUnits(where, x),
    { constant } = readOptions(where, options, fields);
  const least = new Float64Array(units).fill(Infinity),
    most = new Float64Array(units).fill(-Infinity);
  eachEntry(x, units, (unit, value) => {
    least[unit] = Math.min(least[unit], value);
    most[unit] = Math.max(most[unit], value);
  });
  const scales = Array.from(least, (low, unit) => (low <= most[unit] ? most[unit] - low : 0) + constant);
  const data = x.data.map((value, i) => value / scales[i % units]);
  return withStep(where, x, data, { kind: "softNormalize", scales, constant });
}
