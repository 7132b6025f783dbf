import { QrDecomposition, SVD } from "ml-matrix";
import { checkFinite, checkTensor, transpose, zeros, type Matrix } from "../tensor";
import { fromMl, toMl } from "./bridge";

/** A thin singular value decomposition, `m = u diag(singularValues) v'`, with as many columns as the smaller size of m. */
export interface Svd {
  /** (rows × smaller size), orthonormal columns */
  readonly u: Matrix;
  /** largest first */
  readonly singularValues: readonly number[];
  /** (columns × smaller size), orthonormal columns */
  readonly v: Matrix;
}

/**
 * The thin singular value decomposition of a small matrix, by ml-matrix, which is handed tall ones only.
 *
 * @throws {@link LtrnnError} when an entry is not finite
 * @remarks O(rows · columns · smaller size); 2 s at 500 × 500. {@link singularValues} alone are cheaper where one size is far larger.
 * @see Golub & Van Loan (2013), Matrix Computations, section 8.6
 * @example svd(tensor([1, 2], [3, 4])).singularValues // [5]
 */
export function svd(m: Matrix): Svd {
  checkTensor("svd", "m", m, 2);
  const [rows, columns] = m.shape;
  if (rows < columns) {
    const { u, singularValues, v } = svd(transpose(m));
    return { u: v, singularValues, v: u };
  }
  if (columns === 0) return { u: zeros([rows, 0]), singularValues: [], v: zeros([0, 0]) };
  const { leftSingularVectors, diagonal, rightSingularVectors } = new SVD(toMl("svd", "m", m));
  return { u: fromMl(leftSingularVectors), singularValues: diagonal, v: fromMl(rightSingularVectors) };
}

/**
 * Singular values, largest first. Where one size is much larger, the matrix is first reduced by Householder QR, block by block, never to its Gram matrix:
 * that would square the condition, and drown what is below 1e-8 of the largest.
 *
 * @throws {@link LtrnnError} when an entry is not finite
 * @remarks O(rows · columns · smaller size).
 * @see Demmel, Grigori, Hoemmen & Langou (2012), Communication-optimal parallel and sequential QR, SIAM J. Sci. Comput. 34: the blocks
 * @example singularValues(tensor([2, 2], [2, 0, 0, 1])) // [2, 1]
 */
export function singularValues(m: Matrix): readonly number[] {
  checkTensor("singularValues", "m", m, 2);
  checkFinite("singularValues", "m", m);
  const tall = m.shape[0] >= m.shape[1] ? m : transpose(m);
  if (tall.shape[1] === 0) return [];
  return new SVD(toMl("singularValues", "m", reduced(tall)), {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
  }).diagonal;
}

/** A matrix with the same singular values and at most twice as many rows as columns: R of the QR of blocks, each below the R of those before. */
function reduced(m: Matrix): Matrix {
  const [rows, n] = m.shape;
  if (rows <= 2 * n) return m;
  const height = Math.max(3 * n, 64); // R and twice as many new rows
  let r = zeros([0, n]) as Matrix;
  for (let first = 0; first < rows; ) {
    const fresh = Math.min(height - r.shape[0], rows - first);
    const block = zeros([r.shape[0] + fresh, n]);
    block.data.set(r.data);
    block.data.set(m.data.subarray(first * n, (first + fresh) * n), r.data.length);
    first += fresh;
    r =
      block.shape[0] < n
        ? block
        : fromMl(new QrDecomposition(toMl("singularValues", "m", block)).upperTriangularMatrix);
  }
  return r;
}
