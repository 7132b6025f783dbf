import { checkCp, type Cp } from "./cp";
import { checkModes } from "./check-modes";
import { checkRange, columnExponents, columnsInRange, exponentOf, timesPowerOfTwo } from "./units";

/**
 * The same tensor with unit columns, components sorted by weight downwards, weights positive, and the largest entry of
 * each column positive in every mode but the last.
 *
 * A component that is zero keeps zero columns and weight 0. Where modes are `fixed`, their factors stay as they are,
 * and so does the order of components; all scale is in the weights.
 *
 * @throws {@link LtrnnError} when weights and factors disagree, a fixed mode is none, or a weight would leave the range
 * of doubles
 * @example canonical({ weights: tensor([1], [1]), factors: [tensor([1, 1], [-2]), tensor([1, 1],
 * [3])] }).weights.data // Float64Array [6]
 */
export function canonical(cp: Cp, fixed: readonly number[] = []): Cp {
  checkCp("canonical", cp);
  checkModes("canonical", "fixed", fixed, cp.factors.length);
  return canonicalForm("canonical", cp, fixed);
}

/**
 * {@link canonical}, for a decomposition that is known to be one, in the name of `where`; component r stands for
 * `2^exponents[r]` times what it says. No column of a mode in `upright` turns around, nor does the sign of others go
 * there: the negative of such a factor would not satisfy its constraint.
 */
export function canonicalForm(
  where: string,
  cp: Cp,
  fixed: readonly number[],
  exponents?: readonly number[],
  upright?: readonly number[],
): Cp {
  const { weights, factors } = unitForm(where, cp, fixed, exponents, upright);
  if (fixed.length > 0) return { weights, factors };
  const rank = weights.shape[0],
    order = Array.from({ length: rank }, (_, r) => r).sort((r, s) => weights.data[s] - weights.data[r]);
  return {
    weights: { shape: weights.shape, data: Float64Array.from(order, (r) => weights.data[r]) },
    factors: factors.map(({ shape, data }) => ({
      shape,
      data: data.map((_, i) => data[i - (i % rank) + order[i % rank]]),
    })),
  };
}

/**
 * Unit columns and positive weights, as in the canonical form, but with the components in the order in which they are.
 */
export function unitForm(
  where: string,
  { weights, factors }: Cp,
  fixed: readonly number[] = [],
  exponents?: readonly number[],
  upright: readonly number[] = [],
): Cp {
  const rank = weights.shape[0],
    free = [...factors.keys()].filter((mode) => !fixed.includes(mode)),
    turning = free.filter((mode) => !upright.includes(mode)),
    lastMode = turning[turning.length - 1];
  const units = factors.map(columnExponents),
    scaled = factors.map((f) => columnsInRange(f).data.slice());
  const size = Float64Array.from(weights.data, (weight, r) => {
    let sign = Math.sign(weight) || 1,
      exponent = exponentOf(weight),
      magnitude = timesPowerOfTwo(Math.abs(weight), -exponent);
    exponent += exponents?.[r] ?? 0;
    for (const mode of free) {
      const { length, largest } = columnOf(scaled[mode], r, rank);
      magnitude *= length;
      exponent += units[mode][r];
      if (length === 0) continue;
      const flip = mode === lastMode ? sign : largest < 0 && turning.includes(mode) ? -1 : 1;
      sign *= flip;
      for (let i = r; i < scaled[mode].length; i += rank) scaled[mode][i] *= flip / length;
    }
    return magnitude && timesPowerOfTwo(sign * magnitude, exponent);
  });
  checkRange(where, "weights", size);
  return {
    weights: { shape: [rank], data: size },
    factors: factors.map((f, mode) => (fixed.includes(mode) ? f : { shape: f.shape, data: scaled[mode] })),
  };
}

/** The length of a column, and its entry of largest magnitude. */
function columnOf(data: Float64Array, column: number, rank: number): { length: number; largest: number } {
  let largest = 0,
    squares = 0;
  for (let i = column; i < data.length; i += rank) {
    const value = data[i];
    squares += value * value;
    if (Math.abs(value) > Math.abs(largest)) largest = value;
  }
  return { length: Math.sqrt(squares), largest };
}
