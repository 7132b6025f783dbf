import { fail } from "../base";
import { cholesky } from "../linalg";
import type { LinearPrior } from "../parts";
import { zeros, type Matrix, type Tensor3 } from "../tensor";
import { forwardSubstituted } from "./triangular";

/** More parameters than this would take minutes, and more than 1 GiB. */
const mostParameters = 8192;

/**
 * The Cholesky factor of the posterior's precision, in the parameters of trial factors, `c = design theta` (parameter by
 * parameter, its components together), and then in those that all trials share, which are a priori standard normal:
 * `sum_k map_k' J_k'J_k map_k / variance + P`.
 *
 * @param products - J'J of every trial, in its own factors and then in what is shared (trials × count × count)
 */
export function precisionRoot(
  where: string,
  { design, precision: prior }: LinearPrior,
  products: Tensor3,
  rank: number,
  variance: number,
): Matrix {
  const [trials, count] = design.shape,
    [, width] = products.shape,
    shared = width - rank,
    own = count * rank,
    size = own + shared;
  if (size > mostParameters)
    fail(where, {
      expected: `at most ${mostParameters} parameters of trial factors`,
      got: `${own}: ${count} for each of ${rank} components`,
      fix: "Fit with a basis of the kernel, such as network.trialKernel: { basis: 0.999 }.",
    });
  const whole = zeros([size, size]);
  for (let index = 0; index < size; index++)
    whole.data[index * (size + 1)] = index < own ? prior[Math.floor(index / rank)] : 1;
  for (let k = 0; k < trials; k++) {
    const row = design.data.subarray(k * count, (k + 1) * count),
      block = products.data.subarray(k * width * width, (k + 1) * width * width);
    /** adds rows r of the block, from its first column on, in the lower triangle */
    const add = (at: number, r: number, from: number, columns: number, weight: number) => {
      for (let s = 0; s < columns; s++) whole.data[at + s] += weight * block[r * width + from + s];
    };
    for (let i = 0; i < count; i++) {
      if (row[i] === 0) continue;
      for (let j = 0; j <= i; j++) {
        const weight = (row[i] * row[j]) / variance;
        if (weight !== 0) for (let r = 0; r < rank; r++) add((i * rank + r) * size + j * rank, r, 0, rank, weight);
      }
      for (let e = 0; e < shared; e++) add((own + e) * size + i * rank, rank + e, 0, rank, row[i] / variance);
    }
    for (let e = 0; e < shared; e++) add((own + e) * size + own, rank + e, rank, e + 1, 1 / variance);
  }
  return rootOf(where, whole);
}

/** Between the components of each trial, `design Sigma design'` (trials × rank × rank). */
export function factorCovariances(root: Matrix, { design }: LinearPrior, rank: number): Tensor3 {
  const [trials, count] = design.shape,
    columns = trials * rank,
    sides = zeros([root.shape[0], columns]);
  for (let k = 0; k < trials; k++)
    for (let i = 0; i < count; i++)
      for (let r = 0; r < rank; r++) sides.data[(i * rank + r) * columns + k * rank + r] = design.data[k * count + i];
  const solved = forwardSubstituted(root, sides),
    covariances = zeros([trials, rank, rank]);
  for (let row = 0; row < solved.length; row += columns)
    for (let k = 0; k < trials; k++)
      for (let r = 0; r < rank; r++)
        for (let s = 0; s < rank; s++)
          covariances.data[(k * rank + r) * rank + s] += solved[row + k * rank + r] * solved[row + k * rank + s];
  return covariances;
}

function rootOf(where: string, whole: Matrix): Matrix {
  try {
    return cholesky(whole);
  } catch {
    return fail(where, {
      expected: "activity and a prior that determine all trial factors",
      got: `a precision that is singular, of ${whole.shape[0]} parameters`,
      fix: "Take a smooth prior, by which trials without observed entries borrow from others, or leave these trials out.",
    });
  }
}
