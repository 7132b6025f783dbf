import { nearestExponent, powerOfTwo } from "../base";

// The scalar functions that assembly/functions.ts computes four or two at a time, by the same formulas in the same
// order, so that float64 results are the same bits with WebAssembly and without. They are not those of `base`, which
// branch: here every lane of a vector takes the same path, at the price of an error of up to 5 units in the last place.

// exp(r) = 1 + 2P / (Q - P) on |r| <= ln 2 / 2, with P = r p(r²), Q = q(r²): the minimax ratio of Moshier's Cephes
// library
const p0 = 1.2617719307481058e-4,
  p1 = 3.0299440770744195e-2,
  p2 = 1;
const q0 = 3.001985051386645e-6,
  q1 = 2.524483403496841e-3,
  q2 = 2.2726554820815503e-1,
  q3 = 2;
const ln2high = 6.93145751953125e-1,
  ln2low = 1.4286068203094173e-6;
/** Doubles of this size are whole numbers: adding it rounds, and subtracting it leaves what was rounded. */
const integers = 6755399441055744;

/** n, P and Q of x = n ln 2 + r. */
let n = 0,
  P = 0,
  Q = 0;
function reduce(x: number): void {
  n = x * Math.LOG2E + integers - integers; // to the nearest whole number, ties to the even one
  const r = x - n * ln2high - n * ln2low,
    r2 = r * r;
  P = r * ((p0 * r2 + p1) * r2 + p2);
  Q = ((q0 * r2 + q1) * r2 + q2) * r2 + q3;
}

/** exp, within 4e-16 relative where the result is a normal number (float32 kernels: 3e-7). */
export function exp(x: number): number {
  reduce(Math.max(Math.min(x, 710), -746));
  const half = Math.floor(n / 2); // two factors reach where 2ⁿ alone is no normal number
  return ((Q + P) / (Q - P)) * powerOfTwo(half) * powerOfTwo(n - half);
}

/** 1 - exp(-h) for h >= 0, without cancellation, within 1e-15 relative (float32 kernels: 5e-7). */
export function oneMinusExp(h: number): number {
  reduce(-Math.min(h, 40));
  const s = powerOfTwo(n),
    rest = Q - P;
  return ((1 - s) * rest - 2 * s * P) / rest;
}

/**
 * tanh, within 1e-15 relative (float32 kernels: 4e-7): with 2|x| = n ln 2 + r and s = 2ⁿ,
 * `tanh |x| = (2sP + (s - 1)(Q - P)) / (2sP + (s + 1)(Q - P))`.
 */
export function tanh(x: number): number {
  reduce(Math.min(2 * Math.abs(x), 40)); // beyond 19.1 tanh is 1 in double precision
  const s = powerOfTwo(n),
    rest = Q - P,
    value = (2 * s * P + (s - 1) * rest) / (2 * s * P + (s + 1) * rest);
  return x < 0 || Object.is(x, -0) ? -value : value;
}

/** atanh(s) / s = 1 + s²/3 + s⁴/5 + ...: enough terms for s² <= 1/9. */
function atanhOver(s2: number): number {
  let sum = 1 / 35;
  for (let k = 16; k >= 0; k--) sum = 1 / (2 * k + 1) + sum * s2;
  return sum;
}

/** log(1 + w) / w for 0 <= w <= 1, with s = w / (2 + w). */
export function log1pOver(w: number): number {
  const s = w / (w + 2);
  return (2 * atanhOver(s * s)) / (w + 2);
}

/** log(1 + eˣ), within 1e-15 relative (float32 kernels: 5e-7). */
export function softplus(x: number): number {
  const w = exp(-Math.abs(x));
  return Math.max(x, 0) + w * log1pOver(w);
}

/** log of a normal positive number v = 2ᵏ m, m in [sqrt(1/2), sqrt 2). */
export function log(v: number): number {
  const k = nearestExponent(v),
    m = v * powerOfTwo(-k),
    s = (m - 1) / (m + 1);
  return 2 * s * atanhOver(s * s) + k * Math.LN2;
}
