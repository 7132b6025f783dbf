import { firstColumn, type Shifts, shiftsOf } from "./francis-shifts";
import { reflectColumns, reflection, reflectRows } from "./short-reflection";
import { standardize } from "./standard-block";

/** A Hessenberg matrix on its way to real Schur form. */
export interface Iterate {
  /** (n × n) */
  readonly t: Float64Array;
  readonly n: number;
  /** rows of Q', turned along; without them only eigenvalues are right, and t is not */
  readonly rows: Float64Array | undefined;
}

/** Steps on average that an eigenvalue may take, as LAPACK's. */
const patience = 30;

/**
 * Francis's double-shift QR steps, from Hessenberg to real Schur form: blocks of one row, or of two with equal diagonal
 * entries and off-diagonal ones of opposite sign, which stand for a complex pair.
 *
 * @returns false where eigenvalues did not settle in 30 steps each
 * @see Golub & Van Loan (2013), Matrix Computations, section 7.5; Ahues & Tisseur (1997), A new deflation criterion for
 * the QR algorithm, LAPACK working note 122
 */
export function toSchur(iterate: Iterate, low: number, high: number): boolean {
  const { t, n } = iterate,
    most = patience * Math.max(10, high - low + 1);
  for (let end = high, steps = 0, since = 0; end > low; ) {
    const start = blockStart(t, n, low, end);
    if (start > end - 2) {
      if (start === end - 1) standardize(t, n, iterate.rows, start);
      end = start - 1;
      since = 0;
      continue;
    }
    if (steps++ === most) return false;
    since++;
    step(iterate, start, end, shiftsOf(t, n, start, end, since));
  }
  return true;
}

/** The first row of the block that ends at `end`: what lies left of it in its first row is negligible, and set to 0. */
function blockStart(t: Float64Array, n: number, low: number, end: number): number {
  let k = end;
  while (k > low && !negligible(t, n, low, end, k)) k--;
  if (k > low) t[k * n + k - 1] = 0;
  return k;
}

/** Whether the entry left of the diagonal in row k moves eigenvalues by no more than rounding does. */
function negligible(t: Float64Array, n: number, low: number, end: number, k: number): boolean {
  const entry = k * n + k,
    left = Math.abs(t[entry - 1]);
  if (left < smallest) return true;
  const here = t[entry],
    before = t[entry - n - 1];
  let size = Math.abs(here) + Math.abs(before);
  if (size === 0) {
    if (k - 2 >= low) size += Math.abs(t[(k - 1) * n + k - 2]);
    if (k + 1 <= end) size += Math.abs(t[(k + 1) * n + k]);
  }
  if (left > Number.EPSILON * size) return false;
  const above = Math.abs(t[entry - n]),
    apart = Math.abs(before - here),
    large = Math.max(left, above),
    small = Math.min(left, above),
    aa = Math.max(Math.abs(here), apart),
    bb = Math.min(Math.abs(here), apart),
    sum = aa + large;
  return small * (large / sum) <= Math.max(smallest, Number.EPSILON * (bb * (aa / sum)));
}

/** Below this an entry of a matrix of size one is nothing. */
const smallest = 1e-290;

/** One sweep over rows `start` .. `end`: a bulge of three rows goes in at the top, and is chased out at the bottom. */
function step({ t, n, rows }: Iterate, start: number, end: number, shifts: Shifts): void {
  const v = new Float64Array(3);
  let first = end - 2;
  for (; ; first--) {
    firstColumn(t, n, first, shifts, v);
    if (first === start) break;
    const entry = first * n + first;
    const left = Math.abs(t[entry - 1]) * (Math.abs(v[1]) + Math.abs(v[2]));
    const size = Math.abs(t[entry - n - 1]) + Math.abs(t[entry]) + Math.abs(t[entry + n + 1]);
    if (left <= Number.EPSILON * Math.abs(v[0]) * size) break;
  }
  for (let k = first; k < end; k++) {
    const count = Math.min(3, end - k + 1);
    if (k > first) for (let i = 0; i < count; i++) v[i] = t[(k + i) * n + k - 1];
    const [head, tau] = reflection(v, count);
    if (k > first) {
      t[k * n + k - 1] = head;
      for (let i = 1; i < count; i++) t[(k + i) * n + k - 1] = 0;
    } else if (k > start) t[k * n + k - 1] *= 1 - tau; // what is left of the bulge here is negligible
    if (tau === 0) continue;
    const [lastColumn, firstRow] = rows ? [n - 1, 0] : [end, start];
    reflectRows(t, n, k, count, k, lastColumn, v, tau);
    reflectColumns(t, n, k, count, firstRow, Math.min(k + 3, end), v, tau);
    if (rows) reflectRows(rows, n, k, count, 0, n - 1, v, tau);
  }
}
