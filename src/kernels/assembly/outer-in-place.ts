import { addAt, addBoth, fma, total } from "./vector";

/** The same without copies: for few columns, and for the rows and columns left over. */
export function outerInPlace<T>(
  dw: usize,
  line: usize,
  g: usize,
  h: usize,
  rows: i32,
  columns: i32,
  n: i32,
  gStep: usize,
  hStep: usize,
): void {
  const end = <usize>n * gStep;
  let i = 0,
    gRow = g,
    to = dw;
  for (; i + 3 < rows; i += 4, gRow += 256, to += 4 * line) {
    let j = 0,
      hRow = h,
      at = to;
    for (; j + 1 < columns; j += 2, hRow += 128, at += 16) {
      let a0 = i64x2.splat(0),
        a1 = a0,
        b0 = a0,
        b1 = a0,
        c0 = a0,
        c1 = a0,
        d0 = a0,
        d1 = a0;
      for (let s: usize = 0, p = gRow, q = hRow; s < end; s += gStep, p += gStep, q += hStep) {
        for (let v: usize = 0; v < 64; v += 16) {
          const x = v128.load(q + v),
            y = v128.load(q + v, 64);
          let z = v128.load(p + v);
          a0 = fma<T>(a0, z, x);
          a1 = fma<T>(a1, z, y);
          z = v128.load(p + v, 64);
          b0 = fma<T>(b0, z, x);
          b1 = fma<T>(b1, z, y);
          z = v128.load(p + v, 128);
          c0 = fma<T>(c0, z, x);
          c1 = fma<T>(c1, z, y);
          z = v128.load(p + v, 192);
          d0 = fma<T>(d0, z, x);
          d1 = fma<T>(d1, z, y);
        }
      }
      addBoth<T>(at, a0, a1);
      addBoth<T>(at + line, b0, b1);
      addBoth<T>(at + 2 * line, c0, c1);
      addBoth<T>(at + 3 * line, d0, d1);
    }
    if (j < columns) {
      let a = i64x2.splat(0),
        b = a,
        c = a,
        d = a;
      for (let s: usize = 0, p = gRow, q = hRow; s < end; s += gStep, p += gStep, q += hStep) {
        for (let v: usize = 0; v < 64; v += 16) {
          const y = v128.load(q + v);
          a = fma<T>(a, v128.load(p + v), y);
          b = fma<T>(b, v128.load(p + v, 64), y);
          c = fma<T>(c, v128.load(p + v, 128), y);
          d = fma<T>(d, v128.load(p + v, 192), y);
        }
      }
      addAt(at, total<T>(a));
      addAt(at + line, total<T>(b));
      addAt(at + 2 * line, total<T>(c));
      addAt(at + 3 * line, total<T>(d));
    }
  }
  for (; i < rows; i++, gRow += 64, to += line) {
    for (let j = 0, hRow = h, at = to; j < columns; j++, hRow += 64, at += 8) {
      let a = i64x2.splat(0),
        b = a;
      for (let s: usize = 0, p = gRow, q = hRow; s < end; s += gStep, p += gStep, q += hStep) {
        a = fma<T>(a, v128.load(p), v128.load(q));
        b = fma<T>(b, v128.load(p, 16), v128.load(q, 16));
        a = fma<T>(a, v128.load(p, 32), v128.load(q, 32));
        b = fma<T>(b, v128.load(p, 48), v128.load(q, 48));
      }
      addAt(at, total<T>(v128.add<T>(a, b)));
    }
  }
}
