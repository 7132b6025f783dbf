import { fail } from "../base";
import { cholesky } from "../linalg";
import type { LinearPrior } from "../parts";
import type { FactorInformation } from "./factor-information";
import { zeros, type Matrix, type Tensor3 } from "../tensor";

/** The normal posterior of trial factors, with everything else fixed. */
export interface FactorPosterior {
  /** from where the factors stand to its mean, in the parameters of the prior (parameters × rank) */
  readonly step: Matrix;
  /** how much the step lowers minus the logarithm of the posterior, to second order */
  readonly decrease: number;
  /** of every trial's factors (trials × rank × rank) */
  covariances(): Tensor3;
}

/** More parameters than this would take minutes, and more than 1 GiB. */
const mostParameters = 8192;

/**
 * The posterior of `c = design theta` where activity is linear in c: precision
 * `sum_k design_k' design_k ⊗ J_k'J_k / variance + P ⊗ I`, its mean one step of Gauss and Newton away.
 */
export function factorPosterior(
  where: string,
  { design, precision: prior }: LinearPrior,
  { products, score }: FactorInformation,
  variance: number,
  theta: Matrix,
): FactorPosterior {
  const [trials, count] = design.shape,
    rank = score.shape[1],
    size = count * rank;
  if (size > mostParameters)
    fail(where, {
      expected: `at most ${mostParameters} parameters of trial factors`,
      got: `${size}: ${count} for each of ${rank} components`,
      fix: "Fit with a basis of the kernel, such as network.trialKernel: { basis: 0.999 }.",
    });
  const whole = zeros([size, size]),
    gradient = zeros([size, 1]);
  for (let i = 0; i < count; i++)
    for (let r = 0; r < rank; r++) {
      whole.data[(i * rank + r) * (size + 1)] = prior[i];
      gradient.data[i * rank + r] = -prior[i] * theta.data[i * rank + r];
    }
  for (let k = 0; k < trials; k++) {
    const row = design.data.subarray(k * count, (k + 1) * count),
      block = products.data.subarray(k * rank * rank, (k + 1) * rank * rank);
    for (let i = 0; i < count; i++) {
      if (row[i] === 0) continue;
      for (let r = 0; r < rank; r++) gradient.data[i * rank + r] += (row[i] * score.data[k * rank + r]) / variance;
      for (let j = 0; j <= i; j++) {
        const weight = (row[i] * row[j]) / variance;
        if (weight === 0) continue;
        for (let r = 0; r < rank; r++) {
          const at = (i * rank + r) * size + j * rank;
          for (let s = 0; s < rank; s++) whole.data[at + s] += weight * block[r * rank + s];
        }
      }
    }
  }
  const root = rootOf(where, whole),
    half = forwardSubstituted(root, gradient);
  return {
    step: { shape: [count, rank], data: backSubstituted(root, half) },
    decrease: half.reduce((sum, x) => sum + x * x, 0) / 2,
    covariances: () => covariancesOf(root, design, rank),
  };
}

/** `design Sigma design'` of every trial: the squares of `L^-1 design'`, for all trials at once. */
function covariancesOf(root: Matrix, design: Matrix, rank: number): Tensor3 {
  const [trials, count] = design.shape,
    columns = trials * rank,
    sides = zeros([count * rank, columns]);
  for (let k = 0; k < trials; k++)
    for (let i = 0; i < count; i++)
      for (let r = 0; r < rank; r++) sides.data[(i * rank + r) * columns + k * rank + r] = design.data[k * count + i];
  const solved = forwardSubstituted(root, sides),
    covariances = zeros([trials, rank, rank]);
  for (let row = 0; row < count * rank; row++)
    for (let k = 0; k < trials; k++)
      for (let r = 0; r < rank; r++)
        for (let s = 0; s < rank; s++)
          covariances.data[(k * rank + r) * rank + s] +=
            solved[row * columns + k * rank + r] * solved[row * columns + k * rank + s];
  return covariances;
}

/** `L^-1 b`, for every column of b. */
function forwardSubstituted({ shape: [n], data: l }: Matrix, { shape: [, columns], data }: Matrix): Float64Array {
  const x = data.slice();
  for (let i = 0; i < n; i++) {
    const row = x.subarray(i * columns, (i + 1) * columns);
    for (let j = 0; j < i; j++) {
      const weight = l[i * n + j];
      if (weight === 0) continue;
      const other = x.subarray(j * columns, (j + 1) * columns);
      for (let at = 0; at < columns; at++) row[at] -= weight * other[at];
    }
    const pivot = l[i * n + i];
    for (let at = 0; at < columns; at++) row[at] /= pivot;
  }
  return x;
}

/** `L'^-1 b`. */
function backSubstituted({ shape: [n], data: l }: Matrix, b: Float64Array): Float64Array {
  const x = b.slice();
  for (let i = n - 1; i >= 0; i--) {
    x[i] /= l[i * n + i];
    for (let j = 0; j < i; j++) x[j] -= l[i * n + j] * x[i];
  }
  return x;
}

function rootOf(where: string, whole: Matrix): Matrix {
  const [n] = whole.shape;
  try {
    return cholesky(whole);
  } catch {
    return fail(where, {
      expected: "activity and a prior that determine all trial factors",
      got: `a precision that is singular, of ${n} parameters`,
      fix: "Take a smooth prior, which trials without observed entries borrow from, or leave these trials out.",
    });
  }
}
