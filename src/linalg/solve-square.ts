import { LuDecomposition } from "ml-matrix";
import { fail } from "../base";
import { checkFinite, checkTensor, type Matrix, shapeText } from "../tensor";
import { fromMl, toMl } from "./bridge";
import { checkSquare } from "./check-square";

/**
 * Solve `m x = rhs` for a square matrix of any kind, by LU factors with partial pivoting.
 *
 * @param rhs - (n × columns)
 * @returns undefined where m is singular to rounding: a pivot is at most n 2^-52 of the largest
 * @throws {@link LtrnnError} when sizes differ or an entry is not finite
 * @remarks O(n³).
 * @see Golub & Van Loan (2013), Matrix Computations, section 3.4
 * @example solveSquare(tensor([2, 2], [0, 2, 1, 0]), tensor([2, 1], [6, 5]))?.data // Float64Array [5, 3]
 */
export function solveSquare(m: Matrix, rhs: Matrix): Matrix | undefined {
  const where = "solveSquare",
    n = m.shape[0];
  checkSquare(where, "m", m);
  checkTensor(where, "rhs", rhs, 2);
  checkFinite(where, "rhs", rhs);
  if (rhs.shape[0] !== n)
    fail(where, {
      expected: `rhs of ${n} rows, as m`,
      got: shapeText(rhs.shape),
      fix: "Pass one row of rhs for every row of m.",
    });
  if (n === 0 || rhs.shape[1] === 0) return rhs;
  const factors = new LuDecomposition(toMl(m)),
    upper = factors.upperTriangularMatrix;
  let least = Infinity,
    most = 0;
  for (let i = 0; i < n; i++) {
    const pivot = Math.abs(upper.get(i, i));
    least = Math.min(least, pivot);
    most = Math.max(most, pivot);
  }
  if (!(least > n * Number.EPSILON * most)) return undefined;
  const x = fromMl(factors.solve(toMl(rhs)));
  return x.data.every(Number.isFinite) ? x : undefined;
}
