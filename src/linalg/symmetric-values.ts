import type { Matrix } from "../tensor";
import { reduceSymmetric } from "./reduce-symmetric";
import { tridiagonalValue } from "./tridiagonal-values";
import { unitScaled } from "./unit-scale";

/**
 * The eigenvalues, largest first, of a symmetric matrix of finite entries, on behalf of `where`: tridiagonalization and
 * bisection, a third of the code of {@link symmetricEigen}, which finds vectors too.
 *
 * @remarks O(n³).
 * @see Golub & Van Loan (2013), Matrix Computations, section 8.4.1
 */
export function symmetricValues(where: string, m: Matrix): readonly number[] {
  const n = m.shape[0],
    { data, back } = unitScaled(where, m),
    { d, e } = reduceSymmetric(data, n);
  return Array.from(d, (_, i) => back(tridiagonalValue(d, e, n - 1 - i)));
}
