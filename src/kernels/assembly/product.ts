import { addAt, addBoth, fma, splat, total } from "./vector";

// Rows are 64 bytes: 16 float32 or 8 float64, four vectors. See ../plain.ts for what each of these means.

/** Columns whose rows of h, 64 bytes each, stay in the first cache while the rows of w run. */
const near: i32 = 256;

/** out (+)= w h, as many columns at a time as stay near. */
// @ts-ignore: decorator
@inline
export function product<T>(out: usize, w: usize, h: usize, rows: i32, columns: i32, add: i32): void {
  let from = 0;
  const step = <usize>columns * sizeof<T>();
  do {
    const count = columns - from < 2 * near ? columns - from : near; // none of them few
    productNear<T>(out, w + <usize>from * sizeof<T>(), step, h + <usize>from * 64, rows, count, add || from > 0 ? 1 : 0);
    from += count;
  } while (from < columns);
}

/** Two rows by four vectors stay in registers while the columns run, six loads for sixteen operations. Rows of w are `step` bytes apart. */
// @ts-ignore: decorator
@inline
function productNear<T>(out: usize, w: usize, step: usize, h: usize, rows: i32, columns: i32, add: i32): void {
  const length = <usize>columns * sizeof<T>();
  let i = 0;
  for (; i + 1 < rows; i += 2, out += 128, w += 2 * step) {
    let a0 = i64x2.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
    let from = h;
    for (let at = w, end = w + length; at < end; at += sizeof<T>(), from += 64) {
      const x = splat<T>(at), y = splat<T>(at + step);
      let z = v128.load(from);
      a0 = fma<T>(a0, x, z); b0 = fma<T>(b0, y, z);
      z = v128.load(from, 16);
      a1 = fma<T>(a1, x, z); b1 = fma<T>(b1, y, z);
      z = v128.load(from, 32);
      a2 = fma<T>(a2, x, z); b2 = fma<T>(b2, y, z);
      z = v128.load(from, 48);
      a3 = fma<T>(a3, x, z); b3 = fma<T>(b3, y, z);
    }
    if (add) {
      a0 = v128.add<T>(a0, v128.load(out)); a1 = v128.add<T>(a1, v128.load(out, 16)); a2 = v128.add<T>(a2, v128.load(out, 32)); a3 = v128.add<T>(a3, v128.load(out, 48));
      b0 = v128.add<T>(b0, v128.load(out, 64)); b1 = v128.add<T>(b1, v128.load(out, 80)); b2 = v128.add<T>(b2, v128.load(out, 96)); b3 = v128.add<T>(b3, v128.load(out, 112));
    }
    v128.store(out, a0); v128.store(out, a1, 16); v128.store(out, a2, 32); v128.store(out, a3, 48);
    v128.store(out, b0, 64); v128.store(out, b1, 80); v128.store(out, b2, 96); v128.store(out, b3, 112);
  }
  if (i == rows) return;
  let a0 = i64x2.splat(0), a1 = a0, a2 = a0, a3 = a0;
  for (const end = w + length; w < end; w += sizeof<T>(), h += 64) {
    const x = splat<T>(w);
    a0 = fma<T>(a0, x, v128.load(h)); a1 = fma<T>(a1, x, v128.load(h, 16)); a2 = fma<T>(a2, x, v128.load(h, 32)); a3 = fma<T>(a3, x, v128.load(h, 48));
  }
  if (add) {
    a0 = v128.add<T>(a0, v128.load(out)); a1 = v128.add<T>(a1, v128.load(out, 16)); a2 = v128.add<T>(a2, v128.load(out, 32)); a3 = v128.add<T>(a3, v128.load(out, 48));
  }
  v128.store(out, a0); v128.store(out, a1, 16); v128.store(out, a2, 32); v128.store(out, a3, 48);
}

/** Steps whose products are summed in the precision of the lanes before they go to float64. */
const flush: i32 = 16;
/** Columns that are laid out anew for the inner loop together: ../scan-memory.ts has room for them, and for four rows. */
const block: i32 = 64;

/** dw += sum over steps and lanes of g h', in float64. `room` is for what is laid out anew: (block + 4) rows of `flush` steps. */
// @ts-ignore: decorator
@inline
export function outer<T>(dw: usize, g: usize, h: usize, rows: i32, columns: i32, steps: i32, gStep: usize, hStep: usize, room: usize): void {
  const line = <usize>columns * 8, whole = rows & ~3;
  for (let done = 0; done < steps; done += flush, g += gStep * flush, h += hStep * flush) {
    const n = min(flush, steps - done);
    if (columns < 16) {
      outerAsItLies<T>(dw, line, g, h, rows, columns, n, gStep, hStep);
      continue;
    }
    for (let from = 0; from < columns; from += block) {
      const pairs = min(block, columns - from) & ~1, hBlock = h + <usize>from * 64, at = dw + <usize>from * 8;
      const gRoom = layOut(room, hBlock, pairs, 2, n, hStep);
      for (let i = 0; i < whole; i += 4) {
        layOut(gRoom, g + <usize>i * 64, 4, 4, n, gStep);
        outerOfBlock<T>(at + <usize>i * line, line, gRoom, room, pairs, n);
      }
      if (from + block >= columns && pairs < columns - from) outerAsItLies<T>(at + <usize>pairs * 8, line, g, hBlock + <usize>pairs * 64, whole, 1, n, gStep, hStep);
    }
    if (whole < rows) outerAsItLies<T>(dw + <usize>whole * line, line, g + <usize>whole * 64, h, rows - whole, columns, n, gStep, hStep);
  }
}

/** Rows of n steps into groups of 2 or 4: [group][step][vector][row of the group]. @returns what comes after them */
function layOut(to: usize, from: usize, rows: i32, group: i32, n: i32, step: usize): usize {
  for (let i = 0; i < rows; i += group, from += <usize>group * 64)
    for (let s = 0, row = from; s < n; s++, row += step)
      for (let v: usize = 0; v < 64; v += 16)
        for (let k = 0, at = row + v; k < group; k++, at += 64, to += 16) v128.store(to, v128.load(at));
  return to;
}

/** Four rows by pairs of columns that are laid out for it: one loop over steps and vectors, six loads in line for sixteen operations. */
function outerOfBlock<T>(at: usize, line: usize, g: usize, h: usize, columns: i32, n: i32): void {
  const size = <usize>n * 256;
  for (let j = 0, q = h; j < columns; j += 2, at += 16) {
    let a0 = i64x2.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
    for (let p = g, end = g + size; p < end; p += 64, q += 32) {
      const x = v128.load(q), y = v128.load(q, 16);
      let z = v128.load(p);
      a0 = fma<T>(a0, z, x); a1 = fma<T>(a1, z, y);
      z = v128.load(p, 16);
      b0 = fma<T>(b0, z, x); b1 = fma<T>(b1, z, y);
      z = v128.load(p, 32);
      c0 = fma<T>(c0, z, x); c1 = fma<T>(c1, z, y);
      z = v128.load(p, 48);
      d0 = fma<T>(d0, z, x); d1 = fma<T>(d1, z, y);
    }
    addBoth<T>(at, a0, a1); addBoth<T>(at + line, b0, b1); addBoth<T>(at + 2 * line, c0, c1); addBoth<T>(at + 3 * line, d0, d1);
  }
}

/** The same of rows and columns where they lie: for few columns, and for what is left at the edges. */
function outerAsItLies<T>(dw: usize, line: usize, g: usize, h: usize, rows: i32, columns: i32, n: i32, gStep: usize, hStep: usize): void {
  const end = <usize>n * gStep;
  let i = 0, gRow = g, to = dw;
  for (; i + 3 < rows; i += 4, gRow += 256, to += 4 * line) {
    let j = 0, hRow = h, at = to;
    for (; j + 1 < columns; j += 2, hRow += 128, at += 16) {
      let a0 = i64x2.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
      for (let s: usize = 0, p = gRow, q = hRow; s < end; s += gStep, p += gStep, q += hStep) {
        for (let v: usize = 0; v < 64; v += 16) {
          const x = v128.load(q + v), y = v128.load(q + v, 64);
          let z = v128.load(p + v);
          a0 = fma<T>(a0, z, x); a1 = fma<T>(a1, z, y);
          z = v128.load(p + v, 64);
          b0 = fma<T>(b0, z, x); b1 = fma<T>(b1, z, y);
          z = v128.load(p + v, 128);
          c0 = fma<T>(c0, z, x); c1 = fma<T>(c1, z, y);
          z = v128.load(p + v, 192);
          d0 = fma<T>(d0, z, x); d1 = fma<T>(d1, z, y);
        }
      }
      addBoth<T>(at, a0, a1); addBoth<T>(at + line, b0, b1); addBoth<T>(at + 2 * line, c0, c1); addBoth<T>(at + 3 * line, d0, d1);
    }
    if (j < columns) {
      let a = i64x2.splat(0), b = a, c = a, d = a;
      for (let s: usize = 0, p = gRow, q = hRow; s < end; s += gStep, p += gStep, q += hStep) {
        for (let v: usize = 0; v < 64; v += 16) {
          const y = v128.load(q + v);
          a = fma<T>(a, v128.load(p + v), y); b = fma<T>(b, v128.load(p + v, 64), y); c = fma<T>(c, v128.load(p + v, 128), y); d = fma<T>(d, v128.load(p + v, 192), y);
        }
      }
      addAt(at, total<T>(a)); addAt(at + line, total<T>(b)); addAt(at + 2 * line, total<T>(c)); addAt(at + 3 * line, total<T>(d));
    }
  }
  for (; i < rows; i++, gRow += 64, to += line) {
    for (let j = 0, hRow = h, at = to; j < columns; j++, hRow += 64, at += 8) {
      let a = i64x2.splat(0), b = a;
      for (let s: usize = 0, p = gRow, q = hRow; s < end; s += gStep, p += gStep, q += hStep) {
        a = fma<T>(a, v128.load(p), v128.load(q)); b = fma<T>(b, v128.load(p, 16), v128.load(q, 16));
        a = fma<T>(a, v128.load(p, 32), v128.load(q, 32)); b = fma<T>(b, v128.load(p, 48), v128.load(q, 48));
      }
      addAt(at, total<T>(v128.add<T>(a, b)));
    }
  }
}

/** sums[i] += the sum over steps and lanes of row i, in float64. */
// @ts-ignore: decorator
@inline
export function laneSums<T>(sums: usize, g: usize, rows: i32, steps: i32, gStep: usize): void {
  for (let i = 0; i < rows; i++, sums += 8, g += 64) {
    let sum: f64 = 0;
    for (let s = 0, p = g; s < steps; s++, p += gStep)
      sum += total<T>(v128.add<T>(v128.add<T>(v128.load(p), v128.load(p, 16)), v128.add<T>(v128.load(p, 32), v128.load(p, 48))));
    addAt(sums, sum);
  }
}
