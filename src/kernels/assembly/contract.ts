import { fma } from "./vector";

// The two passes over a tensor, seen as a matrix x (rows × columns) of float64, that a sweep of ALS makes. Eight sums at a time stay in registers.

/** y (rows × rank) (+)= x c, c given as its transpose cT (rank × columns): four rows of x by two of cT at a time. */
export function contractRight(y: usize, x: usize, cT: usize, rows: i32, columns: i32, rank: i32, add: i32): void {
  const length = <usize>columns * 8, even = length & ~15, line = <usize>rank * 8;
  for (let i = 0; i < rows; i += 4, y += 4 * line, x += 4 * length) {
    const x1 = i + 1 < rows ? x + length : x, x2 = i + 2 < rows ? x1 + length : x, x3 = i + 3 < rows ? x2 + length : x; // rows there are none of are x again, and not put
    let r = 0, c = cT, to = y;
    for (; r + 1 < rank; r += 2, c += 2 * length, to += 16) {
      const d = c + length;
      let a0 = f64x2.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
      for (let k: usize = 0; k < even; k += 16) {
        const p = v128.load(c + k), q = v128.load(d + k);
        let v = v128.load(x + k); a0 = fma<f64>(a0, v, p); b0 = fma<f64>(b0, v, q);
        v = v128.load(x1 + k); a1 = fma<f64>(a1, v, p); b1 = fma<f64>(b1, v, q);
        v = v128.load(x2 + k); a2 = fma<f64>(a2, v, p); b2 = fma<f64>(b2, v, q);
        v = v128.load(x3 + k); a3 = fma<f64>(a3, v, p); b3 = fma<f64>(b3, v, q);
      }
      put(to, a0, x, c, even, length, add); put(to + 8, b0, x, d, even, length, add);
      if (x1 != x) { put(to + line, a1, x1, c, even, length, add); put(to + line + 8, b1, x1, d, even, length, add); }
      if (x2 != x) { put(to + 2 * line, a2, x2, c, even, length, add); put(to + 2 * line + 8, b2, x2, d, even, length, add); }
      if (x3 != x) { put(to + 3 * line, a3, x3, c, even, length, add); put(to + 3 * line + 8, b3, x3, d, even, length, add); }
    }
    if (r < rank) {
      let a0 = f64x2.splat(0), a1 = a0, a2 = a0, a3 = a0;
      for (let k: usize = 0; k < even; k += 16) {
        const p = v128.load(c + k);
        a0 = fma<f64>(a0, v128.load(x + k), p); a1 = fma<f64>(a1, v128.load(x1 + k), p); a2 = fma<f64>(a2, v128.load(x2 + k), p); a3 = fma<f64>(a3, v128.load(x3 + k), p);
      }
      put(to, a0, x, c, even, length, add);
      if (x1 != x) put(to + line, a1, x1, c, even, length, add);
      if (x2 != x) put(to + 2 * line, a2, x2, c, even, length, add);
      if (x3 != x) put(to + 3 * line, a3, x3, c, even, length, add);
    }
  }
}

// @ts-ignore: decorator
@inline
function sum(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** The sum of products so far, that of an odd last column, and what was there if it is to be added to. */
// @ts-ignore: decorator
@inline
function put(at: usize, sums: v128, x: usize, c: usize, even: usize, length: usize, add: i32): void {
  let value = sum(sums);
  if (even < length) value += load<f64>(x + even) * load<f64>(c + even);
  store<f64>(at, add ? load<f64>(at) + value : value);
}

/** outT (rank × columns) += w' x, w (rows × rank): eight columns, then two, then one, of two rows of outT at a time, over all rows of x. */
export function contractLeft(outT: usize, x: usize, w: usize, rows: i32, columns: i32, rank: i32): void {
  const length = <usize>columns * 8, wide = length & ~63, even = length & ~15, line = <usize>rank * 8;
  for (let k: usize = 0; k < wide; k += 64) {
    let r = 0, to = outT + k, at = w;
    for (; r + 1 < rank; r += 2, to += 2 * length, at += 16) {
      const next = to + length;
      let a0 = v128.load(to), a1 = v128.load(to, 16), a2 = v128.load(to, 32), a3 = v128.load(to, 48);
      let b0 = v128.load(next), b1 = v128.load(next, 16), b2 = v128.load(next, 32), b3 = v128.load(next, 48);
      for (let i = 0, from = x + k, weight = at; i < rows; i++, from += length, weight += line) {
        const p = v128.load64_splat(weight), q = v128.load64_splat(weight, 8);
        let v = v128.load(from); a0 = fma<f64>(a0, v, p); b0 = fma<f64>(b0, v, q);
        v = v128.load(from, 16); a1 = fma<f64>(a1, v, p); b1 = fma<f64>(b1, v, q);
        v = v128.load(from, 32); a2 = fma<f64>(a2, v, p); b2 = fma<f64>(b2, v, q);
        v = v128.load(from, 48); a3 = fma<f64>(a3, v, p); b3 = fma<f64>(b3, v, q);
      }
      v128.store(to, a0); v128.store(to, a1, 16); v128.store(to, a2, 32); v128.store(to, a3, 48);
      v128.store(next, b0); v128.store(next, b1, 16); v128.store(next, b2, 32); v128.store(next, b3, 48);
    }
    if (r < rank) {
      let a0 = v128.load(to), a1 = v128.load(to, 16), a2 = v128.load(to, 32), a3 = v128.load(to, 48);
      for (let i = 0, from = x + k, weight = at; i < rows; i++, from += length, weight += line) {
        const p = v128.load64_splat(weight);
        a0 = fma<f64>(a0, v128.load(from), p); a1 = fma<f64>(a1, v128.load(from, 16), p); a2 = fma<f64>(a2, v128.load(from, 32), p); a3 = fma<f64>(a3, v128.load(from, 48), p);
      }
      v128.store(to, a0); v128.store(to, a1, 16); v128.store(to, a2, 32); v128.store(to, a3, 48);
    }
  }
  for (let k = wide; k < even; k += 16)
    for (let r = 0, to = outT + k, at = w; r < rank; r++, to += length, at += 8) {
      let a = v128.load(to);
      for (let i = 0, from = x + k, weight = at; i < rows; i++, from += length, weight += line) a = fma<f64>(a, v128.load(from), v128.load64_splat(weight));
      v128.store(to, a);
    }
  if (even < length)
    for (let r = 0, to = outT + even, at = w; r < rank; r++, to += length, at += 8) {
      let a = load<f64>(to);
      for (let i = 0, from = x + even, weight = at; i < rows; i++, from += length, weight += line) a += load<f64>(from) * load<f64>(weight);
      store<f64>(to, a);
    }
}

/** Entries of x that are NaN become those of the model w c, where write is 1. Returns the sum of (x - model)² over the others. */
export function complete(x: usize, w: usize, cT: usize, rows: i32, columns: i32, rank: i32, write: i32): f64 {
  const length = <usize>columns * 8, line = <usize>rank * 8, wide = length & ~63;
  let squares = f64x2.splat(0), rest: f64 = 0;
  for (let i = 0; i < rows; i++, x += length, w += line) {
    let k: usize = 0;
    for (; k < wide; k += 64) {
      let a = f64x2.splat(0), b = a, c = a, d = a;
      for (let r: usize = 0, from = cT + k; r < line; r += 8, from += length) {
        const weight = v128.load64_splat(w + r);
        a = fma<f64>(a, weight, v128.load(from)); b = fma<f64>(b, weight, v128.load(from, 16)); c = fma<f64>(c, weight, v128.load(from, 32)); d = fma<f64>(d, weight, v128.load(from, 48));
      }
      squares = v128.add<f64>(squares, v128.add<f64>(v128.add<f64>(settle(x + k, a, write), settle(x + k + 16, b, write)), v128.add<f64>(settle(x + k + 32, c, write), settle(x + k + 48, d, write))));
    }
    for (; k < length; k += 8) {
      let model: f64 = 0;
      for (let r: usize = 0, from = cT + k; r < line; r += 8, from += length) model += load<f64>(w + r) * load<f64>(from);
      const value = load<f64>(x + k);
      if (value == value) rest += (value - model) * (value - model);
      else if (write) store<f64>(x + k, model);
    }
  }
  return sum(squares) + rest;
}

// @ts-ignore: decorator
@inline
function settle(at: usize, model: v128, write: i32): v128 {
  const x = v128.load(at), seen = f64x2.eq(x, x), error = v128.and(f64x2.sub(x, model), seen);
  if (write) v128.store(at, v128.bitselect(x, model, seen));
  return f64x2.mul(error, error);
}
