import { fma, splat } from "./vector";

// Rows are 64 bytes: 16 float32 or 8 float64, four vectors. See ../plain.ts for what each of these means.

/** Columns per block: their rows of h, 64 bytes each, stay in the first cache while all rows of w use them. */
const blockColumns: i32 = 256;

/** out (+)= w h, block by block of columns. */
// @ts-ignore: decorator
@inline
export function product<T>(out: usize, w: usize, h: usize, rows: i32, columns: i32, add: i32): void {
  let from = 0;
  const step = <usize>columns * sizeof<T>();
  do {
    const count = columns - from < 2 * blockColumns ? columns - from : blockColumns; // the last block is never short
    productOfBlock<T>(
      out,
      w + <usize>from * sizeof<T>(),
      step,
      h + <usize>from * 64,
      rows,
      count,
      add || from > 0 ? 1 : 0,
    );
    from += count;
  } while (from < columns);
}

/**
 * The same for one block: the sums of two rows and four vectors stay in registers over all columns, with six loads for
 * sixteen operations. Rows of w are `step` bytes apart.
 */
// @ts-ignore: decorator
@inline
function productOfBlock<T>(out: usize, w: usize, step: usize, h: usize, rows: i32, columns: i32, add: i32): void {
  const length = <usize>columns * sizeof<T>();
  let i = 0;
  for (; i + 1 < rows; i += 2, out += 128, w += 2 * step) {
    let a0 = i64x2.splat(0),
      a1 = a0,
      a2 = a0,
      a3 = a0,
      b0 = a0,
      b1 = a0,
      b2 = a0,
      b3 = a0;
    let from = h;
    for (let at = w, end = w + length; at < end; at += sizeof<T>(), from += 64) {
      const x = splat<T>(at),
        y = splat<T>(at + step);
      let z = v128.load(from);
      a0 = fma<T>(a0, x, z);
      b0 = fma<T>(b0, y, z);
      z = v128.load(from, 16);
      a1 = fma<T>(a1, x, z);
      b1 = fma<T>(b1, y, z);
      z = v128.load(from, 32);
      a2 = fma<T>(a2, x, z);
      b2 = fma<T>(b2, y, z);
      z = v128.load(from, 48);
      a3 = fma<T>(a3, x, z);
      b3 = fma<T>(b3, y, z);
    }
    if (add) {
      a0 = v128.add<T>(a0, v128.load(out));
      a1 = v128.add<T>(a1, v128.load(out, 16));
      a2 = v128.add<T>(a2, v128.load(out, 32));
      a3 = v128.add<T>(a3, v128.load(out, 48));
      b0 = v128.add<T>(b0, v128.load(out, 64));
      b1 = v128.add<T>(b1, v128.load(out, 80));
      b2 = v128.add<T>(b2, v128.load(out, 96));
      b3 = v128.add<T>(b3, v128.load(out, 112));
    }
    v128.store(out, a0);
    v128.store(out, a1, 16);
    v128.store(out, a2, 32);
    v128.store(out, a3, 48);
    v128.store(out, b0, 64);
    v128.store(out, b1, 80);
    v128.store(out, b2, 96);
    v128.store(out, b3, 112);
  }
  if (i == rows) return;
  let a0 = i64x2.splat(0),
    a1 = a0,
    a2 = a0,
    a3 = a0;
  for (const end = w + length; w < end; w += sizeof<T>(), h += 64) {
    const x = splat<T>(w);
    a0 = fma<T>(a0, x, v128.load(h));
    a1 = fma<T>(a1, x, v128.load(h, 16));
    a2 = fma<T>(a2, x, v128.load(h, 32));
    a3 = fma<T>(a3, x, v128.load(h, 48));
  }
  if (add) {
    a0 = v128.add<T>(a0, v128.load(out));
    a1 = v128.add<T>(a1, v128.load(out, 16));
    a2 = v128.add<T>(a2, v128.load(out, 32));
    a3 = v128.add<T>(a3, v128.load(out, 48));
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
}
