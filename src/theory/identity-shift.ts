import { rankAbove, symmetricValues } from "../linalg";
import { norm, transpose, type Matrix, zeros } from "../tensor";

/** A matrix less a multiple of the identity. */
export interface ShiftedWeights {
  readonly shift: number;
  /** W less shift I */
  readonly rest: Matrix;
  /** the dimension of the joint span of columns and rows of `rest`, as {@link jointRank} */
  readonly spanned: number;
}

/**
 * W less c I, for the c that gives columns and rows the joint span of least dimension.
 *
 * Where W = c I + U V' and columns of U and V together span r < N dimensions, W is c I on the N - r others, and so is
 * its symmetric part: c is an eigenvalue of that, N - r times. Candidates are 0, the median eigenvalue (where the spans
 * of U and V intersect in 0 only, U V' + V U' has as many positive as negative eigenvalues), and the most frequent one.
 *
 * @remarks O(units³).
 */
export function identityShift(where: string, w: Matrix, tolerance: number): ShiftedWeights {
  const n = w.shape[0],
    wT = transpose(w),
    size = norm(w);
  const values = symmetricValues(where, { shape: w.shape, data: w.data.map((x, i) => x / 2 + wT.data[i] / 2) });
  const candidates = n === 0 || size === 0 ? [0] : [0, values[Math.floor(n / 2)], mostFrequent(values)];
  let best: ShiftedWeights | undefined;
  for (const shift of new Set(candidates)) {
    const rest: Matrix = { shape: w.shape, data: w.data.map((x, i) => (i % (n + 1) === 0 ? x - shift : x)) };
    // below this, only c I is left
    const spanned = norm(rest) > tolerance * size ? jointRank(where, rest, tolerance) : 0;
    if (!best || spanned < best.spanned) best = { shift, rest, spanned };
  }
  return best as ShiftedWeights;
}

/** The middle of the largest group of eigenvalues that agree to rounding; they come largest first. */
function mostFrequent(values: readonly number[]): number {
  const same = 1e-10 * Math.max(Math.abs(values[0]), Math.abs(values[values.length - 1]));
  let first = 0,
    best = 0,
    length = 0;
  for (let i = 0; i < values.length; i++) {
    while (values[first] - values[i] > same) first++;
    if (i - first + 1 > length) [best, length] = [first, i - first + 1];
  }
  return values[best + Math.floor(length / 2)];
}

/** The dimension of the joint span of columns and rows of a square matrix. */
function jointRank(where: string, { shape: [n], data }: Matrix, tolerance: number): number {
  const both = zeros([n, 2 * n]);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      both.data[2 * n * i + j] = data[n * i + j];
      both.data[2 * n * i + n + j] = data[n * j + i];
    }
  return rankAbove(where, both, tolerance);
}
