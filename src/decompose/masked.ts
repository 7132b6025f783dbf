import { fail } from "../base";
import type { Matrix, Tensor } from "../tensor";
import { dot, settledError, type Alternation, type Demands } from "./alternation";
import { solveFactor } from "./normal-equations";
import { twoPasses } from "./sweep";

/**
 * Exact least squares over the observed entries: each row of a factor has normal equations of its own, `N_i = sum over observed (j, k) of w w'` with
 * `w = b_j * c_k`. These are an MTTKRP too, of the mask, with factors whose columns are the products of every two components, so they come by the same two passes.
 *
 * @see Tomasi & Bro (2005), PARAFAC and missing values, Chemometrics and Intelligent Laboratory Systems 75
 */
export function maskedLeastSquares(x: Tensor, mask: Tensor, rank: number, { ridge, fixed = [] }: Demands): Alternation {
  const zeroed = x.data.slice(),
    seen = x.data.slice(); // what is missing: 0 for sums over entries, NaN for residuals
  for (let at = 0; at < zeroed.length; at++) if (mask.data[at] === 0) [zeroed[at], seen[at]] = [0, NaN];
  const observed: Tensor = { shape: x.shape, data: zeroed };
  const pairs = (rank * (rank + 1)) / 2,
    ofX = twoPasses(observed, rank),
    ofMask = twoPasses(mask, pairs),
    size = Math.sqrt(squaredNorm(zeroed));
  let inner = 0,
    modelSquared = 0,
    componentsSquared = 0;
  return {
    size,
    imputes: false,
    sweep(factors) {
      const products = factors.map(pairColumns),
        ofNormals = ofMask.sweep(products);
      let singular = false;
      for (const { mode, products: rows } of ofX.sweep(factors)) {
        const normals = ofNormals.next().value.products as Matrix,
          count = factors[mode].shape[0],
          next = new Float64Array(count * rank);
        modelSquared = componentsSquared = 0;
        for (let i = 0; i < count; i++) {
          const normal = unpaired(normals.data.subarray(i * pairs, (i + 1) * pairs), rank);
          const { factor, singular: lost } = fixed.includes(mode)
            ? { factor: { data: factors[mode].data.subarray(i * rank, (i + 1) * rank) }, singular: false }
            : solveFactor(normal, { shape: [1, rank], data: rows.data.subarray(i * rank, (i + 1) * rank) }, ridge);
          singular ||= lost;
          next.set(factor.data, i * rank);
          for (let r = 0; r < rank; r++) {
            componentsSquared += factor.data[r] * normal.data[r * rank + r] * factor.data[r];
            for (let s = 0; s < rank; s++) modelSquared += factor.data[r] * normal.data[r * rank + s] * factor.data[s];
          }
        }
        if (!fixed.includes(mode)) factors[mode] = { shape: [count, rank], data: next };
        products[mode] = pairColumns(factors[mode]);
        inner = dot(factors[mode], rows);
      }
      return singular;
    },
    relativeError: (factors) =>
      size === 0
        ? 0
        : settledError(size, inner, modelSquared, componentsSquared, () =>
            Math.sqrt(twoPasses({ shape: x.shape, data: seen }, rank).residual(factors)),
          ),
  };
}

function squaredNorm(data: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < data.length; at++) sum += data[at] * data[at];
  return sum;
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

/** The symmetric matrix of such sums. */
function unpaired(sums: Float64Array, rank: number): Matrix {
  const out = new Float64Array(rank * rank);
  for (let r = 0, at = 0; r < rank; r++)
    for (let s = r; s < rank; s++, at++) out[r * rank + s] = out[s * rank + r] = sums[at];
  return { shape: [rank, rank], data: out };
}

/** Refuse a mask that hides the whole of a slice: no least squares has anything to say about its row. */
export function checkObserved(where: string, { shape, data }: Tensor): void {
  const seen = shape.map((size) => new Uint8Array(size)),
    last = shape.length - 1,
    row = shape[last];
  for (let from = 0, line = 0; from < data.length; from += row, line++) {
    let observed = 0;
    for (let j = 0; j < row; j++) if (data[from + j] !== 0) observed = seen[last][j] = 1;
    if (observed > 0)
      for (let mode = last - 1, rest = line; mode >= 0; rest = Math.floor(rest / shape[mode]), mode--)
        seen[mode][rest % shape[mode]] = 1;
  }
  seen.forEach((rows, mode) => {
    const empty = rows.indexOf(0);
    if (empty >= 0)
      fail(where, {
        expected: "an observed entry in every slice",
        got: `a mask of zeros at index ${empty} of mode ${mode}`,
        fix: "Leave that slice out of the tensor.",
      });
  });
}
