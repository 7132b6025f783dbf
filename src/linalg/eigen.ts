import { fail } from "../base";
import { type Matrix, transpose } from "../tensor";
import { checkSquare } from "./check-square";
import { rootsOf, type Root, type Schur, schurOf } from "./schur";
import { schurVectors } from "./schur-vectors";
import { unitScaled } from "./unit-scale";

/** Eigenvalues, from the largest real part on; a complex pair is two neighbors, positive imaginary part first. */
export interface Eigenvalues {
  readonly real: readonly number[];
  readonly imaginary: readonly number[];
}

/** Eigenvalues and eigenvectors of a square matrix. Plain data. */
export interface Eigen extends Eigenvalues {
  /**
   * (n × n), columns in the order of the values, of length 1; of a complex pair the two columns p, q are the real and
   * the imaginary part of the vector of the first, p + i q, and p - i q is that of the second
   */
  readonly vectors: Matrix;
}

/**
 * Eigenvalues of a square matrix that need not be symmetric: balancing, Householder reduction to Hessenberg form, and
 * Francis's double-shift QR steps, bounded in number.
 *
 * @throws {@link LtrnnError} when the matrix is not square, an entry is not finite, or eigenvalues did not settle,
 * which no known matrix makes happen
 * @remarks O(n³), about 10 n³ operations. They are those of a matrix that differs by rounding, about n 2^-52 of its
 * size once it is balanced: a k-fold defective eigenvalue moves by the k-th root of that.
 * @see Golub & Van Loan (2013), Matrix Computations, sections 7.4 and 7.5
 * @example eigenvalues(tensor([2, 2], [0, 1, -1, 0])).imaginary // [1, -1]
 */
export function eigenvalues(m: Matrix): Eigenvalues {
  const { values } = decomposed("eigenvalues", m, false);
  return values;
}

/**
 * Eigenvalues and eigenvectors of a square matrix that need not be symmetric, as {@link eigenvalues}, vectors by back
 * substitution.
 *
 * @throws {@link LtrnnError} as {@link eigenvalues}
 * @remarks O(n³), about 25 n³ operations. Every column satisfies `m v = lambda v` to rounding; where m is defective,
 * some are nearly parallel.
 * @see Golub & Van Loan (2013), Matrix Computations, section 7.6
 * @example eigen(tensor([2, 2], [2, 1, 0, 1])).real // [2, 1]
 */
export function eigen(m: Matrix): Eigen {
  const { values, schur, roots } = decomposed("eigen", m, true);
  return { ...values, vectors: columnsOf(schurVectors(schur, roots, "right"), schur.n) };
}

/** {@link eigen}, with left eigenvectors: columns w of the same order, `w' m = lambda w'`, a pair as in vectors. */
export function twoSidedEigen(where: string, m: Matrix): Eigen & { readonly left: Matrix } {
  const { values, schur, roots } = decomposed(where, m, true);
  return {
    ...values,
    vectors: columnsOf(schurVectors(schur, roots, "right"), schur.n),
    left: columnsOf(schurVectors(schur, roots, "left"), schur.n),
  };
}

const columnsOf = (rows: Float64Array, n: number): Matrix => transpose({ shape: [n, n], data: rows });

function decomposed(
  where: string,
  m: Matrix,
  vectors: boolean,
): { readonly values: Eigenvalues; readonly schur: Schur; readonly roots: readonly Root[] } {
  checkSquare(where, "m", m);
  const { data, back } = unitScaled(where, m),
    schur = schurOf(data, m.shape[0], vectors);
  if (!schur)
    return fail(where, {
      expected: "eigenvalues that settle within 30 steps each",
      got: "some that do not",
      fix: "Add a perturbation of the size of rounding to the matrix.",
    });
  const roots = rootsOf(schur),
    real: number[] = [],
    imaginary: number[] = [];
  for (const root of roots) {
    const x = back(root.real),
      y = back(root.imaginary);
    real.push(x);
    imaginary.push(y);
    if (y === 0 && root.imaginary === 0) continue;
    real.push(x);
    imaginary.push(-y);
  }
  return { values: { real, imaginary }, schur, roots };
}
