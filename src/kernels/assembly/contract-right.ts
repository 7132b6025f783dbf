import { fma, total } from "./vector";

// The passes over a tensor, seen as a matrix x (rows × columns) of float64, that a sweep of ALS makes. Eight sums at a
// time stay in registers.

/**
 * y (rows × rank) += x c, c given as its transpose cT (rank × columns), four rows of x by two of cT at a time: the
 * entries (i, r) with r below `reach` plus i, rounded down to a multiple of four; entry (i, r) is at
 * y + i line + r step.
 */
export function right(
  y: usize,
  x: usize,
  cT: usize,
  rows: i32,
  columns: i32,
  rank: i32,
  reach: i32,
  line: usize,
  step: usize,
): void {
  const length = <usize>columns * 8,
    even = length & ~15;
  for (let i = 0; i < rows; i += 4, y += 4 * line, x += 4 * length) {
    // rows past the last are the first of these four again: one sum is written to one place several times
    const x1 = i + 1 < rows ? x + length : x,
      x2 = i + 2 < rows ? x1 + length : x,
      x3 = i + 3 < rows ? x2 + length : x;
    const end = min(rank, i + reach);
    let r = 0,
      c = cT,
      to = y,
      to1 = i + 1 < rows ? y + line : y,
      to2 = i + 2 < rows ? to1 + line : y,
      to3 = i + 3 < rows ? to2 + line : y;
    for (; r + 1 < end; r += 2, c += 2 * length) {
      const d = c + length;
      let a0 = v128.load64_zero(to),
        a1 = v128.load64_zero(to1),
        a2 = v128.load64_zero(to2),
        a3 = v128.load64_zero(to3),
        b0 = v128.load64_zero(to + step),
        b1 = v128.load64_zero(to1 + step),
        b2 = v128.load64_zero(to2 + step),
        b3 = v128.load64_zero(to3 + step);
      for (let k: usize = 0; k < even; k += 16) {
        const p = v128.load(c + k),
          q = v128.load(d + k);
        let v = v128.load(x + k);
        a0 = fma<f64>(a0, v, p);
        b0 = fma<f64>(b0, v, q);
        v = v128.load(x1 + k);
        a1 = fma<f64>(a1, v, p);
        b1 = fma<f64>(b1, v, q);
        v = v128.load(x2 + k);
        a2 = fma<f64>(a2, v, p);
        b2 = fma<f64>(b2, v, q);
        v = v128.load(x3 + k);
        a3 = fma<f64>(a3, v, p);
        b3 = fma<f64>(b3, v, q);
      }
      if (even < length) {
        const p = v128.load64_zero(c + even),
          q = v128.load64_zero(d + even);
        let v = v128.load64_zero(x + even);
        a0 = fma<f64>(a0, v, p);
        b0 = fma<f64>(b0, v, q);
        v = v128.load64_zero(x1 + even);
        a1 = fma<f64>(a1, v, p);
        b1 = fma<f64>(b1, v, q);
        v = v128.load64_zero(x2 + even);
        a2 = fma<f64>(a2, v, p);
        b2 = fma<f64>(b2, v, q);
        v = v128.load64_zero(x3 + even);
        a3 = fma<f64>(a3, v, p);
        b3 = fma<f64>(b3, v, q);
      }
      store<f64>(to, total<f64>(a0));
      store<f64>(to1, total<f64>(a1));
      store<f64>(to2, total<f64>(a2));
      store<f64>(to3, total<f64>(a3));
      store<f64>(to + step, total<f64>(b0));
      store<f64>(to1 + step, total<f64>(b1));
      store<f64>(to2 + step, total<f64>(b2));
      store<f64>(to3 + step, total<f64>(b3));
      to += 2 * step;
      to1 += 2 * step;
      to2 += 2 * step;
      to3 += 2 * step;
    }
    if (r < end) {
      let a0 = v128.load64_zero(to),
        a1 = v128.load64_zero(to1),
        a2 = v128.load64_zero(to2),
        a3 = v128.load64_zero(to3);
      for (let k: usize = 0; k < even; k += 16) {
        const p = v128.load(c + k);
        a0 = fma<f64>(a0, v128.load(x + k), p);
        a1 = fma<f64>(a1, v128.load(x1 + k), p);
        a2 = fma<f64>(a2, v128.load(x2 + k), p);
        a3 = fma<f64>(a3, v128.load(x3 + k), p);
      }
      if (even < length) {
        const p = v128.load64_zero(c + even);
        a0 = fma<f64>(a0, v128.load64_zero(x + even), p);
        a1 = fma<f64>(a1, v128.load64_zero(x1 + even), p);
        a2 = fma<f64>(a2, v128.load64_zero(x2 + even), p);
        a3 = fma<f64>(a3, v128.load64_zero(x3 + even), p);
      }
      store<f64>(to, total<f64>(a0));
      store<f64>(to1, total<f64>(a1));
      store<f64>(to2, total<f64>(a2));
      store<f64>(to3, total<f64>(a3));
    }
  }
}
