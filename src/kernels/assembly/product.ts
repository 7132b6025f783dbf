import { addAt, addBoth, fma, splat, total } from "./vector";

// Rows are 64 bytes: 16 float32 or 8 float64, four vectors. See ../plain-product.ts for what each of these means.

/** out (+)= w h: two rows by four vectors stay in registers while the columns run, six loads for sixteen operations. */
// @ts-ignore: decorator
@inline
export function product<T>(out: usize, w: usize, h: usize, rows: i32, columns: i32, add: i32): void {
  const length = <usize>columns * sizeof<T>();
  let i = 0;
  for (; i + 1 < rows; i += 2, out += 128, w += 2 * length) {
    let a0 = i64x2.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
    let from = h;
    for (let at = w, end = w + length; at < end; at += sizeof<T>(), from += 64) {
      const x = splat<T>(at), y = splat<T>(at + length);
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

/** dw += sum over steps and lanes of g h', in float64: four rows by two columns, six loads for sixteen operations. */
// @ts-ignore: decorator
@inline
export function outer<T>(dw: usize, g: usize, h: usize, rows: i32, columns: i32, steps: i32, gStep: usize, hStep: usize): void {
  for (let done = 0; done < steps; done += flush, g += gStep * flush, h += hStep * flush) {
    const n = <usize>min(flush, steps - done), end = n * gStep;
    let i = 0, gRow = g, to = dw;
    const line = <usize>columns * 8;
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
