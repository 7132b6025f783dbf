import { reduceSymmetric } from "./reduce-symmetric";
import { rotationOf } from "./rotate";

/** A symmetric tridiagonal matrix, and the rows of Q' of `A = Q T Q'`. */
export interface Tridiagonal {
  readonly d: Float64Array;
  /** below the diagonal; the last entry is 0 */
  readonly e: Float64Array;
  readonly rows: Float64Array;
}

/**
 * {@link reduceSymmetric} with the vectors; `a` is overwritten.
 *
 * @remarks 8/3 n³ operations.
 */
export function tridiagonalize(a: Float64Array, n: number): Tridiagonal {
  const { d, e, taus } = reduceSymmetric(a, n);
  return { d, e, rows: accumulated(a, taus, n) };
}

/** The rows of Q', from the reflections that lie above the diagonal. */
function accumulated(a: Float64Array, taus: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  for (let k = n - 3; k >= 0; k--) {
    if (taus[k] === 0) continue;
    for (let row = k + 1; row < n; row++) {
      let sum = 0;
      for (let i = k + 1; i < n; i++) sum += out[row * n + i] * a[k * n + i];
      sum *= taus[k];
      for (let i = k + 1; i < n; i++) out[row * n + i] -= sum * a[k * n + i];
    }
  }
  return out;
}

/** Rows i + 1 and i become `(c row_(i + 1) + s row_i, c row_i - s row_(i + 1))`. */
export type Turn = (i: number, c: number, s: number) => void;

/**
 * The eigenvalues of a symmetric tridiagonal matrix, in place of its diagonal, by implicit QL sweeps; rows of Q' that
 * turn along become eigenvectors.
 *
 * @returns false where an eigenvalue did not settle in 60 sweeps
 * @see Golub & Van Loan (2013), Matrix Computations, section 8.3; EISPACK's tql2
 */
export function diagonalizeTridiagonal({ d, e }: Pick<Tridiagonal, "d" | "e">, turn: Turn): boolean {
  const n = d.length;
  for (let first = 0; first < n; first++)
    for (let sweep = 0; ; sweep++) {
      let last = first;
      while (last < n - 1 && Math.abs(e[last]) > Number.EPSILON * (Math.abs(d[last]) + Math.abs(d[last + 1]))) last++;
      if (last === first) break;
      if (sweep === 60) return false;
      qlSweep(d, e, turn, first, last);
    }
  return true;
}

/** One sweep with Wilkinson's shift, from the last row of a block to its first. */
function qlSweep(d: Float64Array, e: Float64Array, turn: Turn, first: number, last: number): void {
  const p = (d[first + 1] - d[first]) / (2 * e[first]),
    size = Math.sqrt(p * p + 1);
  let g = d[last] - d[first] + e[first] / (p + (p < 0 ? -size : size));
  let c = 1,
    s = 1,
    moved = 0;
  for (let i = last - 1; i >= first; i--) {
    const f = s * e[i],
      b = c * e[i];
    const rotation = rotationOf(g, f);
    e[i + 1] = rotation.r;
    if (rotation.r === 0) {
      d[i + 1] -= moved;
      e[last] = 0;
      return;
    }
    s = rotation.s;
    c = rotation.c;
    g = d[i + 1] - moved;
    const r = (d[i] - g) * s + 2 * c * b;
    moved = s * r;
    d[i + 1] = g + moved;
    g = c * r - b;
    turn(i, c, s);
  }
  d[first] -= moved;
  e[first] = g;
  e[last] = 0;
}
