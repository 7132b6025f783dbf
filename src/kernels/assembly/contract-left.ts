import { fma } from "./vector";

/**
 * outT (rank × columns) += w' x, w (rows × rank): eight columns of two rows of outT at a time, over all rows of x. Rows
 * of outT begin `step` bytes after each other. Of all entries (r, k) those with r below `reach` plus k, rounded down
 * to a multiple of eight, and more in the last columns.
 */
export function left(
  outT: usize,
  x: usize,
  w: usize,
  rows: i32,
  columns: i32,
  rank: i32,
  reach: i32,
  step: usize,
): void {
  const length = <usize>columns * 8,
    wide = length & ~63,
    line = <usize>rank * 8;
  for (let k: usize = 0; k < wide; k += 64) {
    const end = min(rank, <i32>(k >> 3) + reach);
    let r = 0,
      to = outT + k,
      at = w;
    for (; r + 1 < end; r += 2, to += 2 * step, at += 16) {
      const next = to + step;
      let a0 = v128.load(to),
        a1 = v128.load(to, 16),
        a2 = v128.load(to, 32),
        a3 = v128.load(to, 48);
      let b0 = v128.load(next),
        b1 = v128.load(next, 16),
        b2 = v128.load(next, 32),
        b3 = v128.load(next, 48);
      for (let i = 0, from = x + k, weight = at; i < rows; i++, from += length, weight += line) {
        const p = v128.load64_splat(weight),
          q = v128.load64_splat(weight, 8);
        let v = v128.load(from);
        a0 = fma<f64>(a0, v, p);
        b0 = fma<f64>(b0, v, q);
        v = v128.load(from, 16);
        a1 = fma<f64>(a1, v, p);
        b1 = fma<f64>(b1, v, q);
        v = v128.load(from, 32);
        a2 = fma<f64>(a2, v, p);
        b2 = fma<f64>(b2, v, q);
        v = v128.load(from, 48);
        a3 = fma<f64>(a3, v, p);
        b3 = fma<f64>(b3, v, q);
      }
      v128.store(to, a0);
      v128.store(to, a1, 16);
      v128.store(to, a2, 32);
      v128.store(to, a3, 48);
      v128.store(next, b0);
      v128.store(next, b1, 16);
      v128.store(next, b2, 32);
      v128.store(next, b3, 48);
    }
    if (r < end) {
      let a0 = v128.load(to),
        a1 = v128.load(to, 16),
        a2 = v128.load(to, 32),
        a3 = v128.load(to, 48);
      for (let i = 0, from = x + k, weight = at; i < rows; i++, from += length, weight += line) {
        const p = v128.load64_splat(weight);
        a0 = fma<f64>(a0, v128.load(from), p);
        a1 = fma<f64>(a1, v128.load(from, 16), p);
        a2 = fma<f64>(a2, v128.load(from, 32), p);
        a3 = fma<f64>(a3, v128.load(from, 48), p);
      }
      v128.store(to, a0);
      v128.store(to, a1, 16);
      v128.store(to, a2, 32);
      v128.store(to, a3, 48);
    }
  }
  // two columns of two rows of outT; the last row of an odd number is both, and where the last column is alone, what is
  // read past it is not written
  for (let k = wide; k < length; k += 16)
    for (let r = 0, to = outT + k, at = w; r < rank; r += 2, to += 2 * step, at += 16) {
      const other = r + 1 < rank ? at + 8 : at,
        next = r + 1 < rank ? to + step : to;
      let a = v128.load(to),
        b = v128.load(next);
      for (let i = 0, from = x + k, skip: usize = 0; i < rows; i++, from += length, skip += line) {
        const v = v128.load(from);
        a = fma<f64>(a, v, v128.load64_splat(at + skip));
        b = fma<f64>(b, v, v128.load64_splat(other + skip));
      }
      if (k + 8 < length) {
        v128.store(to, a);
        v128.store(next, b);
      } else {
        v128.store64_lane(to, a, 0);
        v128.store64_lane(next, b, 0);
      }
    }
}
