import { fail } from "../base";
import { cholesky } from "../linalg";
import { zeros, type Matrix, type Tensor3 } from "../tensor";
import type { LinearPrior } from "./linear-prior";
import { forwardSubstituted } from "./triangular";

/** More parameters than this would take minutes, and more than 1 GiB. */
const mostParameters = 8192;

/** What trials share: numbers that are a priori standard normal. */
export interface SharedNumbers {
  readonly count: number;
  /** which of all a trial's are, in the order of its products, after its own factors */
  indices(trial: number): readonly number[];
}

/**
 * The Cholesky factor of the posterior's precision, `sum_k map_k' J_k'J_k map_k / variance + P`, in the parameters of
 * trial factors, `c = design theta` (parameter by parameter, its components together), and then in what trials share.
 *
 * @param products - J'J of every trial, in its own factors and then in what it shares (trials × count × count)
 */
export function precisionRoot(
  where: string,
  { design, precision: prior }: LinearPrior,
  products: Tensor3,
  rank: number,
  variance: number,
  shared?: SharedNumbers,
): Matrix {
  const [trials, count] = design.shape,
    width = products.shape[1],
    own = count * rank,
    size = own + (shared?.count ?? 0);
  if (size > mostParameters) tooMany(where, own, size - own);
  const whole = zeros([size, size]);
  for (let index = 0; index < size; index++)
    whole.data[index * (size + 1)] = index < own ? prior[Math.floor(index / rank)] : 1;
  for (let k = 0; k < trials; k++) {
    const row = design.data.subarray(k * count, (k + 1) * count),
      block = products.data.subarray(k * width * width, (k + 1) * width * width),
      places = shared?.indices(k) ?? [];
    for (let i = 0; i < count; i++) {
      if (row[i] === 0) continue;
      for (let j = 0; j <= i; j++) {
        const weight = (row[i] * row[j]) / variance;
        if (weight === 0) continue;
        for (let r = 0; r < rank; r++)
          for (let s = 0, at = (i * rank + r) * size + j * rank; s < rank; s++, at++)
            whole.data[at] += weight * block[r * width + s];
      }
      places.forEach((place, e) => {
        const at = (own + place) * size + i * rank;
        for (let r = 0; r < rank; r++) whole.data[at + r] += (row[i] / variance) * block[(rank + e) * width + r];
      });
    }
    places.forEach((place, e) => {
      for (let f = 0; f <= e; f++)
        whole.data[(own + Math.max(place, places[f])) * size + own + Math.min(place, places[f])] +=
          block[(rank + e) * width + rank + f] / variance;
    });
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

function tooMany(where: string, own: number, shared: number): never {
  return fail(where, {
    expected: `at most ${mostParameters} parameters`,
    got: `${own} of trial factors and ${shared} of the network`,
    fix: 'Fit with a basis of the kernel, such as network.trialKernel: { basis: 0.999 }, or pass network: "known".',
  });
}

function rootOf(where: string, whole: Matrix): Matrix {
  try {
    return cholesky(whole);
  } catch {
    return fail(where, {
      expected: "activity and a prior that determine all trial factors",
      got: `a precision that is singular, of ${whole.shape[0]} parameters`,
      fix:
        "Take a smooth prior, by which trials without observed entries " +
        "borrow from others, or leave these trials out.",
    });
  }
}
