import { CholeskyDecomposition } from "ml-matrix";
import { fail } from "../base";
import { checkTensor, matmul, transpose, type Matrix, checkFinite, norm } from "../tensor";
import { fromMl, toMl } from "./bridge";
import { jacobiSvd } from "./jacobi-svd";
import { decreasing, selectRows } from "./singular-rows";
import { diagonalizeTridiagonal, tridiagonalize } from "./tridiagonal";
import { unitScaled } from "./unit-scale";

/** Eigenvalues and eigenvectors of a symmetric matrix. Plain data. */
export interface SymmetricEigen {
  /** largest first */
  readonly values: readonly number[];
  /** (n × n), orthonormal columns in the order of the values */
  readonly vectors: Matrix;
}

/**
 * Eigenvalues, largest first, and orthonormal eigenvectors (columns) of a symmetric matrix, by Householder tridiagonalization and implicit QL sweeps, bounded in
 * number; where they did not settle, by one-sided Jacobi. The symmetric part is what is decomposed: the two triangles are averaged.
 *
 * @throws {@link LtrnnError} when the matrix is not square or an entry is not finite
 * @remarks O(n³). The matrix is scaled by a power of two inside. Errors are about 1e-15 of the largest eigenvalue in size.
 * @see Golub & Van Loan (2013), Matrix Computations, section 8.3
 * @example symmetricEigen(tensor([2, 2], [1, 0, 0, 3])).values // [3, 1]
 */
export function symmetricEigen(m: Matrix): SymmetricEigen {
  const where = "symmetricEigen";
  checkSquare(where, m);
  checkFinite(where, "m", m);
  const n = m.shape[0],
    { data, back } = unitScaled(where, m);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) data[i * n + j] = data[j * n + i] = (data[i * n + j] + data[j * n + i]) / 2;
  const reduced = tridiagonalize(data.slice(), n);
  const { values, rows } = diagonalizeTridiagonal(reduced)
    ? { values: reduced.d, rows: reduced.rows }
    : byJacobi(data, n);
  const order = decreasing(values);
  return {
    values: order.map((k) => back(values[k])),
    vectors: transpose({ shape: [n, n], data: selectRows(rows, order, n) }),
  };
}

/** The matrix plus a multiple of the identity that makes it positive definite has singular values in place of eigenvalues. */
function byJacobi(a: Float64Array, n: number): { readonly values: Float64Array; readonly rows: Float64Array } {
  const shift = 2 * norm({ shape: [n, n], data: a });
  const { values, right } = jacobiSvd(
    a.map((x, i) => (i % (n + 1) === 0 ? x + shift : x)),
    n,
    n,
  );
  return { values: values.map((value) => value - shift), rows: right };
}

/**
 * The Cholesky factor L of a positive definite matrix, lower triangular with `L L' = m`.
 *
 * @throws {@link LtrnnError} when the matrix is not square, not finite or not positive definite
 * @example cholesky(tensor([2, 2], [4, 2, 2, 2])).data // Float64Array [2, 0, 1, 1]
 */
export function cholesky(m: Matrix): Matrix {
  checkSquare("cholesky", m);
  const decomposition = lowerFactor("cholesky", m);
  if (!decomposition.isPositiveDefinite())
    fail("cholesky", {
      expected: "a positive definite matrix",
      got: "one that is not, to rounding",
      fix: "Add a small multiple of the identity to its diagonal.",
    });
  return fromMl(decomposition.lowerTriangularMatrix);
}

/** A solution of a symmetric system, and whether the matrix had to be pseudo-inverted. */
export interface SymmetricSolution {
  readonly x: Matrix;
  /** true where the matrix is singular to rounding: x is then the least-squares solution of least norm */
  readonly singular: boolean;
}

/**
 * Solve `g x = rhs` for a symmetric positive semidefinite g, such as the normal equations of least squares: by Cholesky, or by the pseudo-inverse where g is
 * singular to rounding, which is then said.
 *
 * @param rhs - (n × columns)
 * @throws {@link LtrnnError} when sizes differ or an entry is not finite
 * @example solveSymmetric(tensor([1, 1], [2]), tensor([1, 1], [6])).x.data // Float64Array [3], up to rounding
 */
export function solveSymmetric(g: Matrix, rhs: Matrix): SymmetricSolution {
  checkSquare("solveSymmetric", g);
  const n = g.shape[0];
  if (rhs.shape[0] !== n)
    fail("solveSymmetric", {
      expected: `rhs of ${n} rows`,
      got: `(${rhs.shape.join(" × ")})`,
      fix: "Make the two agree.",
    });
  // scaled to a unit diagonal, so that components of very different size do not look singular
  const scale = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(g.data[i * n + i] || 1));
  const scaleRows = (x: Matrix): Matrix => ({
    shape: x.shape,
    data: x.data.map((value, at) => value * scale[Math.floor(at / x.shape[1])]),
  });
  const decomposition = lowerFactor("solveSymmetric", {
    shape: g.shape,
    data: g.data.map((x, at) => x * scale[Math.floor(at / n)] * scale[at % n]),
  });
  const l = decomposition.lowerTriangularMatrix;
  // a pivot, squared, is at least the inverse of the condition number
  const safe =
    decomposition.isPositiveDefinite() &&
    Array.from({ length: n }, (_, i) => l.get(i, i)).every((pivot) => pivot * pivot > 64 * n * Number.EPSILON);
  if (safe)
    return {
      x: scaleRows(fromMl(decomposition.solve(toMl("solveSymmetric", "rhs", scaleRows(rhs))))),
      singular: false,
    };
  const { values, vectors } = symmetricEigen(g);
  const cut = values[0] * n * Number.EPSILON;
  const inverse = values.map((value) => (value > cut ? 1 / value : 0));
  const projected = matmul(transpose(vectors), rhs);
  return {
    x: matmul(vectors, {
      shape: rhs.shape,
      data: projected.data.map((x, at) => x * inverse[Math.floor(at / rhs.shape[1])]),
    }),
    singular: true,
  };
}

function checkSquare(where: string, m: Matrix): void {
  checkTensor(where, "the matrix", m, 2);
  if (m.shape[0] !== m.shape[1])
    fail(where, {
      expected: "a square matrix",
      got: `(${m.shape.join(" × ")})`,
      fix: "Pass one with as many rows as columns.",
    });
}

/** ml-matrix's factorization of the matrix whose lower triangle is that of m: it wants symmetry to the last bit. */
function lowerFactor(where: string, m: Matrix): CholeskyDecomposition {
  const n = m.shape[0];
  const mirrored: Matrix = {
    shape: m.shape,
    data: m.data.map((x, at) => (at % n > Math.floor(at / n) ? m.data[(at % n) * n + Math.floor(at / n)] : x)),
  };
  return new CholeskyDecomposition(toMl(where, "the matrix", mirrored));
}
