import { checkFinite, checkTensor, type Matrix, transpose } from "../tensor";
import { bidiagonalize, leftRows, rightRows } from "./bidiagonal";
import { diagonalize } from "./bidiagonal-qr";
import { jacobiSvd } from "./jacobi-svd";
import { reducedRows } from "./reduced-rows";
import { decreasing, selectRows, type SingularRows } from "./singular-rows";
import { unitScaled } from "./unit-scale";

/**
 * A thin singular value decomposition, `m = u diag(singularValues) v'`, with as many columns as the smaller size of m.
 */
export interface Svd {
  /** (rows × smaller size), orthonormal columns */
  readonly u: Matrix;
  /** largest first */
  readonly singularValues: readonly number[];
  /** (columns × smaller size), orthonormal columns */
  readonly v: Matrix;
}

/**
 * The thin singular value decomposition: Householder bidiagonalization and implicit QR sweeps that keep small singular
 * values, bounded in number; where they did not settle, one-sided Jacobi. Columns of u and v are orthonormal at any
 * rank.
 *
 * @throws {@link LtrnnError} when an entry is not finite, or a singular value leaves the range of doubles
 * @remarks O(rows · columns · smaller size). {@link singularValues} alone are several times cheaper. Errors are about
 * 1e-15 of the largest singular value. The matrix is scaled by a power of two inside, so that entries from 1e-300 to
 * 1e300 give the digits of entries near 1.
 * @see Golub & Van Loan (2013), Matrix Computations, section 8.6; Demmel & Kahan (1990), SIAM J. Sci. Stat. Comput. 11
 * @example svd(tensor([1, 2], [3, 4])).singularValues // [5], up to rounding
 */
export function svd(m: Matrix): Svd {
  return svdFor("svd", m);
}

/** {@link svd} on behalf of `where`. */
export function svdFor(where: string, m: Matrix): Svd {
  checkTensor(where, "m", m, 2);
  checkFinite(where, "m", m);
  const [rows, columns] = m.shape;
  if (rows < columns) {
    const { u, v, singularValues } = svdFor(where, transpose(m));
    return { u: v, singularValues, v: u };
  }
  const { data, back } = unitScaled(where, m);
  const { values, left, right } = tallSvd(where, data, rows, columns);
  return {
    u: transpose({ shape: [columns, rows], data: left }),
    singularValues: Array.from(values, back),
    v: transpose({ shape: [columns, columns], data: right }),
  };
}

/** Singular values, decreasing, and vectors as rows, of a matrix no wider than tall; `data` is overwritten. */
function tallSvd(where: string, data: Float64Array, rows: number, columns: number): SingularRows {
  const kept = data.slice(),
    reduced = bidiagonalize(data, rows, columns),
    { d, e } = reduced;
  const left = leftRows(reduced),
    right = rightRows(reduced);
  const settled = diagonalize(d, e, { data: left, width: rows }, { data: right, width: columns });
  if (!settled) return jacobiSvd(where, kept, rows, columns);
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
 * Singular values, largest first. Where one size is much larger, the matrix is first reduced by Householder QR, block
 * by block, never to its Gram matrix: that would square the condition, and drown what is below 1e-8 of the largest.
 *
 * @throws {@link LtrnnError} as {@link svd}
 * @remarks O(rows · columns · smaller size).
 * @see Demmel, Grigori, Hoemmen & Langou (2012), Communication-optimal parallel and sequential QR, SIAM J. Sci. Comput.
 * 34: the blocks
 * @example singularValues(tensor([2, 2], [2, 0, 0, 1])) // [2, 1]
 */
export function singularValues(m: Matrix): readonly number[] {
  return singularValuesFor("singularValues", "m", m);
}

/** {@link singularValues} of a matrix of this name, on behalf of `where`. */
export function singularValuesFor(where: string, name: string, m: Matrix): readonly number[] {
  checkTensor(where, name, m, 2);
  checkFinite(where, name, m);
  const tall = m.shape[0] >= m.shape[1] ? m : transpose(m),
    columns = tall.shape[1];
  const { data, back } = unitScaled(where, tall),
    { shape, data: small } = reducedRows({ shape: tall.shape, data });
  const kept = small.slice(),
    { d, e } = bidiagonalize(small, shape[0], columns);
  const values = diagonalize(d, e)
    ? d.map(Math.abs).sort().reverse()
    : jacobiSvd(where, kept, shape[0], columns).values;
  return Array.from(values, back);
}
