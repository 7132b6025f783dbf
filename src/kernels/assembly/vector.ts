// The vector of 128 bits that every kernel works with: 4 float32 or 2 float64, by the type parameter T.

/** One number on every lane. */
// @ts-ignore: decorator
@inline
export function splat<T>(at: usize): v128 {
  if (sizeof<T>() == 4) return v128.load32_splat(at);
  return v128.load64_splat(at);
}

/** A constant of either precision on every lane. */
// @ts-ignore: decorator
@inline
export function all<T>(value: f64): v128 {
  if (sizeof<T>() == 4) return f32x4.splat(<f32>value);
  return f64x2.splat(value);
}

// @ts-ignore: decorator
@inline
export function fma<T>(sum: v128, x: v128, y: v128): v128 {
  return v128.add<T>(sum, v128.mul<T>(x, y));
}

/** The sum over lanes, in float64. */
// @ts-ignore: decorator
@inline
export function total<T>(x: v128): f64 {
  if (sizeof<T>() == 4) {
    const both = v128.add<f64>(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 1)));
    return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  }
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** Two partial sums in float64, with the lanes of x added. */
// @ts-ignore: decorator
@inline
export function addTo64<T>(sum: v128, x: v128): v128 {
  if (sizeof<T>() == 4)
    return v128.add<f64>(
      v128.add<f64>(sum, f64x2.promote_low_f32x4(x)),
      f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 1)),
    );
  return v128.add<f64>(sum, x);
}

/** Two float64 at `at`, plus the sums over the lanes of x and of y. */
// @ts-ignore: decorator
@inline
export function addBoth<T>(at: usize, x: v128, y: v128): void {
  let p = x,
    q = y;
  if (sizeof<T>() == 4) {
    p = v128.add<f64>(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(i64x2.shuffle(x, x, 1, 1)));
    q = v128.add<f64>(f64x2.promote_low_f32x4(y), f64x2.promote_low_f32x4(i64x2.shuffle(y, y, 1, 1)));
  }
  v128.store(at, v128.add<f64>(v128.load(at), v128.add<f64>(i64x2.shuffle(p, q, 0, 2), i64x2.shuffle(p, q, 1, 3))));
}

// @ts-ignore: decorator
@inline
export function addAt(at: usize, value: f64): void {
  store<f64>(at, load<f64>(at) + value);
}

/**
 * 2^n for whole n in the range of normal numbers; anything where n is NaN. In the sum with 1.5 2^23 (1.5 2^52), n and
 * the bias are the lowest bits, which a shift moves to the exponent.
 */
// @ts-ignore: decorator
@inline
export function powerOfTwo<T>(n: v128): v128 {
  if (sizeof<T>() == 4) return i32x4.shl(f32x4.add(n, f32x4.splat(12582912 + 127)), 23);
  return i64x2.shl(f64x2.add(n, f64x2.splat(6755399441055744.0 + 1023.0)), 52);
}
