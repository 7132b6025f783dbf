import { fma } from "./vector";

/**
 * outT (rank × columns) += w' x, w (rows × rank): eight columns, then two, then one, of two rows of outT at a time,
 * over all rows of x. Rows of outT begin `apart` numbers after each other.
 */
export function contractLeft(
  outT: usize,
  x: usize,
  w: usize,
  rows: i32,
  columns: i32,
  rank: i32,
  apart: usize,
): void {
  leftWithin(outT, x, w, rows, columns, rank, rank, 8 * apart);
}

/** y (columns × columns) += x' x, on the diagonal and above it; below it some entries are made too. */
export function gramOfColumns(y: usize, x: usize, rows: i32, columns: i32): void {
  leftWithin(y, x, x, rows, columns, columns, 8, 8 * <usize>columns);
}

/** {@link contractLeft} of all entries (r, k) with r below `reach` plus k, rounded down to a multiple of eight. */
function leftWithin(
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
    even = length & ~15,
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
  for (let k = wide; k < even; k += 16)
    for (let r = 0, to = outT + k, at = w; r < rank; r++, to += step, at += 8) {
      let a = v128.load(to);
      for (let i = 0, from = x + k, weight = at; i < rows; i++, from += length, weight += line)
        a = fma<f64>(a, v128.load(from), v128.load64_splat(weight));
      v128.store(to, a);
    }
  if (even < length)
    for (let r = 0, to = outT + even, at = w; r < rank; r++, to += step, at += 8) {
      let a = load<f64>(to);
      for (let i = 0, from = x + even, weight = at; i < rows; i++, from += length, weight += line)
        a += load<f64>(from) * load<f64>(weight);
      store<f64>(to, a);
    }
}
