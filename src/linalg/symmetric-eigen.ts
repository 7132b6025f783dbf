import { lengthOf, type Matrix, transpose } from "../tensor";
import { checkSquare } from "./check-square";
import { jacobiSvd } from "./jacobi-svd";
import { rotateRows } from "./rotate";
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
 * Eigenvalues, largest first, and orthonormal eigenvectors (columns) of a symmetric matrix, by Householder
 * tridiagonalization and implicit QL sweeps, bounded in number; where they did not settle, by one-sided Jacobi. The
 * symmetric part is what is decomposed: the two triangles are averaged.
 *
 * @throws {@link LtrnnError} when the matrix is not square or an entry is not finite
 * @remarks O(n³). The matrix is scaled by a power of two inside. Errors are about 1e-15 of the largest eigenvalue in
 * size.
 * @see Golub & Van Loan (2013), Matrix Computations, section 8.3
 * @example symmetricEigen(tensor([2, 2], [1, 0, 0, 3])).values // [3, 1]
 */
export function symmetricEigen(m: Matrix): SymmetricEigen {
  return symmetricEigenFor("symmetricEigen", "m", m);
}

/** {@link symmetricEigen} of a matrix of this name, on behalf of `where`. */
export function symmetricEigenFor(where: string, name: string, m: Matrix): SymmetricEigen {
  checkSquare(where, name, m);
  const n = m.shape[0],
    { data, back } = unitScaled(where, m);
  averageTriangles(data, n);
  const reduced = tridiagonalize(data.slice(), n);
  const { values, rows } = diagonalizeTridiagonal(reduced, (i, c, s) => rotateRows(reduced.rows, i + 1, i, n, c, s))
    ? { values: reduced.d, rows: reduced.rows }
    : byJacobi(where, data, n);
  const order = decreasing(values);
  return {
    values: order.map((k) => back(values[k])),
    vectors: transpose({ shape: [n, n], data: selectRows(rows, order, n) }),
  };
}

/** Both triangles of a matrix become those of its symmetric part. */
export function averageTriangles(data: Float64Array, n: number): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const mean = (data[i * n + j] + data[j * n + i]) / 2;
      data[i * n + j] = mean;
      data[j * n + i] = mean;
    }
}

/**
 * The matrix plus a multiple of the identity that makes it positive definite has singular values in place of
 * eigenvalues.
 */
export function byJacobi(
  where: string,
  a: Float64Array,
  n: number,
): { readonly values: Float64Array; readonly rows: Float64Array } {
  const shift = 2 * lengthOf(a);
  const { values, right } = jacobiSvd(
    where,
    a.map((x, i) => (i % (n + 1) === 0 ? x + shift : x)),
    n,
    n,
  );
  return { values: values.map((value) => value - shift), rows: right };
}
