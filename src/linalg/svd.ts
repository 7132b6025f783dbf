import { QrDecomposition } from "ml-matrix";
import { checkFinite, checkTensor, type Matrix, transpose, zeros } from "../tensor";
import { bidiagonalize, leftRows, rightRows } from "./bidiagonal";
import { diagonalize } from "./bidiagonal-qr";
import { fromMl, toMl } from "./bridge";
import { jacobiSvd } from "./jacobi-svd";
import { decreasing, selectRows, type SingularRows } from "./singular-rows";
import { unitScaled } from "./unit-scale";

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
 * The thin singular value decomposition: Householder bidiagonalization and implicit QR sweeps that keep small singular values, bounded in number; where they
 * did not settle, one-sided Jacobi. Columns of u and v are orthonormal at any rank.
 *
 * @throws {@link LtrnnError} when an entry is not finite, or a singular value leaves the range of doubles
 * @remarks O(rows · columns · smaller size). {@link singularValues} alone are several times cheaper. Errors are about 1e-15 of the largest singular value. The
 * matrix is scaled by a power of two inside, so that entries from 1e-300 to 1e300 give the digits of entries near 1.
 * @see Golub & Van Loan (2013), Matrix Computations, section 8.6; Demmel & Kahan (1990), SIAM J. Sci. Stat. Comput. 11
 * @example svd(tensor([1, 2], [3, 4])).singularValues // [5], up to rounding
 */
export function svd(m: Matrix): Svd {
  checkTensor("svd", "m", m, 2);
  checkFinite("svd", "m", m);
  const [rows, columns] = m.shape;
  if (rows < columns) {
    const { u, v, singularValues } = svd(transpose(m));
    return { u: v, singularValues, v: u };
  }
  const { data, back } = unitScaled("svd", m);
  const { values, left, right } = tallSvd(data, rows, columns);
  return {
    u: transpose({ shape: [columns, rows], data: left }),
    singularValues: Array.from(values, back),
    v: transpose({ shape: [columns, columns], data: right }),
  };
}

/** Singular values, decreasing, and vectors as rows, of a matrix no wider than tall; `data` is overwritten. */
function tallSvd(data: Float64Array, rows: number, columns: number): SingularRows {
  const kept = data.slice(),
    reduced = bidiagonalize(data, rows, columns),
    { d, e } = reduced;
  const left = leftRows(reduced),
    right = rightRows(reduced);
  const settled = diagonalize(d, e, { data: left, width: rows }, { data: right, width: columns });
  if (!settled) return jacobiSvd(kept, rows, columns);
  d.forEach((value, k) => {
    if (value >= 0) return;
    d[k] = -value;
    for (let j = 0; j < columns; j++) right[k * columns + j] = -right[k * columns + j];
  });
  const order = decreasing(d);
  return {
    values: d.map((_, k) => d[order[k]]),
    left: selectRows(left, order, rows),
    right: selectRows(right, order, columns),
  };
}

/**
 * Singular values, largest first. Where one size is much larger, the matrix is first reduced by Householder QR, block by block, never to its Gram matrix:
 * that would square the condition, and drown what is below 1e-8 of the largest.
 *
 * @throws {@link LtrnnError} as {@link svd}
 * @remarks O(rows · columns · smaller size).
 * @see Demmel, Grigori, Hoemmen & Langou (2012), Communication-optimal parallel and sequential QR, SIAM J. Sci. Comput. 34: the blocks
 * @example singularValues(tensor([2, 2], [2, 0, 0, 1])) // [2, 1]
 */
export function singularValues(m: Matrix): readonly number[] {
  const where = "singularValues";
  checkTensor(where, "m", m, 2);
  checkFinite(where, "m", m);
  const tall = m.shape[0] >= m.shape[1] ? m : transpose(m),
    columns = tall.shape[1];
  const { data, back } = unitScaled(where, tall),
    { shape, data: small } = reduced({ shape: tall.shape, data });
  const kept = small.slice(),
    { d, e } = bidiagonalize(small, shape[0], columns);
  const values = diagonalize(d, e) ? d.map(Math.abs).sort().reverse() : jacobiSvd(kept, shape[0], columns).values;
  return Array.from(values, back);
}

/** A matrix with the same singular values and at most twice as many rows as columns: R of the QR of blocks, each below the R of those before. */
function reduced(m: Matrix): Matrix {
  const [rows, n] = m.shape;
  if (rows <= 2 * n || n === 0) return m;
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
