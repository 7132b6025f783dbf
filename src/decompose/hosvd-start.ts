import { random } from "../base";
import type { Matrix, Tensor } from "../tensor";
import { compress, oversampling } from "./compression";
import { randomStart } from "./random-start";

/**
 * The leading left singular vectors of every mode's unfolding, by sketches; columns past a mode's size, or past its
 * rank, are random.
 */
export function hosvdStart(x: Tensor, rank: number, seed: number, bases = leadingVectors(x, rank, seed)): Matrix[] {
  return randomStart(x, rank, seed).map((drawn, mode) => leadingColumns(bases[mode], drawn));
}

/**
 * Leading left singular vectors of every mode's unfolding (size × rank of the mode), largest singular value first, by
 * sketches.
 */
export const leadingVectors = (x: Tensor, rank: number, seed: number): readonly Matrix[] =>
  compress(x, rank + oversampling, random(seed, "cp start, sketches")).factors;

/** The columns of `first`, and where these are too few those of `rest` in their places. */
function leadingColumns(first: Matrix, rest: Matrix): Matrix {
  const [rows, rank] = rest.shape,
    count = Math.min(rank, first.shape[1]),
    out = rest.data.slice();
  for (let i = 0; i < rows; i++) out.set(first.data.subarray(i * first.shape[1], i * first.shape[1] + count), i * rank);
  return { shape: rest.shape, data: out };
}
