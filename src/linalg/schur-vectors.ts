import { powerOfTwo } from "../base";
import { unbalanceRows } from "./balance";
import type { Root, Schur } from "./schur";

/** Entries beyond this scale the whole vector down: it may grow again by 1e300. */
const large = 1e120,
  down = /* @__PURE__ */ powerOfTwo(-400);

/**
 * Eigenvectors of a Schur form: one row per real eigenvalue, two for a complex pair, the real and the imaginary part of
 * the vector of the eigenvalue above the real axis. Rows have length 1 (a pair together), and the largest entry is real
 * and positive.
 *
 * @param side - "left": vectors w of `w' A = lambda w'`, in the same order
 * @remarks O(n³). A vector of a defective matrix is one of a matrix that differs by rounding.
 * @see Golub & Van Loan (2013), Matrix Computations, section 7.6.4
 */
export function schurVectors(schur: Schur, roots: readonly Root[], side: "right" | "left"): Float64Array {
  const { n, rows, balanced } = schur,
    out = new Float64Array(n * n);
  const t = side === "right" ? schur.t : flipped(schur.t, n);
  let size = 0;
  for (let i = 0; i < t.length; i++) size = Math.max(size, Math.abs(t[i]));
  const pivot = Math.max(Number.EPSILON * size, 1e-290),
    real = new Float64Array(n),
    imaginary = new Float64Array(n);
  let at = 0;
  for (const root of roots) {
    const width = root.imaginary > 0 ? 2 : 1,
      first = side === "right" ? root.row : n - root.row - width;
    backSubstitute(t, n, first, root, pivot, real, imaginary);
    for (const part of width === 2 ? [real, imaginary] : [real]) {
      const row = out.subarray(at, at + n);
      for (let k = 0; k < n; k++) {
        const weight = part[side === "right" ? k : n - 1 - k];
        if (weight === 0) continue;
        for (let i = 0, q = k * n; i < n; i++, q++) row[i] += weight * rows[q];
      }
      at += n;
    }
  }
  unbalanceRows(out, n, n, balanced, side === "right" ? 1 : -1);
  for (let row = 0, k = 0; k < roots.length; k++) {
    const width = roots[k].imaginary > 0 ? 2 : 1;
    normalize(out.subarray(row, row + width * n), n);
    row += width * n;
  }
  return out;
}

/** The transpose, both orders reversed: upper triangular again. */
function flipped(t: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[(n - 1 - j) * n + n - 1 - i] = t[i * n + j];
  return out;
}

/** Solve `(T - lambda) x = 0` from the block of lambda upwards; pivots below `pivot` count as that. */
function backSubstitute(
  t: Float64Array,
  n: number,
  first: number,
  { real: re, imaginary: im }: Root,
  pivot: number,
  x: Float64Array,
  y: Float64Array,
): void {
  x.fill(0);
  y.fill(0);
  let last = first;
  if (im === 0) x[first] = 1;
  else {
    last = first + 1;
    const b = t[first * n + last],
      c = t[last * n + first];
    if (Math.abs(b) >= Math.abs(c)) {
      x[first] = 1;
      y[last] = im / b;
    } else {
      x[first] = -im / c;
      y[last] = 1;
    }
  }
  const rest = (row: number, from: number): readonly [number, number] => {
    let a = 0,
      b = 0;
    for (let m = from, entry = row * n + m; m <= last; m++, entry++) {
      a -= t[entry] * x[m];
      b -= t[entry] * y[m];
    }
    return [a, b];
  };
  for (let j = first - 1; j >= 0; j--) {
    const entry = j * n + j;
    if (j > 0 && t[entry - 1] !== 0) {
      const [a, b] = rest(j - 1, j + 1),
        [c, d] = rest(j, j + 1);
      const above = t[entry - n - 1] - re,
        here = t[entry] - re;
      const [p, q] = solvePair(above, t[entry - n], t[entry - 1], here, im, a, b, c, d, pivot);
      [x[j - 1], y[j - 1]] = p;
      [x[j], y[j]] = q;
      j--;
    } else {
      const [a, b] = rest(j, j + 1);
      [x[j], y[j]] = quotient(a, b, t[entry] - re, -im, pivot);
    }
    if (Math.abs(x[j]) + Math.abs(y[j]) < large && Math.abs(x[j + 1]) + Math.abs(y[j + 1]) < large) continue;
    for (let m = j; m <= last; m++) {
      x[m] *= down;
      y[m] *= down;
    }
  }
}

type Complex = readonly [real: number, imaginary: number];

/** (a + i b) / (c + i d); a divisor smaller than `pivot` counts as that. */
function quotient(a: number, b: number, c: number, d: number, pivot: number): Complex {
  if (Math.abs(c) + Math.abs(d) < pivot) return [a / pivot, b / pivot];
  if (Math.abs(c) >= Math.abs(d)) {
    const ratio = d / c,
      divisor = c + d * ratio;
    return [(a + b * ratio) / divisor, (b - a * ratio) / divisor];
  }
  const ratio = c / d,
    divisor = d + c * ratio;
  return [(a * ratio + b) / divisor, (b * ratio - a) / divisor];
}

/** The solution of [[p - i im, q], [r, s - i im]] [u, v] = [a + i b, c + i d], by the larger pivot. */
function solvePair(
  p: number,
  q: number,
  r: number,
  s: number,
  im: number,
  a: number,
  b: number,
  c: number,
  d: number,
  pivot: number,
): readonly [Complex, Complex] {
  if (Math.abs(p) + Math.abs(im) >= Math.abs(r)) {
    const [x, y] = quotient(r, 0, p, -im, pivot); // what of the first row to take from the second
    const v = quotient(c - (x * a - y * b), d - (x * b + y * a), s - x * q, -im - y * q, pivot);
    return [quotient(a - q * v[0], b - q * v[1], p, -im, pivot), v];
  }
  const x = p / r,
    y = -im / r; // what of the second row to take from the first
  const v = quotient(a - (x * c - y * d), b - (x * d + y * c), q - (x * s + y * im), -(y * s - x * im), pivot);
  return [[(c - s * v[0] - im * v[1]) / r, (d - s * v[1] + im * v[0]) / r], v];
}

/**
 * One row, or two that are a complex vector, over its length, turned so that its largest entry is real and positive.
 */
function normalize(vector: Float64Array, n: number): void {
  const paired = vector.length > n;
  let largest = 0,
    size = 0;
  for (let i = 0; i < vector.length; i++) size = Math.max(size, Math.abs(vector[i]));
  if (size === 0) return;
  let sum = 0,
    most = -1;
  for (let i = 0; i < n; i++) {
    const x = vector[i] / size,
      y = paired ? vector[n + i] / size : 0,
      square = x * x + y * y;
    sum += square;
    if (square > most) [most, largest] = [square, i];
  }
  const length = Math.sqrt(sum) * Math.sqrt(most),
    cosine = vector[largest] / size / length,
    sine = paired ? vector[n + largest] / size / length : 0;
  for (let i = 0; i < n; i++) {
    const x = vector[i] / size,
      y = paired ? vector[n + i] / size : 0;
    vector[i] = x * cosine + y * sine;
    if (paired) vector[n + i] = i === largest ? 0 : y * cosine - x * sine;
  }
}
