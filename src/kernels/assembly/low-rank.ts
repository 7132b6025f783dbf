import { fma } from "./vector";

/**
 * m (rows × columns) = w c, w (rows × rank), c (rank × columns): two rows by eight columns at a time, then by two,
 * then by one.
 */
export function lowRank(m: usize, w: usize, c: usize, rows: i32, columns: i32, rank: i32): void {
  const length = <usize>columns * 8,
    wide = length & ~63,
    even = length & ~15,
    line = <usize>rank * 8;
  for (let i = 0; i < rows; i += 2, m += 2 * length, w += 2 * line) {
    // a row past the last is the last again
    const next = i + 1 < rows ? length : 0,
      step = i + 1 < rows ? line : 0;
    for (let k: usize = 0; k < wide; k += 64) {
      let a0 = f64x2.splat(0),
        a1 = a0,
        a2 = a0,
        a3 = a0,
        b0 = a0,
        b1 = a0,
        b2 = a0,
        b3 = a0;
      for (let r: usize = 0, from = c + k; r < line; r += 8, from += length) {
        const p = v128.load64_splat(w + r),
          q = v128.load64_splat(w + step + r);
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
      const to = m + k;
      v128.store(to, a0);
      v128.store(to, a1, 16);
      v128.store(to, a2, 32);
      v128.store(to, a3, 48);
      v128.store(to + next, b0);
      v128.store(to + next, b1, 16);
      v128.store(to + next, b2, 32);
      v128.store(to + next, b3, 48);
    }
    for (let k = wide; k < even; k += 16) {
      let a = f64x2.splat(0),
        b = a;
      for (let r: usize = 0, from = c + k; r < line; r += 8, from += length) {
        const v = v128.load(from);
        a = fma<f64>(a, v, v128.load64_splat(w + r));
        b = fma<f64>(b, v, v128.load64_splat(w + step + r));
      }
      v128.store(m + k, a);
      v128.store(m + next + k, b);
    }
    if (even < length) {
      let a: f64 = 0,
        b: f64 = 0;
      for (let r: usize = 0, from = c + even; r < line; r += 8, from += length) {
        a += load<f64>(from) * load<f64>(w + r);
        b += load<f64>(from) * load<f64>(w + step + r);
      }
      store<f64>(m + even, a);
      store<f64>(m + next + even, b);
    }
  }
}
