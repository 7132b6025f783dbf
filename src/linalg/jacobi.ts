import { rotateRows } from "./rotate";

/**
 * Turns the rows of `m` (n × width) until every two are orthogonal, by plane rotations, and the rows of `turned` along with them (one-sided Jacobi).
 * Slower than bidiagonalization, and sure to end: it is what is left where that does not settle.
 *
 * @see Demmel & Veselić (1992), Jacobi's method is more accurate than QR, SIAM J. Matrix Anal. Appl. 13
 */
export function orthogonalizeRows(m: Float64Array, n: number, width: number, turned: Float64Array): void {
  const tolerance = Number.EPSILON * Math.sqrt(Math.max(1, width));
  for (let sweep = 0, rotated = true; rotated && sweep < 60; sweep++) {
    rotated = false;
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
        if (Math.abs(inner) <= tolerance * Math.sqrt(p) * Math.sqrt(q)) continue;
        rotated = true;
        const zeta = (q - p) / (2 * inner);
        const t = -(zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta)),
          c = 1 / Math.sqrt(1 + t * t);
        rotateRows(m, i, j, width, c, c * t);
        rotateRows(turned, i, j, n, c, c * t);
      }
  }
}
