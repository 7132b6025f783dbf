import { fail } from "../base";
import { checkFinite, checkTensor, matmul, type Matrix, shapeText, transpose } from "../tensor";
import { checkSquare } from "./check-square";
import { lowerFactor } from "./cholesky";
import { symmetricEigenFor } from "./symmetric-eigen";
import { scaleAll, unitScaled } from "./unit-scale";

/** A solution of a symmetric system, and whether the matrix had to be pseudo-inverted. */
export interface SymmetricSolution {
  readonly x: Matrix;
  /** true where the matrix is singular to rounding: x is then the least-squares solution of least norm */
  readonly singular: boolean;
}

/**
 * Solve `g x = rhs` for a symmetric positive semidefinite g, such as the normal equations of least squares: by
 * Cholesky, or by the pseudo-inverse where g is singular to rounding, which is then said.
 *
 * @param rhs - (n × columns)
 * @throws {@link LtrnnError} when sizes differ or an entry is not finite
 * @example solveSymmetric(tensor([1, 1], [2]), tensor([1, 1], [6])).x.data // Float64Array [3], up to rounding
 */
export function solveSymmetric(g: Matrix, rhs: Matrix): SymmetricSolution {
  const where = "solveSymmetric";
  checkSquare(where, "g", g);
  checkTensor(where, "rhs", rhs, 2);
  if (rhs.shape[0] !== g.shape[0])
    fail(where, {
      expected: `rhs of ${g.shape[0]} rows, as g`,
      got: shapeText(rhs.shape),
      fix: "Pass one row of rhs for every row of g.",
    });
  checkFinite(where, "rhs", rhs);
  const { x, singular } = solveRows(g, transpose(rhs));
  return { x: transpose(x), singular };
}

/** Solve `x g = rows` for every row (rows × n), as {@link solveSymmetric} does for columns. */
export function solveRows(g: Matrix, rows: Matrix): SymmetricSolution {
  const where = "solveSymmetric";
  checkSquare(where, "g", g);
  checkFinite(where, "rhs", rows);
  const gUnit = unitScaled(where, g),
    { data, exponent } = unitScaled(where, rows),
    scaledG: Matrix = { shape: g.shape, data: gUnit.data },
    scaledRows: Matrix = { shape: rows.shape, data };
  const regular = byCholesky(scaledG, data),
    x = regular ? scaledRows : byPseudoInverse(where, scaledG, scaledRows);
  scaleAll(x.data, exponent - gUnit.exponent);
  return { x, singular: !regular };
}

/**
 * Solves for rows in their place, unless g is singular. It is scaled to a unit diagonal first, so that components of
 * very different size do not look so.
 *
 * @returns whether g is regular
 */
function byCholesky(g: Matrix, x: Float64Array): boolean {
  const n = g.shape[0],
    scale = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(g.data[i * n + i] || 1)),
    unit = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) unit[i * n + j] = g.data[i * n + j] * scale[i] * scale[j];
  const factor = lowerFactor({ shape: g.shape, data: unit });
  if (!factor) return false;
  const l = factor.data;
  // the square of a pivot is at least the inverse of the condition number
  for (let i = 0; i < n; i++) if (!(l[i * n + i] * l[i * n + i] > 64 * n * Number.EPSILON)) return false;
  for (let at = 0; at < x.length; at += n) {
    for (let i = 0; i < n; i++) {
      let value = x[at + i] * scale[i];
      for (let k = 0; k < i; k++) value -= l[i * n + k] * x[at + k];
      x[at + i] = value / l[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      let value = x[at + i];
      for (let k = i + 1; k < n; k++) value -= l[k * n + i] * x[at + k];
      x[at + i] = value / l[i * n + i];
    }
    for (let i = 0; i < n; i++) x[at + i] *= scale[i];
  }
  return true;
}

/** Eigenvalues up to n 2^-52 of the largest count as zero. */
function byPseudoInverse(where: string, g: Matrix, rows: Matrix): Matrix {
  const n = g.shape[0],
    { values, vectors } = symmetricEigenFor(where, "g", g),
    cut = values[0] * n * Number.EPSILON,
    { shape, data } = matmul(rows, vectors);
  const divided = data.map((entry, i) => (values[i % n] > cut ? entry / values[i % n] : 0));
  return matmul({ shape, data: divided }, transpose(vectors));
}
