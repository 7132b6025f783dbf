import { rotateRows, rotationOf } from "./rotate";

/** Vectors that turn along with the bidiagonal matrix, one a row. */
export interface TurningRows {
  readonly data: Float64Array;
  readonly width: number;
}

const tolerance = 16 * Number.EPSILON;

/**
 * The singular values of an upper bidiagonal matrix, in place of its diagonal, by implicit QR sweeps: with a shift, or
 * without one where a shift would lose small singular values. Rows of `left` (U') and `right` (V') turn along.
 *
 * @returns false where it did not settle in 6 n² rotations, which no matrix is known to need
 * @see Demmel & Kahan (1990), Accurate singular values of bidiagonal matrices, SIAM J. Sci. Stat. Comput. 11
 */
export function diagonalize(d: Float64Array, e: Float64Array, left?: TurningRows, right?: TurningRows): boolean {
  const n = d.length,
    threshold = negligible(d, e);
  let rotations = 0;
  for (let last = n - 1; last > 0; ) {
    if (Math.abs(e[last - 1]) <= threshold) {
      e[last - 1] = 0;
      last--;
      continue;
    }
    let first = last - 1,
      largest = Math.max(Math.abs(d[last]), Math.abs(e[last - 1]));
    for (; first > 0 && Math.abs(e[first - 1]) > threshold; first--)
      largest = Math.max(largest, Math.abs(d[first]), Math.abs(e[first - 1]));
    largest = Math.max(largest, Math.abs(d[first]));
    if (first > 0) e[first - 1] = 0;
    if (rotations > 6 * n * n) return false;
    rotations += last - first;
    // from the larger end to the smaller: graded matrices keep their small values so
    const down = Math.abs(d[first]) >= Math.abs(d[last]);
    const chain: Chain = down
      ? { d, e, begin: first, end: last, step: 1, left, right }
      : { d, e, begin: last, end: first, step: -1, left: right, right: left };
    const smallest = deflate(chain);
    if (smallest === undefined) continue;
    const shift = n * tolerance * (smallest / largest) <= Number.EPSILON ? 0 : shiftOf(chain);
    if (shift === 0) unshiftedSweep(chain);
    else shiftedSweep(chain, shift);
  }
  return true;
}

/** Entries above the diagonal at or below this change no singular value by more than rounding. */
function negligible(d: Float64Array, e: Float64Array): number {
  let smallest = Math.abs(d[0] ?? 0),
    running = smallest;
  for (let i = 1; i < d.length && smallest > 0; i++) {
    running = Math.abs(d[i]) * (running / (running + Math.abs(e[i - 1])));
    smallest = Math.min(smallest, running);
  }
  return Math.max((tolerance * smallest) / Math.sqrt(Math.max(1, d.length)), 1e-290);
}

/**
 * A block of the matrix, to be run through from `begin` to `end`; upwards it is the transposed block in reverse order.
 */
interface Chain {
  readonly d: Float64Array;
  readonly e: Float64Array;
  readonly begin: number;
  readonly end: number;
  readonly step: 1 | -1;
  readonly left: TurningRows | undefined;
  readonly right: TurningRows | undefined;
}

/** Where the entry between i and the next one of the chain stands. */
const between = (i: number, step: 1 | -1) => (step === 1 ? i : i - 1);

/**
 * Set one entry above the diagonal to zero where it is small beside its neighbors.
 *
 * @returns a bound below the smallest singular value, or undefined where one was set
 */
function deflate({ d, e, begin, end, step }: Chain): number | undefined {
  const lastBetween = between(end - step, step);
  if (Math.abs(e[lastBetween]) <= tolerance * Math.abs(d[end])) {
    e[lastBetween] = 0;
    return undefined;
  }
  let running = Math.abs(d[begin]),
    smallest = running;
  for (let i = begin; i !== end; i += step) {
    const k = between(i, step),
      size = Math.abs(e[k]);
    if (size <= tolerance * running) {
      e[k] = 0;
      return undefined;
    }
    running = Math.abs(d[i + step]) * (running / (running + size));
    smallest = Math.min(smallest, running);
  }
  return smallest;
}

/** The smaller singular value of the last two by two block, or 0 where it is too small to matter. */
function shiftOf({ d, e, begin, end, step }: Chain): number {
  const start = Math.abs(d[begin]);
  const shift = smallerOf(d[end - step], e[between(end - step, step)], d[end]);
  return start > 0 && (shift / start) * (shift / start) < Number.EPSILON ? 0 : shift;
}

/** The smaller singular value of [[f, g], [0, h]], without over- or underflow. */
function smallerOf(f: number, g: number, h: number): number {
  const small = Math.min(Math.abs(f), Math.abs(h)),
    large = Math.max(Math.abs(f), Math.abs(h)),
    above = Math.abs(g);
  if (small === 0) return 0;
  const sum = 1 + small / large,
    difference = (large - small) / large;
  if (above < large) {
    const ratio = (above / large) * (above / large);
    return (small * 2) / (Math.sqrt(sum * sum + ratio) + Math.sqrt(difference * difference + ratio));
  }
  const ratio = large / above;
  if (ratio === 0) return (small * large) / above;
  const p = sum * ratio,
    q = difference * ratio;
  return (2 * small * ratio) / (Math.sqrt(1 + p * p) + Math.sqrt(1 + q * q));
}

const turn = (rows: TurningRows | undefined, i: number, j: number, c: number, s: number): void => {
  if (rows) rotateRows(rows.data, i, j, rows.width, c, s);
};

/** A sweep with shift zero: every singular value keeps its leading digits. */
function unshiftedSweep({ d, e, begin, end, step, left, right }: Chain): void {
  let c = 1,
    oldC = 1,
    oldS = 0;
  for (let i = begin; i !== end; i += step) {
    const next = i + step,
      k = between(i, step);
    const outer = rotationOf(d[i] * c, e[k]);
    c = outer.c;
    if (i !== begin) e[between(i - step, step)] = oldS * outer.r;
    const inner = rotationOf(oldC * outer.r, d[next] * outer.s);
    d[i] = inner.r;
    oldC = inner.c;
    oldS = inner.s;
    turn(right, i, next, outer.c, outer.s);
    turn(left, i, next, inner.c, inner.s);
  }
  const tail = d[end] * c;
  d[end] = tail * oldC;
  e[between(end - step, step)] = tail * oldS;
}

/** A sweep with a shift: the entry before the end vanishes with cubic speed. */
function shiftedSweep({ d, e, begin, end, step, left, right }: Chain, shift: number): void {
  let f = (Math.abs(d[begin]) - shift) * ((d[begin] < 0 ? -1 : 1) + shift / d[begin]);
  let g = e[between(begin, step)];
  for (let i = begin; i !== end; i += step) {
    const next = i + step,
      k = between(i, step);
    const outer = rotationOf(f, g);
    if (i !== begin) e[between(i - step, step)] = outer.r;
    f = outer.c * d[i] + outer.s * e[k];
    e[k] = outer.c * e[k] - outer.s * d[i];
    g = outer.s * d[next];
    d[next] = outer.c * d[next];
    const inner = rotationOf(f, g);
    d[i] = inner.r;
    f = inner.c * e[k] + inner.s * d[next];
    d[next] = inner.c * d[next] - inner.s * e[k];
    if (next !== end) {
      const after = between(next, step);
      g = inner.s * e[after];
      e[after] = inner.c * e[after];
    }
    turn(right, i, next, outer.c, outer.s);
    turn(left, i, next, inner.c, inner.s);
  }
  e[between(end - step, step)] = f;
}
