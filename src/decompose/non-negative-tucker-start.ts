import { random } from "../base";
import type { Matrix, Tensor } from "../tensor";

/** The matrix with its negative entries set to zero. */
export const positivePart = <T extends Tensor>(x: T): T => ({ ...x, data: x.data.map((entry) => Math.max(0, entry)) });

/** Uniform factors; undefined for modes left whole. */
export function uniformFactors(shape: readonly number[], ranks: readonly (number | null)[], seed: number) {
  return shape.map((size, mode): Matrix | undefined => {
    const rank = ranks[mode],
      { uniform } = random(seed, `non-negative tucker start, mode ${mode}`);
    return rank === null
      ? undefined
      : { shape: [size, rank], data: Float64Array.from({ length: size * rank }, uniform) };
  });
}

/**
 * Of every column the entries of the dominant sign; the others become a small share of its mean magnitude, since an
 * entry that starts at zero could stay there.
 *
 * @see Boutsidis & Gallopoulos (2008), SVD based initialization: a head start for nonnegative matrix factorization,
 * Pattern Recognition 41
 */
export function dominantSigns({ shape: [rows, columns], data }: Matrix): Matrix {
  const out = new Float64Array(rows * columns);
  for (let r = 0; r < columns; r++) {
    let up = 0,
      down = 0,
      size = 0;
    for (let i = r; i < data.length; i += columns) {
      if (data[i] > 0) up += data[i] * data[i];
      else down += data[i] * data[i];
      size += Math.abs(data[i]);
    }
    const sign = up >= down ? 1 : -1,
      least = (0.01 * size) / rows;
    for (let i = r; i < data.length; i += columns) out[i] = Math.max(least, sign * data[i]);
  }
  return { shape: [rows, columns], data: out };
}
