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
  for (; count > 0; count--, weights += 8, y += length) {
    const a = v128.load64_splat(weights);
    for (let k: usize = 0; k < length; k += 16)
      v128.store(out + k, f64x2.add(v128.load(out + k), f64x2.mul(a, v128.load(y + k))));
  }
}

/**
 * out (size) += weight times the products of the rows of y (size × count) with a column: four rows at a time; those
 * past the last are the first of these four again.
 */
export function sumColumns(out: usize, y: usize, column: usize, size: i32, count: i32, weight: f64): void {
  const length = <usize>count * 8;
  for (let i = 0; i < size; i += 4, out += 32, y += 4 * length) {
    const y1 = i + 1 < size ? y + length : y,
      y2 = i + 2 < size ? y1 + length : y,
      y3 = i + 3 < size ? y2 + length : y;
    let a: f64 = 0,
      b: f64 = 0,
      c: f64 = 0,
      d: f64 = 0;
    for (let k: usize = 0; k < length; k += 8) {
      const v = load<f64>(column + k);
      a += load<f64>(y + k) * v;
      b += load<f64>(y1 + k) * v;
      c += load<f64>(y2 + k) * v;
      d += load<f64>(y3 + k) * v;
    }
    store<f64>(out, load<f64>(out) + weight * a);
    if (y1 > y) store<f64>(out, load<f64>(out, 8) + weight * b, 8);
    if (y2 > y) store<f64>(out, load<f64>(out, 16) + weight * c, 16);
    if (y3 > y) store<f64>(out, load<f64>(out, 24) + weight * d, 24);
  }
}
