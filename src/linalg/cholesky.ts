import { fail } from "../base";
import { type Matrix, zeros } from "../tensor";
import { checkSquare } from "./check-square";

/**
 * The Cholesky factor L of a positive definite matrix, lower triangular with `L L' = m`; only the lower triangle of m
 * is read.
 *
 * @throws {@link LtrnnError} when the matrix is not square, not finite or not positive definite
 * @see Golub & Van Loan (2013), Matrix Computations, section 4.2
 * @example cholesky(tensor([2, 2], [4, 2, 2, 2])).data // Float64Array [2, 0, 1, 1]
 */
export function cholesky(m: Matrix): Matrix {
  checkSquare("cholesky", "m", m);
  return (
    lowerFactor(m) ??
    fail("cholesky", {
      expected: "a positive definite matrix",
      got: "one that is not, to rounding",
      fix: "Add a small multiple of the identity to its diagonal.",
    })
  );
}

/** The Cholesky factor, or undefined where a pivot is not above zero. */
export function lowerFactor({ shape: [n], data }: Matrix): Matrix | undefined {
  const out = zeros([n, n]),
    l = out.data;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const rest = data[i * n + j] - productOfRows(l, i * n, j * n, j);
      if (j < i) l[i * n + j] = rest / l[j * n + j];
      else if (rest > 0) l[i * n + i] = Math.sqrt(rest);
      else return undefined;
    }
  return out;
}

/** `sum of l[p + k] l[q + k]` over so many k, in four sums that do not wait for each other. */
function productOfRows(l: Float64Array, p: number, q: number, count: number): number {
  const whole = count - (count % 4);
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let k = 0; k < whole; k += 4) {
    s0 += l[p + k] * l[q + k];
    s1 += l[p + k + 1] * l[q + k + 1];
    s2 += l[p + k + 2] * l[q + k + 2];
    s3 += l[p + k + 3] * l[q + k + 3];
  }
  for (let k = whole; k < count; k++) s0 += l[p + k] * l[q + k];
  return s0 + s1 + (s2 + s3);
}
