import { fma } from "./vector";

/**
 * out[i] += value b[j] * c[k] over listed entries of a tensor of three modes, rows of so many columns: `coordinates`
 * has three indices of 32 bits an entry, and i, j and k are so many bytes from the first.
 */
export function listedProducts(
  out: usize,
  b: usize,
  c: usize,
  coordinates: usize,
  values: usize,
  count: i32,
  i: i32,
  j: i32,
  k: i32,
  rank: i32,
): void {
  const line = <usize>rank * 8,
    even = line & ~15,
    end = values + 8 * <usize>count;
  for (; values < end; values += 8, coordinates += 12) {
    const value = v128.load64_splat(values),
      to = out + <usize>load<u32>(coordinates + i) * line,
      p = b + <usize>load<u32>(coordinates + j) * line,
      q = c + <usize>load<u32>(coordinates + k) * line;
    for (let r: usize = 0; r < even; r += 16)
      v128.store(to + r, fma<f64>(v128.load(to + r), v128.mul<f64>(value, v128.load(p + r)), v128.load(q + r)));
    if (even < line)
      store<f64>(to + even, load<f64>(to + even) + load<f64>(values) * load<f64>(p + even) * load<f64>(q + even));
  }
}
