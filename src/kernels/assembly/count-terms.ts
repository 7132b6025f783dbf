import { exp, log1pOver } from "./functions";

// The loss of counts x under a model m is f(m) for all entries, as if x was 0, and terms for those where it is not.
// Sums of logarithms are logarithms of products, whose exponent is taken out after every factor.

/** Between these plus 1e-10, fifteen factors of a model stay within the range of doubles. */
const smallest: f64 = -9e-11,
  biggest: f64 = 1e19;

/** `d = 1`; f(m) = m. `sums`: of m, in two lanes. Returns 1 where products of all m stay within range, else 0. */
export function flat(d: usize, m: usize, count: i32, sums: usize): i32 {
  const one = f64x2.splat(1),
    end = m + 8 * <usize>(count & ~3);
  let a = f64x2.splat(0),
    b = a,
    inRange = i64x2.splat(-1);
  for (; m < end; m += 32, d += 32) {
    const p = v128.load(m),
      q = v128.load(m, 16);
    a = f64x2.add(a, p);
    b = f64x2.add(b, q);
    inRange = v128.and(inRange, v128.and(within(p), within(q)));
    v128.store(d, one);
    v128.store(d, one, 16);
  }
  for (let i = count & 3; i > 0; i--, m += 8, d += 8) {
    const p = v128.load64_zero(m);
    a = f64x2.add(a, p);
    inRange = v128.and(inRange, within(p));
    store<f64>(d, 1);
  }
  v128.store(sums, f64x2.add(a, b));
  return i32(i64x2.all_true(inRange));
}

/**
 * `d = weight / (1 + m)`; f(m) = weight log(1 + m). `sums`: the product of all 1 + m as mantissas and exponents, in two
 * lanes each. Returns as {@link flat} does.
 */
export function odds(d: usize, m: usize, count: i32, weight: f64, sums: usize): i32 {
  const one = f64x2.splat(1),
    w = f64x2.splat(weight),
    end = m + 8 * <usize>(count & ~1);
  let product = one,
    exponents = i64x2.splat(0),
    inRange = i64x2.splat(-1);
  for (; m < end; m += 16, d += 16) {
    const p = v128.load(m),
      raised = f64x2.add(p, one);
    inRange = v128.and(inRange, within(p));
    v128.store(d, f64x2.div(w, raised));
    product = f64x2.mul(product, raised);
    exponents = i64x2.add(exponents, i64x2.shr_u(product, 52));
    product = mantissa(product);
  }
  if (count & 1) {
    const p = v128.load64_splat(m),
      raised = f64x2.replace_lane(f64x2.add(p, one), 1, 1);
    inRange = v128.and(inRange, within(p));
    v128.store64_lane(d, f64x2.div(w, raised), 0);
    product = f64x2.mul(product, raised);
    exponents = i64x2.add(exponents, i64x2.shr_u(product, 52));
    product = mantissa(product);
  }
  v128.store(sums, product);
  v128.store(sums, unbiased(exponents, (count + 1) >> 1), 16);
  return i32(i64x2.all_true(inRange));
}

/** `d = exp(m)`; f(m) = exp(m), and its sum. The number after the last of m is written. */
export function exponential(d: usize, m: usize, count: i32): f64 {
  let sum = f64x2.splat(0);
  store<f64>(m + 8 * <usize>count, -Infinity);
  for (const end = m + 8 * <usize>count; m < end; m += 16, d += 16) {
    const value = exp<f64>(v128.load(m));
    sum = f64x2.add(sum, value);
    v128.store(d, value);
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** `d = 1 / (1 + exp(-m))`; f(m) = log(1 + exp(m)), and its sum. The number after the last of m is written. */
export function logistic(d: usize, m: usize, count: i32): f64 {
  const one = f64x2.splat(1),
    zero = f64x2.splat(0);
  let sum = zero;
  store<f64>(m + 8 * <usize>count, -Infinity);
  for (const end = m + 8 * <usize>count; m < end; m += 16, d += 16) {
    const x = v128.load(m),
      w = exp<f64>(f64x2.neg(f64x2.abs(x))),
      inverse = f64x2.div(one, f64x2.add(one, w));
    sum = f64x2.add(sum, f64x2.add(f64x2.max(x, zero), f64x2.mul(w, log1pOver<f64>(w))));
    v128.store(d, f64x2.mul(inverse, v128.bitselect(one, w, f64x2.gt(x, zero))));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * At so many places, `d -= x / (m + shift)`, all x the same. `sums`: the product of all m + shift, as mantissas and
 * exponents in two lanes each.
 */
export function overModel(
  d: usize,
  m: usize,
  places: usize,
  count: i32,
  x: f64,
  shift: f64,
  sums: usize,
): void {
  const entry = f64x2.splat(x),
    raise = f64x2.splat(shift),
    one = f64x2.splat(1);
  let p = one,
    q = one,
    exponents = i64x2.splat(0);
  for (let i = count >> 2; i > 0; i--, places += 8) {
    const at0 = 8 * <usize>load<u16>(places),
      at1 = 8 * <usize>load<u16>(places, 2),
      at2 = 8 * <usize>load<u16>(places, 4),
      at3 = 8 * <usize>load<u16>(places, 6),
      a = f64x2.add(v128.load64_lane(m + at1, v128.load64_zero(m + at0), 1), raise),
      b = f64x2.add(v128.load64_lane(m + at3, v128.load64_zero(m + at2), 1), raise);
    const c = v128.load64_lane(d + at1, v128.load64_zero(d + at0), 1),
      e = v128.load64_lane(d + at3, v128.load64_zero(d + at2), 1);
    const slopes = f64x2.sub(c, f64x2.div(entry, a)),
      others = f64x2.sub(e, f64x2.div(entry, b));
    v128.store64_lane(d + at0, slopes, 0);
    v128.store64_lane(d + at1, slopes, 1);
    v128.store64_lane(d + at2, others, 0);
    v128.store64_lane(d + at3, others, 1);
    p = f64x2.mul(p, a);
    q = f64x2.mul(q, b);
    exponents = i64x2.add(exponents, i64x2.add(i64x2.shr_u(p, 52), i64x2.shr_u(q, 52)));
    p = mantissa(p);
    q = mantissa(q);
  }
  for (let i = count & 3; i > 0; i--, places += 2) {
    const at = 8 * <usize>load<u16>(places),
      a = f64x2.replace_lane(f64x2.add(v128.load64_zero(m + at), raise), 1, 1);
    store<f64>(d + at, load<f64>(d + at) - x / f64x2.extract_lane(a, 0));
    p = f64x2.mul(p, a);
    exponents = i64x2.add(exponents, i64x2.shr_u(p, 52));
    p = mantissa(p);
  }
  v128.store(sums, f64x2.mul(p, q));
  v128.store(sums, unbiased(exponents, 2 * (count >> 2) + (count & 3)), 16);
}

/** At so many places, `d -= x`, all x the same. Returns the sum of m there. */
export function timesModel(d: usize, m: usize, places: usize, count: i32, x: f64): f64 {
  let sum: f64 = 0;
  for (const end = places + 2 * <usize>count; places < end; places += 2) {
    const at = 8 * <usize>load<u16>(places);
    sum += load<f64>(m + at);
    store<f64>(d + at, load<f64>(d + at) - x);
  }
  return sum;
}

/** Writes one value at so many places. */
export function writeAt(d: usize, places: usize, count: i32, value: f64): void {
  for (const end = places + 2 * <usize>count; places < end; places += 2)
    store<f64>(d + 8 * <usize>load<u16>(places), value);
}

// @ts-ignore: decorator
@inline
function within(m: v128): v128 {
  return v128.and(f64x2.ge(m, f64x2.splat(smallest)), f64x2.le(m, f64x2.splat(biggest)));
}

/** The number in [1, 2) with the digits of a positive one. */
// @ts-ignore: decorator
@inline
function mantissa(product: v128): v128 {
  return v128.or(v128.and(product, i64x2.splat(0x000fffffffffffff)), f64x2.splat(1));
}

/** The sum of so many biased exponents in each lane, as doubles: whole numbers, from their sums with 1.5 2^52. */
// @ts-ignore: decorator
@inline
function unbiased(exponents: v128, count: i32): v128 {
  const sum = i64x2.sub(exponents, i64x2.splat(1023 * <i64>count));
  return f64x2.sub(i64x2.add(sum, i64x2.splat(0x4338000000000000)), f64x2.splat(6755399441055744.0));
}
