import type { Matrix, Tensor } from "../tensor";
import type { LeastSquares } from "./als-model";
import { innerProduct, relativeErrorOf } from "./relative-error";
import { twoPasses } from "./two-passes";
import { solveFactor, type FactorSolution } from "./update-factor";

/**
 * Exact least squares over the observed entries: each row of a factor has normal equations of its own, `N_i = sum over
 * observed (j, k) of w w'` with `w = b_j * c_k`. These are an MTTKRP of the mask, with factors whose columns are the
 * products of every two components, so they take the same two passes.
 *
 * @see Tomasi & Bro (2005), PARAFAC and missing values, Chemometrics and Intelligent Laboratory Systems 75
 */
export function maskedLeastSquares(
  x: Tensor,
  mask: Tensor,
  rank: number,
  { ridge, fixed, norm }: { readonly ridge: number; readonly fixed: readonly number[]; readonly norm: number },
): LeastSquares {
  const pairs = (rank * (rank + 1)) / 2,
    ofX = twoPasses(filled(x, mask, 0), rank), // zeros, for sums over entries
    ofMask = twoPasses(mask, pairs),
    observed = filled(x, mask, NaN); // NaN, for residuals
  return {
    norm,
    imputes: false,
    sweep(model) {
      const factors = [...model.factors],
        products = factors.map(pairColumns),
        ofNormals = ofMask.sweep(products);
      let singular = false,
        inner = 0,
        squares = { modelSquared: 0, componentsSquared: 0 };
      for (const { mode, products: rows } of ofX.sweep(factors)) {
        const normals = ofNormals.next().value.products as Matrix;
        if (!fixed.includes(mode)) {
          const solution = solveRows(normals, rows, ridge);
          factors[mode] = solution.factor;
          singular ||= solution.singular;
        }
        products[mode] = pairColumns(factors[mode]);
        if (mode < factors.length - 1) continue;
        inner = innerProduct(factors[mode], rows);
        squares = observedSquares(normals, factors[mode]);
      }
      const relativeError = relativeErrorOf(norm, { inner, ...squares, imputes: false }, () =>
        twoPasses(observed, rank).residual(factors),
      );
      return { factors, weights: model.weights, relativeError, singular };
    },
  };
}

/** x with another number where an entry is missing. */
export function filled({ shape, data }: Tensor, mask: Tensor, value: number): Tensor {
  const out = data.slice();
  for (let i = 0; i < out.length; i++) if (mask.data[i] === 0) out[i] = value;
  return { shape, data: out };
}

/** The factor whose row i solves the normal equations of row i, `N_i` in packed form. */
function solveRows(normals: Matrix, products: Matrix, ridge: number): FactorSolution {
  const [count, rank] = products.shape,
    factor: Matrix = { shape: [count, rank], data: new Float64Array(count * rank) };
  let singular = false;
  for (let i = 0; i < count; i++) {
    const row = products.data.subarray(i * rank, (i + 1) * rank),
      solution = solveFactor(unpacked(normals, i, rank), { shape: [1, rank], data: row }, ridge);
    singular ||= solution.singular;
    factor.data.set(solution.factor.data, i * rank);
  }
  return { factor, singular };
}

/** The squares of the model and of its components over the observed entries: `sum_i f_i' N_i f_i`. */
function observedSquares(normals: Matrix, factor: Matrix) {
  const [count, rank] = factor.shape;
  let modelSquared = 0,
    componentsSquared = 0;
  for (let i = 0; i < count; i++) {
    const normal = unpacked(normals, i, rank).data,
      row = factor.data.subarray(i * rank, (i + 1) * rank);
    for (let r = 0; r < rank; r++) {
      componentsSquared += row[r] * normal[r * rank + r] * row[r];
      for (let s = 0; s < rank; s++) modelSquared += row[r] * normal[r * rank + s] * row[s];
    }
  }
  return { modelSquared, componentsSquared };
}

/** The products of every two columns r <= s, in that order. */
function pairColumns({ shape: [rows, rank], data }: Matrix): Matrix {
  const pairs = (rank * (rank + 1)) / 2,
    out = new Float64Array(rows * pairs);
  for (let i = 0, to = 0; i < rows; i++)
    for (let r = 0; r < rank; r++)
      for (let s = r; s < rank; s++, to++) out[to] = data[i * rank + r] * data[i * rank + s];
  return { shape: [rows, pairs], data: out };
}

/** The symmetric matrix `N_i` (rank × rank) from row i of such sums. */
function unpacked({ shape: [, pairs], data }: Matrix, row: number, rank: number): Matrix {
  const out = new Float64Array(rank * rank);
  for (let r = 0, from = row * pairs; r < rank; r++)
    for (let s = r; s < rank; s++, from++) out[r * rank + s] = out[s * rank + r] = data[from];
  return { shape: [rank, rank], data: out };
}
