import { fma, total } from "./vector";

// The passes over a tensor, seen as a matrix x (rows × columns) of float64, that a sweep of ALS makes. Eight sums at a
// time stay in registers.

/** y (rows × rank) (+)= x c, c given as its transpose cT (rank × columns): four rows of x by two of cT at a time. */
export function contractRight(y: usize, x: usize, cT: usize, rows: i32, columns: i32, rank: i32, add: i32): void {
  rightWithin(y, x, cT, rows, columns, rank, add, rank);
}

/** y (rows × rows) += x x', on the diagonal and below it; above it up to three entries of a row are made too. */
export function gramOfRows(y: usize, x: usize, rows: i32, columns: i32): void {
  rightWithin(y, x, x, rows, columns, rows, 1, 4);
}

/** {@link contractRight} of the entries (i, r) with r below `reach` plus i, rounded down to a multiple of four. */
function rightWithin(
  y: usize,
  x: usize,
  cT: usize,
  rows: i32,
  columns: i32,
  rank: i32,
  add: i32,
  reach: i32,
): void {
  const length = <usize>columns * 8,
    even = length & ~15,
    line = <usize>rank * 8;
  for (let i = 0; i < rows; i += 4, y += 4 * line, x += 4 * length) {
    // rows past the last are x again, and their sums are not written
    const x1 = i + 1 < rows ? x + length : x,
      x2 = i + 2 < rows ? x1 + length : x,
      x3 = i + 3 < rows ? x2 + length : x;
    const end = min(rank, i + reach);
    let r = 0,
      c = cT,
      to = y;
    for (; r + 1 < end; r += 2, c += 2 * length, to += 16) {
      const d = c + length;
      let a0 = f64x2.splat(0),
        a1 = a0,
        a2 = a0,
        a3 = a0,
        b0 = a0,
        b1 = a0,
        b2 = a0,
        b3 = a0;
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
      write(to, a0, x, c, even, length, add);
      write(to + 8, b0, x, d, even, length, add);
      if (x1 != x) {
        write(to + line, a1, x1, c, even, length, add);
        write(to + line + 8, b1, x1, d, even, length, add);
      }
      if (x2 != x) {
        write(to + 2 * line, a2, x2, c, even, length, add);
        write(to + 2 * line + 8, b2, x2, d, even, length, add);
      }
      if (x3 != x) {
        write(to + 3 * line, a3, x3, c, even, length, add);
        write(to + 3 * line + 8, b3, x3, d, even, length, add);
      }
    }
    if (r < end) {
      let a0 = f64x2.splat(0),
        a1 = a0,
        a2 = a0,
        a3 = a0;
      for (let k: usize = 0; k < even; k += 16) {
        const p = v128.load(c + k);
        a0 = fma<f64>(a0, v128.load(x + k), p);
        a1 = fma<f64>(a1, v128.load(x1 + k), p);
        a2 = fma<f64>(a2, v128.load(x2 + k), p);
        a3 = fma<f64>(a3, v128.load(x3 + k), p);
      }
      write(to, a0, x, c, even, length, add);
      if (x1 != x) write(to + line, a1, x1, c, even, length, add);
      if (x2 != x) write(to + 2 * line, a2, x2, c, even, length, add);
      if (x3 != x) write(to + 3 * line, a3, x3, c, even, length, add);
    }
  }
}

/** Writes a sum over columns: both lanes, the product at an odd last column, and what was there where `add` is 1. */
// @ts-ignore: decorator
@inline
function write(at: usize, sums: v128, x: usize, c: usize, even: usize, length: usize, add: i32): void {
  let value = total<f64>(sums);
  if (even < length) value += load<f64>(x + even) * load<f64>(c + even);
  store<f64>(at, add ? load<f64>(at) + value : value);
}
