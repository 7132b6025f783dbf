import { fail } from "../base";
import { rotateRows } from "./rotate";

/**
 * Turns the rows of `m` (n × width) until every two that are more than rounding of the longest are orthogonal, by plane
 * rotations, and the rows of `turned` along with them (one-sided Jacobi). Slower than bidiagonalization: it is for
 * matrices on which that does not settle.
 *
 * @throws {@link LtrnnError} when 60 sweeps do not suffice; ten do, by experience
 *
 * @see Demmel & Veselić (1992), Jacobi's method is more accurate than QR, SIAM J. Matrix Anal. Appl. 13
 */
export function orthogonalizeRows(
  where: string,
  m: Float64Array,
  n: number,
  width: number,
  turned: Float64Array,
): void {
  const tolerance = Number.EPSILON * Math.sqrt(Math.max(1, width));
  const negligible = Number.EPSILON * width * (Number.EPSILON * width); // rows this short, squared, are rounding
  for (let sweep = 0, rotated = true; rotated; sweep++) {
    if (sweep === 60)
      fail(where, {
        expected: "rotations of rows to settle in 60 sweeps",
        got: `a matrix (${n} × ${width}) on which they do not`,
        fix: "Please report it: none is known.",
      });
    rotated = false;
    const least = negligible * largestSquare(m, n, width);
    for (let i = 0; i < n - 1; i++)
      for (let j = i + 1; j < n; j++) {
        let p = 0,
          q = 0,
          inner = 0;
        for (let a = i * width, b = j * width, end = a + width; a < end; a++, b++) {
          p += m[a] * m[a];
          q += m[b] * m[b];
          inner += m[a] * m[b];
        }
        if (p <= least || q <= least || Math.abs(inner) <= tolerance * Math.sqrt(p) * Math.sqrt(q)) continue;
        rotated = true;
        const zeta = (q - p) / (2 * inner);
        const t = -(zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta)),
          c = 1 / Math.sqrt(1 + t * t);
        rotateRows(m, i, j, width, c, c * t);
        rotateRows(turned, i, j, n, c, c * t);
      }
  }
}

/** The largest sum of squares of a row. */
function largestSquare(m: Float64Array, n: number, width: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    let squares = 0;
    for (let a = i * width; a < (i + 1) * width; a++) squares += m[a] * m[a];
    largest = Math.max(largest, squares);
  }
  return largest;
}
