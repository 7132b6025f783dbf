import { fma } from "./vector";

/**
 * outT (rank × columns) += w' x, w (rows × rank): eight columns of two rows of outT at a time, over all rows of x. Rows of outT begin `apart` numbers after each other.
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
  // two columns of four rows of outT; rows past the last are the first of these four again, and where the last column
  // is alone, what is read past it is not written
  for (let k = wide; k < length; k += 16)
    for (let r = 0, to = outT + k, at = w; r < rank; r += 4, to += 4 * step, at += 32) {
      const at1 = r + 1 < rank ? at + 8 : at,
        at2 = r + 2 < rank ? at + 16 : at,
        at3 = r + 3 < rank ? at + 24 : at,
        to1 = r + 1 < rank ? to + step : to,
        to2 = r + 2 < rank ? to1 + step : to,
        to3 = r + 3 < rank ? to2 + step : to;
      let a0 = v128.load(to),
        a1 = v128.load(to1),
        a2 = v128.load(to2),
        a3 = v128.load(to3);
      for (let i = 0, from = x + k, skip: usize = 0; i < rows; i++, from += length, skip += line) {
        const v = v128.load(from);
        a0 = fma<f64>(a0, v, v128.load64_splat(at + skip));
        a1 = fma<f64>(a1, v, v128.load64_splat(at1 + skip));
        a2 = fma<f64>(a2, v, v128.load64_splat(at2 + skip));
        a3 = fma<f64>(a3, v, v128.load64_splat(at3 + skip));
      }
      const both = k + 8 < length;
      put(to, a0, both);
      put(to1, a1, both);
      put(to2, a2, both);
      put(to3, a3, both);
    }
}

function put(to: usize, value: v128, both: bool): void {
  if (both) v128.store(to, value);
  else store<f64>(to, f64x2.extract_lane(value, 0));
}
