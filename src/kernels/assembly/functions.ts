import { all, fma, powerOfTwo } from "./vector";

// exp, expm1, tanh, log and log1p of a vector, by the formulas and constants of ../functions.ts.

// @ts-ignore: decorator
@inline
const log2e: f64 = 1.4426950408889634;

/** r of x = n ln 2 + r, |r| <= ln 2 / 2. */
// @ts-ignore: decorator
@inline
function rest<T>(x: v128, n: v128): v128 {
  if (sizeof<T>() == 4)
    return v128.sub<T>(v128.sub<T>(x, v128.mul<T>(n, all<T>(0.693359375))), v128.mul<T>(n, all<T>(-2.1219444e-4)));
  return v128.sub<T>(
    v128.sub<T>(x, v128.mul<T>(n, all<T>(6.93145751953125e-1))),
    v128.mul<T>(n, all<T>(1.4286068203094172e-6)),
  );
}

/** P and Q of exp(r) = 1 + 2P / (Q - P). */
// @ts-ignore: decorator
@inline
function p<T>(r: v128, r2: v128): v128 {
  if (sizeof<T>() == 4) return v128.mul<T>(r, v128.add<T>(r2, all<T>(60)));
  return v128.mul<T>(
    r,
    fma<T>(all<T>(1), r2, fma<T>(all<T>(3.0299440770744196e-2), r2, all<T>(1.2617719307481059e-4))),
  );
}
// @ts-ignore: decorator
@inline
function q<T>(r2: v128): v128 {
  if (sizeof<T>() == 4) return fma<T>(all<T>(120), r2, all<T>(12));
  return fma<T>(
    all<T>(2),
    r2,
    fma<T>(all<T>(2.2726554820815503e-1), r2, fma<T>(all<T>(2.524483403496841e-3), r2, all<T>(3.001985051386645e-6))),
  );
}

// @ts-ignore: decorator
@inline
export function exp<T>(x: v128): v128 {
  const low = sizeof<T>() == 4 ? -104.0 : -746.0,
    high = sizeof<T>() == 4 ? 89.0 : 710.0;
  const y = v128.pmax<T>(v128.pmin<T>(x, all<T>(high)), all<T>(low));
  const n = v128.nearest<T>(v128.mul<T>(y, all<T>(log2e))),
    r = rest<T>(y, n),
    r2 = v128.mul<T>(r, r);
  const P = p<T>(r, r2),
    Q = q<T>(r2);
  const half = v128.floor<T>(v128.mul<T>(n, all<T>(0.5))); // two factors reach where 2^n alone is no normal number
  return v128.mul<T>(
    v128.mul<T>(v128.div<T>(v128.add<T>(Q, P), v128.sub<T>(Q, P)), powerOfTwo<T>(half)),
    powerOfTwo<T>(v128.sub<T>(n, half)),
  );
}

/** 1 - exp(-h) for h >= 0, without cancellation. */
// @ts-ignore: decorator
@inline
export function oneMinusExp<T>(h: v128): v128 {
  const y = v128.neg<T>(v128.pmin<T>(h, all<T>(40)));
  const n = v128.nearest<T>(v128.mul<T>(y, all<T>(log2e))),
    r = rest<T>(y, n),
    r2 = v128.mul<T>(r, r);
  const P = p<T>(r, r2),
    D = v128.sub<T>(q<T>(r2), P),
    s = powerOfTwo<T>(n);
  return v128.div<T>(v128.sub<T>(v128.mul<T>(v128.sub<T>(all<T>(1), s), D), v128.mul<T>(v128.add<T>(s, s), P)), D);
}

// @ts-ignore: decorator
@inline
export function tanh<T>(x: v128): v128 {
  // pmin keeps a NaN on its left, in one instruction
  const y = v128.pmin<T>(v128.add<T>(v128.abs<T>(x), v128.abs<T>(x)), all<T>(sizeof<T>() == 4 ? 20 : 40));
  const n = v128.nearest<T>(v128.mul<T>(y, all<T>(log2e))),
    r = rest<T>(y, n),
    r2 = v128.mul<T>(r, r);
  const P = p<T>(r, r2),
    D = v128.sub<T>(q<T>(r2), P),
    s = powerOfTwo<T>(n),
    one = all<T>(1);
  const sP = v128.mul<T>(v128.add<T>(s, s), P);
  const value = v128.div<T>(fma<T>(sP, v128.sub<T>(s, one), D), fma<T>(sP, v128.add<T>(s, one), D));
  const sign = sizeof<T>() == 4 ? i32x4.splat(0x80000000) : i64x2.splat(0x8000000000000000);
  return v128.or(value, v128.and(x, sign));
}

/** log1p(w) / w for 0 <= w <= 1: with s = w / (2 + w), 2 / (2 + w) times the series of atanh(s) / s. */
// @ts-ignore: decorator
@inline
export function log1pOver<T>(w: v128): v128 {
  const two = v128.add<T>(w, all<T>(2)),
    s = v128.div<T>(w, two),
    s2 = v128.mul<T>(s, s);
  return v128.div<T>(v128.mul<T>(all<T>(2), atanhOver<T>(s2)), two);
}

/** atanh(s) / s = 1 + s²/3 + s⁴/5 + ...: enough terms for s² <= 1/9. */
// @ts-ignore: decorator
@inline
function atanhOver<T>(s2: v128): v128 {
  let sum: v128;
  if (sizeof<T>() == 4) sum = all<T>(1 / 17.0);
  else {
    sum = all<T>(1 / 35.0);
    sum = fma<T>(all<T>(1 / 33.0), sum, s2);
    sum = fma<T>(all<T>(1 / 31.0), sum, s2);
    sum = fma<T>(all<T>(1 / 29.0), sum, s2);
    sum = fma<T>(all<T>(1 / 27.0), sum, s2);
    sum = fma<T>(all<T>(1 / 25.0), sum, s2);
    sum = fma<T>(all<T>(1 / 23.0), sum, s2);
    sum = fma<T>(all<T>(1 / 21.0), sum, s2);
    sum = fma<T>(all<T>(1 / 19.0), sum, s2);
    sum = fma<T>(all<T>(1 / 17.0), sum, s2);
  }
  sum = fma<T>(all<T>(1 / 15.0), sum, s2);
  sum = fma<T>(all<T>(1 / 13.0), sum, s2);
  sum = fma<T>(all<T>(1 / 11.0), sum, s2);
  sum = fma<T>(all<T>(1 / 9.0), sum, s2);
  sum = fma<T>(all<T>(1 / 7.0), sum, s2);
  sum = fma<T>(all<T>(1 / 5.0), sum, s2);
  sum = fma<T>(all<T>(1 / 3.0), sum, s2);
  return fma<T>(all<T>(1), sum, s2);
}

// @ts-ignore: decorator
@inline
export function softplus<T>(x: v128): v128 {
  const w = exp<T>(v128.neg<T>(v128.abs<T>(x)));
  return fma<T>(v128.max<T>(x, all<T>(0)), w, log1pOver<T>(w));
}

/** log of normal positive numbers: v = 2^k m, m in [sqrt(1/2), sqrt 2). */
// @ts-ignore: decorator
@inline
export function log<T>(v: v128): v128 {
  let k: v128, m: v128;
  if (sizeof<T>() == 4) {
    const e = i32x4.shr_s(i32x4.sub(v, i32x4.splat(0x3f3504f3)), 23);
    m = i32x4.sub(v, i32x4.shl(e, 23));
    k = f32x4.convert_i32x4_s(e);
  } else {
    const e = i64x2.shr_s(i64x2.sub(v, i64x2.splat(0x3fe6a09e667f3bcd)), 52);
    m = i64x2.sub(v, i64x2.shl(e, 52));
    k = f64x2.convert_low_i32x4_s(i8x16.shuffle(e, e, 0, 1, 2, 3, 8, 9, 10, 11, 0, 1, 2, 3, 8, 9, 10, 11));
  }
  const one = all<T>(1),
    s = v128.div<T>(v128.sub<T>(m, one), v128.add<T>(m, one)),
    s2 = v128.mul<T>(s, s);
  const logM = v128.mul<T>(v128.add<T>(s, s), atanhOver<T>(s2));
  return fma<T>(logM, k, all<T>(0.6931471805599453));
}
