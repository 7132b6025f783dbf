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
  const gUnit = unitScaled(where, g),
    rhsUnit = unitScaled(where, rhs);
  const scaledG: Matrix = { shape: g.shape, data: gUnit.data },
    scaledRhs: Matrix = { shape: rhs.shape, data: rhsUnit.data };
  const regular = byCholesky(scaledG, scaledRhs),
    { shape, data } = regular ?? byPseudoInverse(where, scaledG, scaledRhs);
  scaleAll(data, rhsUnit.exponent - gUnit.exponent);
  return { x: { shape, data }, singular: regular === undefined };
}

/**
 * Scaled to a unit diagonal first, so that components of very different size do not look singular; undefined where g
 * is.
 */
function byCholesky(g: Matrix, rhs: Matrix): Matrix | undefined {
  const [n, columns] = rhs.shape;
  const scale = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(g.data[i * n + i] || 1)),
    unit = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) unit[i * n + j] = g.data[i * n + j] * scale[i] * scale[j];
  const factor = lowerFactor({ shape: g.shape, data: unit });
  if (!factor) return undefined;
  const l = factor.data;
  // the square of a pivot is at least the inverse of the condition number
  for (let i = 0; i < n; i++) if (!(l[i * n + i] * l[i * n + i] > 64 * n * Number.EPSILON)) return undefined;
  const x = rhs.data.slice();
  const multiply = (i: number, by: number) => {
    for (let to = i * columns, end = to + columns; to < end; to++) x[to] *= by;
  };
  const divide = (i: number, by: number) => {
    for (let to = i * columns, end = to + columns; to < end; to++) x[to] /= by;
  };
  /** `x_i -= weight x_k` for rows of x. */
  const subtract = (i: number, k: number, weight: number) => {
    for (let c = 0, to = i * columns, from = k * columns; c < columns; c++, to++, from++) x[to] -= weight * x[from];
  };
  for (let i = 0; i < n; i++) {
    multiply(i, scale[i]);
    for (let k = 0; k < i; k++) subtract(i, k, l[i * n + k]);
    divide(i, l[i * n + i]);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtract(i, k, l[k * n + i]);
    divide(i, l[i * n + i]);
  }
  for (let i = 0; i < n; i++) multiply(i, scale[i]);
  return { shape: rhs.shape, data: x };
}

/** Eigenvalues up to n 2^-52 of the largest count as zero. */
function byPseudoInverse(where: string, g: Matrix, rhs: Matrix): Matrix {
  const [n, columns] = rhs.shape,
    { values, vectors } = symmetricEigenFor(where, "g", g);
  const cut = values[0] * n * Number.EPSILON;
  const projected = matmul(transpose(vectors), rhs);
  return matmul(vectors, {
    shape: rhs.shape,
    data: projected.data.map((entry, i) => {
      const value = values[Math.floor(i / columns)];
      return value > cut ? entry / value : 0;
    }),
  });
}
