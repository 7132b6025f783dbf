import { outerInPlace } from "./outer-in-place";
import { addBoth, fma } from "./vector";

// Rows are 64 bytes: 16 float32 or 8 float64, four vectors. See ../plain.ts for what each of these means.

/** Steps whose products are summed in the precision of the lanes before the sum is added in float64. */
const flush: i32 = 16;
/** Columns that are copied for the inner loop at a time. */
const copiedColumns: i32 = 64;

/**
 * dw += sum over steps and lanes of g h', in float64. `room` holds copies of (copiedColumns + 4) rows of `flush` steps.
 */
// @ts-ignore: decorator
@inline
export function outer<T>(
  dw: usize,
  g: usize,
  h: usize,
  rows: i32,
  columns: i32,
  steps: i32,
  gStep: usize,
  hStep: usize,
  room: usize,
): void {
  const line = <usize>columns * 8,
    whole = rows & ~3;
  for (let done = 0; done < steps; done += flush, g += gStep * flush, h += hStep * flush) {
    const n = min(flush, steps - done);
    if (columns < 16) {
      outerInPlace<T>(dw, line, g, h, rows, columns, n, gStep, hStep);
      continue;
    }
    for (let from = 0; from < columns; from += copiedColumns) {
      const pairs = min(copiedColumns, columns - from) & ~1,
        hBlock = h + <usize>from * 64,
        at = dw + <usize>from * 8;
      const gRoom = copyInOrder(room, hBlock, pairs, 2, n, hStep);
      for (let i = 0; i < whole; i += 4) {
        copyInOrder(gRoom, g + <usize>i * 64, 4, 4, n, gStep);
        outerOfCopies<T>(at + <usize>i * line, line, gRoom, room, pairs, n);
      }
      if (from + copiedColumns >= columns && pairs < columns - from)
        outerInPlace<T>(at + <usize>pairs * 8, line, g, hBlock + <usize>pairs * 64, whole, 1, n, gStep, hStep);
    }
    if (whole < rows)
      outerInPlace<T>(dw + <usize>whole * line, line, g + <usize>whole * 64, h, rows - whole, columns, n, gStep, hStep);
  }
}

/**
 * Copies rows of n steps in the order of the inner loop, [group][step][vector][row of the group].
 * @returns the address after them
 */
function copyInOrder(to: usize, from: usize, rows: i32, group: i32, n: i32, step: usize): usize {
  for (let i = 0; i < rows; i += group, from += <usize>group * 64)
    for (let s = 0, row = from; s < n; s++, row += step)
      for (let v: usize = 0; v < 64; v += 16)
        for (let k = 0, at = row + v; k < group; k++, at += 64, to += 16) v128.store(to, v128.load(at));
  return to;
}

/** Four rows by pairs of copied columns: one loop over steps and vectors, six loads in order for sixteen operations. */
function outerOfCopies<T>(at: usize, line: usize, g: usize, h: usize, columns: i32, n: i32): void {
  const size = <usize>n * 256;
  for (let j = 0, q = h; j < columns; j += 2, at += 16) {
    let a0 = i64x2.splat(0),
      a1 = a0,
      b0 = a0,
      b1 = a0,
      c0 = a0,
      c1 = a0,
      d0 = a0,
      d1 = a0;
    for (let p = g, end = g + size; p < end; p += 64, q += 32) {
      const x = v128.load(q),
        y = v128.load(q, 16);
      let z = v128.load(p);
      a0 = fma<T>(a0, z, x);
      a1 = fma<T>(a1, z, y);
      z = v128.load(p, 16);
      b0 = fma<T>(b0, z, x);
      b1 = fma<T>(b1, z, y);
      z = v128.load(p, 32);
      c0 = fma<T>(c0, z, x);
      c1 = fma<T>(c1, z, y);
      z = v128.load(p, 48);
      d0 = fma<T>(d0, z, x);
      d1 = fma<T>(d1, z, y);
    }
    addBoth<T>(at, a0, a1);
    addBoth<T>(at + line, b0, b1);
    addBoth<T>(at + 2 * line, c0, c1);
    addBoth<T>(at + 3 * line, d0, d1);
  }
}
