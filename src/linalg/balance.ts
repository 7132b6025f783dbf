import { powerOfTwo } from "../base";

/** How a matrix was balanced: `A = P D B D^-1 P'` with a permutation P and a diagonal D of powers of two. */
export interface Balanced {
  /** the first and the last row of the part that is not triangular yet */
  readonly low: number;
  readonly high: number;
  /** exchanges of rows and columns in the order in which they were made, as pairs */
  readonly swaps: readonly (readonly [number, number])[];
  /** exponents of D */
  readonly exponents: Int32Array;
}

/** Exponents of D stay within this, so that no entry overflows or vanishes. */
const furthest = 400;

/**
 * Balance a matrix (n × n) in place: eigenvalues that stand alone in their row or column go to the ends, and rows and
 * columns of what is left get lengths that are equal to a factor of two, without rounding.
 *
 * @remarks Lengths are Euclidean and count the diagonal, so that matrices that are nearly triangular already are not
 * scaled apart.
 * @see Parlett & Reinsch (1969), Balancing a matrix for calculation of eigenvalues and eigenvectors, Numer. Math. 13;
 * James, Langou & Lowery (2014), On matrix balancing and eigenvector computation, arXiv:1401.5766
 */
export function balance(a: Float64Array, n: number): Balanced {
  const swaps: (readonly [number, number])[] = [];
  let low = 0,
    high = n - 1;
  const alone = (i: number, step: number, other: number): boolean => {
    for (let j = low; j <= high; j++) if (j !== i && a[i * step + j * other] !== 0) return false;
    return true;
  };
  const move = (from: number, to: number) => {
    swaps.push([from, to]);
    if (from !== to) exchange(a, n, from, to);
  };
  for (let i = high; i >= low; i--)
    if (alone(i, n, 1)) {
      move(i, high--);
      i = high + 1;
    }
  for (let j = low; j <= high; j++)
    if (alone(j, 1, n)) {
      move(j, low++);
      j = low - 1;
    }
  const exponents = new Int32Array(n);
  for (let pass = 0, settled = false; !settled && pass < 100; pass++) {
    settled = true;
    for (let i = low; i <= high; i++) if (equalize(a, n, low, high, i, exponents)) settled = false;
  }
  return { low, high, swaps, exponents };
}

/** Exchange rows and columns `i` and `j`. */
function exchange(a: Float64Array, n: number, i: number, j: number): void {
  for (let k = 0; k < n; k++) [a[i * n + k], a[j * n + k]] = [a[j * n + k], a[i * n + k]];
  for (let k = 0; k < n; k++) [a[k * n + i], a[k * n + j]] = [a[k * n + j], a[k * n + i]];
}

/** Scale row and column `i` against each other; false where that gains less than a twentieth. */
function equalize(a: Float64Array, n: number, low: number, high: number, i: number, exponents: Int32Array): boolean {
  let column = length(a, low * n + i, n, high - low + 1),
    row = length(a, i * n + low, 1, high - low + 1);
  if (column === 0 || row === 0) return false;
  const before = column + row;
  let k = 0; // column times 2^k, row over 2^k
  while (column < row / 2 && exponents[i] + k < furthest) {
    column *= 2;
    row /= 2;
    k++;
  }
  while (column / 2 >= row && exponents[i] + k > -furthest) {
    column /= 2;
    row *= 2;
    k--;
  }
  if (k === 0 || column + row >= 0.95 * before) return false;
  const up = powerOfTwo(k),
    down = powerOfTwo(-k);
  for (let j = 0; j < n; j++) a[i * n + j] *= down;
  for (let j = 0; j < n; j++) a[j * n + i] *= up;
  exponents[i] += k;
  return true;
}

/** The length of a row or a column; no square overflows or vanishes. */
function length(a: Float64Array, first: number, stride: number, count: number): number {
  let largest = 0;
  for (let i = 0, k = first; i < count; i++, k += stride) largest = Math.max(largest, Math.abs(a[k]));
  if (largest === 0) return 0;
  let squares = 0;
  for (let i = 0, k = first; i < count; i++, k += stride) {
    const x = a[k] / largest;
    squares += x * x;
  }
  return largest * Math.sqrt(squares);
}

/**
 * Rows of vectors of the balanced matrix (count × n) made vectors of the matrix itself; with `sign` -1 those of its
 * transpose.
 */
export function unbalanceRows(
  rows: Float64Array,
  count: number,
  n: number,
  { low, high, swaps, exponents }: Balanced,
  sign: 1 | -1 = 1,
): void {
  const scales = Float64Array.from(exponents, (k) => powerOfTwo(sign * k));
  for (let row = 0; row < count * n; row += n) {
    for (let i = low; i <= high; i++) rows[row + i] *= scales[i];
    for (let s = swaps.length - 1; s >= 0; s--) {
      const [i, j] = swaps[s];
      [rows[row + i], rows[row + j]] = [rows[row + j], rows[row + i]];
    }
  }
}
