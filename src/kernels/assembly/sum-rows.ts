import { left } from "./contract-left";
import { fma } from "./vector";

/**
 * out (size) += the sum of `count` rows of y (count × size), each times its weight: four rows at a time, so that sums
 * are stored a quarter as often. Where size is odd, one number after the last of out is written too.
 */
export function sumRows(out: usize, y: usize, weights: usize, count: i32, size: i32): void {
  const length = <usize>size * 8;
  for (; count >= 4; count -= 4, weights += 32, y += 4 * length) {
    const a = v128.load64_splat(weights),
      b = v128.load64_splat(weights, 8),
      c = v128.load64_splat(weights, 16),
      d = v128.load64_splat(weights, 24);
    for (let k: usize = 0, from = y; k < length; k += 16, from += 16) {
      const second = from + length,
        third = second + length;
      const first = f64x2.add(f64x2.mul(a, v128.load(from)), f64x2.mul(b, v128.load(second))),
        rest = f64x2.add(f64x2.mul(c, v128.load(third)), f64x2.mul(d, v128.load(third + length)));
      v128.store(out + k, f64x2.add(v128.load(out + k), f64x2.add(first, rest)));
    }
  }
  left(out, y, weights, count, size, 1, 1, 0);
}

/**
 * out (size) += weight times the products of the rows of y (size × count) with a column: four rows at a time, so up to
 * three rows past the last are read, and as many numbers past the last of out written.
 */
export function sumColumns(out: usize, y: usize, column: usize, size: i32, count: i32, weight: f64): void {
  const length = <usize>count * 8,
    times = f64x2.splat(weight);
  for (; size > 0; size -= 4, out += 32, y += 4 * length) {
    let a = f64x2.splat(0),
      b = a;
    for (let k: usize = 0, from = y; k < length; k += 8, from += 8) {
      const v = v128.load64_splat(column + k),
        third = from + 2 * length;
      a = fma<f64>(a, v128.load64_lane(from + length, v128.load64_zero(from), 1), v);
      b = fma<f64>(b, v128.load64_lane(third + length, v128.load64_zero(third), 1), v);
    }
    v128.store(out, fma<f64>(v128.load(out), a, times));
    v128.store(out, fma<f64>(v128.load(out, 16), b, times), 16);
  }
}
