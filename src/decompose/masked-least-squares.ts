import { gramOfOthers } from "../factored";
import { gram, zeros, type Matrix, type Tensor } from "../tensor";
import type { LeastSquares } from "./als-model";
import { bestWeights, scaledColumns, scaledRows } from "./component-weights";
import { dimensionTree } from "./dimension-tree";
import { innerProduct, relativeErrorOf, squaresOf } from "./relative-error";
import { rowsTimes, type UpdateRows } from "./row-updates";

/**
 * Exact least squares over the observed entries: each row of a factor has normal equations of its own, `N_i = sum over
 * observed (j, k) of w w'` with `w = b_j * c_k`. These are an MTTKRP of the mask, with factors whose columns are the
 * products of every two components, so they take the same two passes.
 *
 * With `weighted`, components have weights beside their factors: the least squares solution for the factors before and
 * after each update.
 *
 * @see Tomasi & Bro (2005), PARAFAC and missing values, Chemometrics and Intelligent Laboratory Systems 75
 */
export function maskedLeastSquares(
  x: Tensor,
  mask: Tensor,
  rank: number,
  {
    update,
    norm,
    weighted = false,
  }: { readonly update: UpdateRows; readonly norm: number; readonly weighted?: boolean },
): LeastSquares {
  const pairs = (rank * (rank + 1)) / 2,
    ofX = dimensionTree(filled(x, mask, 0), rank), // zeros, for sums over entries
    ofMask = dimensionTree(mask, pairs),
    observed = filled(x, mask, NaN); // NaN, for residuals
  const made = new WeakMap<Matrix, Matrix>(), // so that pairs are computed once for a factor that does not change
    pairsOf = (f: Matrix) => made.get(f) ?? (made.set(f, pairColumns(f)).get(f) as Matrix);
  return {
    norm,
    imputes: false,
    sweep(model, odd) {
      const factors = [...model.factors],
        weights = model.weights.slice(),
        columns = (m: Matrix) => scaledColumns(m, weights),
        scaled = (m: Matrix) => columns(scaledRows(m, weights)),
        grams = factors.map(gram),
        products = factors.map(pairsOf),
        ofNormals = ofMask.sweep(products, odd);
      let singular = false,
        inner = 0,
        squares = { modelSquared: 0, componentsSquared: 0 };
      for (const { mode, products: rows } of ofX.sweep(factors, odd)) {
        const packed = ofNormals.next().value.products as Matrix,
          normals = unpacked(packed, rank);
        if (weighted) weights.set(bestWeights(observedOverlaps(normals, factors[mode]), factors[mode], rows));
        const whole = scaled(gramOfOthers(grams, mode)),
          solution = update(mode, normals.map(scaled), whole, columns(rows), factors[mode]);
        factors[mode] = solution.factor;
        singular ||= solution.singular;
        grams[mode] = gram(factors[mode]);
        products[mode] = pairsOf(solution.factor);
        if (mode < factors.length - 1) continue;
        ofNormals.next(); // ends before the sweep that began first
        if (weighted) weights.set(bestWeights(observedOverlaps(normals, factors[mode]), factors[mode], rows));
        const last = columns(factors[mode]);
        inner = innerProduct(last, rows);
        squares = observedSquares(normals, last);
      }
      const relativeError = relativeErrorOf(norm, { inner, ...squares, imputes: false }, () =>
        dimensionTree(observed, rank).residual(factors, weights),
      );
      return { factors, weights, relativeError, singular };
    },
  };
}

/** x with another number where an entry is missing. */
export function filled({ shape, data }: Tensor, mask: Tensor, value: number): Tensor {
  const out = data.slice();
  for (let i = 0; i < out.length; i++) if (mask.data[i] === 0) out[i] = value;
  return { shape, data: out };
}

/** The mean of the observed entries; 0 where there are none. */
export function meanOf({ data }: Tensor, mask: Tensor): number {
  let sum = 0,
    count = 0;
  for (let i = 0; i < data.length; i++)
    if (mask.data[i] !== 0) {
      sum += data[i];
      count++;
    }
  return count === 0 ? 0 : sum / count;
}

/** The squares of the model and of its components over the observed entries: `sum_i f_i' N_i f_i`. */
function observedSquares(normals: readonly Matrix[], factor: Matrix) {
  const image: Matrix = { shape: factor.shape, data: rowsTimes(factor, normals) };
  return { ...squaresOf(observedOverlaps(normals, factor)), modelSquared: innerProduct(factor, image) };
}

/** The inner products of components over the observed entries: `sum_i f_i f_i' * N_i`. */
function observedOverlaps(normals: readonly Matrix[], { shape: [count, rank], data }: Matrix): Matrix {
  const overlaps = zeros([rank, rank]);
  for (let i = 0; i < count; i++)
    for (let r = 0; r < rank; r++)
      for (let s = 0; s < rank; s++)
        overlaps.data[r * rank + s] += data[i * rank + r] * normals[i].data[r * rank + s] * data[i * rank + s];
  return overlaps;
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

/** The symmetric matrices `N_i` (rank × rank) from rows of such sums. */
function unpacked({ shape: [rows, pairs], data }: Matrix, rank: number): Matrix[] {
  return Array.from({ length: rows }, (_, row) => {
    const out = new Float64Array(rank * rank);
    for (let r = 0, from = row * pairs; r < rank; r++)
      for (let s = r; s < rank; s++, from++) out[r * rank + s] = out[s * rank + r] = data[from];
    return { shape: [rank, rank], data: out };
  });
}
