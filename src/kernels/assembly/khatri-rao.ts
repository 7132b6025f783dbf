import { fma } from "./vector";

// Row number `i size + j` of the Khatri-Rao product of p and q, q with `size` rows, is row i of p times row j of q,
// entry by entry; all have `rank` columns.

/** So many rows of the product, from `first` on. */
export function khatriRaoRows(w: usize, p: usize, q: usize, first: i32, count: i32, size: i32, rank: i32): void {
  const line = <usize>rank * 8,
    even = line & ~15;
  let j = first % size;
  p += <usize>(first / size) * line;
  for (let row = 0, b = q + <usize>j * line; row < count; row++, w += line) {
    for (let r: usize = 0; r < even; r += 16) v128.store(w + r, f64x2.mul(v128.load(p + r), v128.load(b + r)));
    if (even < line) store<f64>(w + even, load<f64>(p + even) * load<f64>(b + even));
    b += line;
    if (++j < size) continue;
    j = 0;
    b = q;
    p += line;
  }
}

/** What gradients y in these rows add to those in p and in q. */
export function khatriRaoAdjoint(
  y: usize,
  p: usize,
  q: usize,
  dp: usize,
  dq: usize,
  first: i32,
  count: i32,
  size: i32,
  rank: i32,
): void {
  const line = <usize>rank * 8,
    even = line & ~15,
    last = <usize>size * line;
  p += <usize>(first / size) * line;
  dp += <usize>(first / size) * line;
  for (let row = 0, j = <usize>(first % size) * line; row < count; row++, y += line) {
    for (let r: usize = 0; r < even; r += 16) {
      const g = v128.load(y + r);
      v128.store(dp + r, fma<f64>(v128.load(dp + r), g, v128.load(q + j + r)));
      v128.store(dq + j + r, fma<f64>(v128.load(dq + j + r), g, v128.load(p + r)));
    }
    if (even < line) {
      const g = load<f64>(y + even);
      store<f64>(dp + even, load<f64>(dp + even) + g * load<f64>(q + j + even));
      store<f64>(dq + j + even, load<f64>(dq + j + even) + g * load<f64>(p + even));
    }
    j += line;
    if (j < last) continue;
    j = 0;
    p += line;
    dp += line;
  }
}
