import { rotateRows, rotationOf } from "./rotate";

/**
 * The block of rows k and k + 1 by a rotation: triangular where its eigenvalues are real; else with one diagonal entry
 * twice.
 */
export function standardize(t: Float64Array, n: number, rows: Float64Array | undefined, k: number): void {
  const entry = k * n + k,
    a = t[entry],
    b = t[entry + 1],
    c = t[entry + n],
    d = t[entry + n + 1];
  const size = Math.max(Math.abs(a - d), Math.abs(b), Math.abs(c)),
    half = (a - d) / 2,
    square = (half / size) * half + (Math.max(Math.abs(b), Math.abs(c)) / size) * smallerOf(b, c);
  const real = square >= 0;
  let turn = { c: 1, s: 0 };
  if (real) {
    const root = Math.sqrt(square) * Math.sqrt(size);
    turn = rotationOf(half + (half < 0 ? -root : root), c);
  } else if (a !== d) {
    const { c: twice } = rotationOf(Math.abs(b + c), a - d),
      cosine = Math.sqrt((1 + twice) / 2);
    const length = rotationOf(b + c, a - d).r;
    turn = { c: cosine, s: (-half / (Math.abs(length) * cosine)) * (b + c < 0 ? -1 : 1) };
  }
  rotate(t, n, k, turn.c, turn.s, rows);
  if (real) t[entry + n] = 0;
  else {
    const middle = (t[entry] + t[entry + n + 1]) / 2;
    t[entry] = middle;
    t[entry + n + 1] = middle;
    if (t[entry + 1] * t[entry + n] >= 0) t[entry + n] = 0; // rounding left no pair
  }
}

/** The entry of smaller size, with the sign of the product. */
const smallerOf = (b: number, c: number): number => Math.min(Math.abs(b), Math.abs(c)) * (b < 0 === c < 0 ? 1 : -1);

/** Rows and columns k and k + 1, turned; `rows` turn along. */
function rotate(t: Float64Array, n: number, k: number, c: number, s: number, rows: Float64Array | undefined): void {
  rotateRows(t, k, k + 1, n, c, s);
  for (let p = k; p < n * n; p += n) {
    const x = t[p],
      y = t[p + 1];
    t[p] = c * x + s * y;
    t[p + 1] = c * y - s * x;
  }
  if (rows) rotateRows(rows, k, k + 1, n, c, s);
}
