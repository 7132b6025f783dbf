import { nearestExponent, scaled, withoutLowWord } from "./double-bits";

// The argument reductions and minimax polynomials of FreeBSD's msun (fdlibm: developed at SunPro, a Sun Microsystems
// business; permission to use, copy, modify, and distribute that software is freely granted, provided that this notice
// is preserved). Only + - * / and square roots, which IEEE 754 rounds the same way everywhere.

const ln2Hi = 0.6931471803691238; // 33 bits, so that k ln2Hi is exact
const ln2Lo = 1.9082149292705877e-10;

/** e^x. Error below 1 ulp. @example exp(0) // 1 */
export function exp(x: number): number {
  if (!(x <= 709.782712893384)) return x > 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  if (x < -745.1332191019411) return 0;
  const k = Math.abs(x) > 0.34657359027997264 ? Math.trunc(Math.LOG2E * x + (x < 0 ? -0.5 : 0.5)) : 0;
  const hi = x - k * ln2Hi,
    lo = k * ln2Lo,
    r = hi - lo,
    t = r * r;
  const even =
    t *
    (0.16666666666666602 +
      t *
        (-0.0027777777777015593 +
          t * (0.00006613756321437934 + t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8))));
  const c = r - even;
  return scaled(1 - (lo - (r * c) / (2 - c) - hi), k);
}

/** e^x - 1, without cancellation near 0. Error below 1 ulp. @example expm1(0) // 0 */
export function expm1(x: number): number {
  if (!(x <= 709.782712893384)) return x > 0 ? Number.POSITIVE_INFINITY : Number.NaN;
  const size = Math.abs(x);
  if (size < 5.551115123125783e-17) return x;
  if (x < -38.816242111356935) return -1;
  let k = 0,
    r = x,
    c = 0;
  if (size > 0.34657359027997264) {
    k = size < 1.0397207708399179 ? Math.sign(x) : Math.trunc(Math.LOG2E * x + (x < 0 ? -0.5 : 0.5));
    const hi = x - k * ln2Hi,
      lo = k * ln2Lo;
    r = hi - lo;
    c = hi - r - lo;
  }
  const half = 0.5 * r,
    square = r * half;
  const r1 =
    1 +
    square *
      (-0.03333333333333313 +
        square *
          (0.0015873015872548146 +
            square * (-0.0000793650757867488 + square * (0.000004008217827329362 + square * -2.0109921818362437e-7))));
  const t = 3 - r1 * half;
  let e = square * ((r1 - t) / (6 - r * t));
  if (k === 0) return r - (r * e - square);
  e = r * (e - c) - c - square;
  if (k === -1) return 0.5 * (r - e) - 0.5;
  if (k === 1) return r < -0.25 ? -2 * (e - (r + 0.5)) : 1 + 2 * (r - e);
  if (k < 0 || k > 56) return scaled(r - e + 1, k) - 1;
  const small = scaled(1, -k);
  return scaled(k < 20 ? r - e + (1 - small) : r - (e + small) + 1, k);
}

/** log(1 + f) = f - (f²/2 - s (f²/2 + R(s²))), s = f / (2 + f): the last two terms as one number. */
function logTail(f: number): number {
  const s = f / (2 + f),
    z = s * s,
    w = z * z;
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  return s * (0.5 * f * f + (odd + even));
}

/** Natural logarithm. Error below 1 ulp. @example log(1) // 0 */
export function log(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return x === 0 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN;
  if (x < 2.2250738585072014e-308) return logOfNormal(x * 18014398509481984, -54); // subnormal
  return logOfNormal(x, 0);
}

/** log(x 2^shift), x normal: with x = 2^k (1 + f). */
function logOfNormal(x: number, shift: number): number {
  const exponent = nearestExponent(x),
    k = exponent + shift,
    f = scaled(x, -exponent) - 1;
  return logTail(f) + k * ln2Lo - 0.5 * f * f + f + k * ln2Hi;
}

/** log(1 + x), without cancellation near 0. Error below 1 ulp. @example log1p(0) // 0 */
export function log1p(x: number): number {
  return log1pOfSum(x, 0);
}

/** log(1 + x + rest), rest below the last place of x. */
function log1pOfSum(x: number, rest: number): number {
  if (!(x > -1 && x < Number.POSITIVE_INFINITY)) return x === -1 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN;
  if (Math.abs(x) < 1.1102230246251565e-16) return x;
  if (x > -0.2928932188134524 && x < 0.41421356237309503) return logTail(x) + rest / (1 + x) - 0.5 * x * x + x;
  const u = 1 + x,
    k = nearestExponent(u),
    f = scaled(u, -k) - 1;
  const c = (k >= 54 ? rest : (k >= 2 ? 1 - (u - x) : x - (u - 1)) + rest) / u; // what rounding u left out
  return logTail(f) + (k * ln2Lo + c) - 0.5 * f * f + f + k * ln2Hi;
}

/** The inverse of tanh, log(1 + 2x / (1 - x)) / 2. Error below 1 ulp. @example atanh(0) // 0 */
export function atanh(x: number): number {
  const size = Math.abs(x);
  if (!(size < 1)) return size === 1 ? x * Number.POSITIVE_INFINITY : Number.NaN;
  if (size < 2.3283064365386963e-10) return x;
  // the quotient with its rounding error, by products of halves, which are exact
  const below = 1 - size,
    lost = 1 - below - size,
    quotient = (2 * size) / below;
  const quotientHigh = withoutLowWord(quotient),
    belowHigh = withoutLowWord(below),
    quotientLow = quotient - quotientHigh,
    belowLow = below - belowHigh;
  const remainder =
    2 * size -
    quotientHigh * belowHigh -
    quotientHigh * belowLow -
    quotientLow * belowHigh -
    quotientLow * belowLow -
    quotient * lost;
  const value = 0.5 * log1pOfSum(quotient, remainder / below);
  return x < 0 ? -value : value;
}
