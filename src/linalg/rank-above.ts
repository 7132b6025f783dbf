import { type Matrix, transpose } from "../tensor";
import { bidiagonalize } from "./bidiagonal";
import { reducedRows } from "./reduced-rows";
import { countBelow, tridiagonalValue } from "./tridiagonal-values";
import { unitScaled } from "./unit-scale";

/**
 * How many singular values of a matrix of finite entries exceed `tolerance`, above 0, times the largest, on behalf of
 * `where`. They are counted, not computed: the bidiagonal B has the positive eigenvalues of the tridiagonal matrix with
 * zeros on its diagonal and d0, e0, d1, e1, … beside it, of which a count is as exact as the entries of B.
 *
 * @remarks O(rows · columns · smaller size), as `numericalRank`, which gives the singular values too.
 * @see Fernando (1998), Accurately counting singular values of bidiagonal matrices, SIAM J. Matrix Anal. Appl. 20
 */
export function rankAbove(where: string, m: Matrix, tolerance: number): number {
  const tall = m.shape[0] >= m.shape[1] ? m : transpose(m),
    { data, shape } = reducedRows({ shape: tall.shape, data: unitScaled(where, tall).data }),
    [rows, columns] = shape,
    { d, e } = bidiagonalize(data, rows, columns);
  const zero = new Float64Array(2 * columns),
    beside = zero.map((_, i) => (i % 2 === 0 ? d : e)[i >> 1]),
    largest = tridiagonalValue(zero, beside, 2 * columns - 1);
  return largest > 0 ? 2 * columns - countBelow(zero, beside, tolerance * largest) : 0;
}
