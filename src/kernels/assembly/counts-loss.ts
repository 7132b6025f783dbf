/** Between these, fifteen factors of a model stay within the range of doubles. */
const smallest: f64 = 1e-11,
  biggest: f64 = 1e19;

/** Counts up to this multiply the model up; the few beyond are left to the caller. */
const most: f64 = 15;

/**
 * The Poisson loss of `count` entries: y holds their model m, and becomes its derivative `1 - x / (m + 1e-10)`; entries
 * with x below 0 are missing, and their derivative is 0. There are no logarithms: `sum x log m = log prod m^x`, a
 * product whose exponent is taken out after every entry. The place after the last of x is written.
 *
 * @param sums - six numbers, in two lanes each: sums of m, products in [1, 2), and their exponents
 * @param rest - pairs of x and m + 1e-10 that are in no product
 * @returns how many pairs; -1, and y stays as it is, where a model is out of range
 */
export function countsLoss(y: usize, x: usize, count: i32, sums: usize, rest: usize): i32 {
  const one = f64x2.splat(1),
    end = y + 8 * <usize>count,
    after = load<f64>(end); // an odd last entry is followed by a missing one, with a model of 1
  store<f64>(x + 8 * <usize>count, -1);
  store<f64>(end, 1);
  let inRange = i64x2.splat(-1);
  for (let at = y; at < end; at += 16) {
    const raised = f64x2.add(v128.load(at), f64x2.splat(1e-10));
    inRange = v128.and(inRange, f64x2.ge(raised, f64x2.splat(smallest)));
    inRange = v128.and(inRange, f64x2.le(raised, f64x2.splat(biggest)));
  }
  if (!i64x2.all_true(inRange)) {
    store<f64>(end, after);
    return -1;
  }
  let sum = f64x2.splat(0),
    product = one,
    exponents = i64x2.splat(0),
    left = 0;
  for (; y < end; y += 16, x += 16) {
    const m = v128.load(y),
      entry = v128.load(x),
      seen = f64x2.ge(entry, f64x2.splat(0)),
      raised = f64x2.add(m, f64x2.splat(1e-10)),
      second = f64x2.mul(raised, raised);
    sum = f64x2.add(sum, v128.and(m, seen));
    v128.store(y, v128.and(f64x2.sub(one, f64x2.div(entry, raised)), seen));
    let power: v128;
    if (v128.any_true(f64x2.gt(entry, f64x2.splat(3)))) {
      const fits = f64x2.le(entry, f64x2.splat(most)),
        n = bits(v128.and(entry, v128.and(fits, seen))),
        fourth = f64x2.mul(second, second);
      power = f64x2.mul(factor(raised, n, 31), factor(second, n, 30));
      power = f64x2.mul(f64x2.mul(power, factor(fourth, n, 29)), factor(f64x2.mul(fourth, fourth), n, 28));
      if (i64x2.extract_lane(fits, 0) == 0)
        left = keep(rest, left, f64x2.extract_lane(entry, 0), f64x2.extract_lane(raised, 0));
      if (i64x2.extract_lane(fits, 1) == 0)
        left = keep(rest, left, f64x2.extract_lane(entry, 1), f64x2.extract_lane(raised, 1));
    } else {
      const n = bits(v128.and(entry, seen));
      power = f64x2.mul(factor(raised, n, 31), factor(second, n, 30));
    }
    product = f64x2.mul(product, power);
    const exponent = i64x2.shr_u(product, 52);
    exponents = i64x2.add(exponents, exponent);
    product = v128.or(i64x2.sub(product, i64x2.shl(exponent, 52)), one);
  }
  store<f64>(end, after);
  exponents = i64x2.sub(exponents, i64x2.splat(1023 * <i64>((count + 1) >> 1)));
  v128.store(sums, sum);
  v128.store(sums, product, 16);
  // a whole number of this size is the difference of two sums with 1.5 2^52
  const shifted = i64x2.add(exponents, i64x2.splat(0x4338000000000000));
  v128.store(sums, f64x2.sub(shifted, f64x2.splat(6755399441055744.0)), 32);
  return left;
}

/** A whole number stands in the lowest bits of its sum with 1.5 2^52; here in both halves of its lane. */
// @ts-ignore: decorator
@inline
function bits(entry: v128): v128 {
  const whole = f64x2.add(entry, f64x2.splat(6755399441055744.0));
  return i32x4.shuffle(whole, whole, 0, 0, 2, 2);
}

/** The factor where the bit that a shift by so much makes the highest is set, else 1. */
// @ts-ignore: decorator
@inline
function factor(value: v128, n: v128, shift: i32): v128 {
  return v128.bitselect(value, f64x2.splat(1), i32x4.shr_s(i32x4.shl(n, shift), 31));
}

// @ts-ignore: decorator
@inline
function keep(rest: usize, left: i32, entry: f64, raised: f64): i32 {
  const to = rest + 16 * <usize>left;
  store<f64>(to, entry);
  store<f64>(to + 8, raised);
  return left + 1;
}
