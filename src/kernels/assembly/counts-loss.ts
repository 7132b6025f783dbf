/** Counts up to this multiply the model up; the few beyond are left to the caller. */
const most: f64 = 15;

/**
 * The Poisson loss of `count` entries: y holds their model m, and becomes its derivative `1 - x / (m + 1e-10)`; entries
 * with x below 0 are missing, and their derivative is 0. There are no logarithms: `sum x log m = log prod m^x`, a
 * product whose exponent is taken out after every entry. The place after the last of x is written.
 *
 * @param sums - eight numbers, in two lanes each: sums of m, products in [1, 2), their exponents, and the least and the
 * largest of m + 1e-10 by turns
 * @param rest - pairs of x and m + 1e-10 that are in no product, as many as are returned
 */
export function countsLoss(y: usize, x: usize, count: i32, sums: usize, rest: usize): i32 {
  const one = f64x2.splat(1),
    end = y + 8 * <usize>count,
    after = load<f64>(end); // an odd last entry is followed by a missing one, with a model of 1
  store<f64>(x + 8 * <usize>count, -1);
  store<f64>(end, 1);
  let sum = f64x2.splat(0),
    product = one,
    exponents = i64x2.splat(0),
    least = one,
    largest = one,
    left = 0;
  for (; y < end; y += 16, x += 16) {
    const m = v128.load(y),
      entry = v128.load(x),
      seen = f64x2.ge(entry, f64x2.splat(0)),
      fits = f64x2.le(entry, f64x2.splat(most)),
      raised = f64x2.add(m, f64x2.splat(1e-10));
    least = f64x2.pmin(least, raised);
    largest = f64x2.pmax(largest, raised);
    sum = f64x2.add(sum, v128.and(m, seen));
    v128.store(y, v128.and(f64x2.sub(one, f64x2.div(entry, raised)), seen));
    // a whole number stands in the lowest bits of its sum with 1.5 2^52; here in both halves of its lane
    const whole = f64x2.add(v128.and(entry, v128.and(fits, seen)), f64x2.splat(6755399441055744.0)),
      n = i32x4.shuffle(whole, whole, 0, 0, 2, 2),
      second = f64x2.mul(raised, raised),
      fourth = f64x2.mul(second, second),
      eight = bit(n, 28);
    let power = f64x2.mul(
      f64x2.mul(v128.bitselect(raised, one, bit(n, 31)), v128.bitselect(second, one, bit(n, 30))),
      v128.bitselect(fourth, one, bit(n, 29)),
    );
    if (v128.any_true(eight)) power = f64x2.mul(power, v128.bitselect(f64x2.mul(fourth, fourth), one, eight));
    product = f64x2.mul(product, power);
    const exponent = i64x2.shr_u(product, 52);
    exponents = i64x2.add(exponents, exponent);
    product = v128.or(i64x2.sub(product, i64x2.shl(exponent, 52)), one);
    if (i64x2.all_true(fits)) continue;
    if (i64x2.extract_lane(fits, 0) == 0)
      left = keep(rest, left, f64x2.extract_lane(entry, 0), f64x2.extract_lane(raised, 0));
    if (i64x2.extract_lane(fits, 1) == 0)
      left = keep(rest, left, f64x2.extract_lane(entry, 1), f64x2.extract_lane(raised, 1));
  }
  store<f64>(end, after);
  exponents = i64x2.sub(exponents, i64x2.splat(1023 * <i64>((count + 1) >> 1)));
  v128.store(sums, sum);
  v128.store(sums, product, 16);
  // a whole number of this size is the difference of two sums with 1.5 2^52
  const shifted = i64x2.add(exponents, i64x2.splat(0x4338000000000000));
  v128.store(sums, f64x2.sub(shifted, f64x2.splat(6755399441055744.0)), 32);
  store<f64>(sums, Math.min(f64x2.extract_lane(least, 0), f64x2.extract_lane(least, 1)), 48);
  store<f64>(sums, Math.max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1)), 56);
  return left;
}

/** All ones where the bit that a shift by so much makes the highest is set. */
// @ts-ignore: decorator
@inline
function bit(n: v128, shift: i32): v128 {
  return i32x4.shr_s(i32x4.shl(n, shift), 31);
}

// @ts-ignore: decorator
@inline
function keep(rest: usize, left: i32, entry: f64, raised: f64): i32 {
  const to = rest + 16 * <usize>left;
  store<f64>(to, entry);
  store<f64>(to + 8, raised);
  return left + 1;
}
