import { fma } from "./vector";

// The two passes over a tensor, seen as a matrix x (rows × columns) of float64, that a sweep of ALS makes.

// @ts-ignore: decorator
@inline
function sum(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** y (rows × rank) (+)= x c, c given as its transpose cT (rank × columns): two rows of x by up to four of cT at a time. */
export function contractRight(y: usize, x: usize, cT: usize, rows: i32, columns: i32, rank: i32, add: i32): void {
  const length = <usize>columns * 8, even = length & ~15, line = <usize>rank * 8;
  for (let i = 0; i < rows; i += 2, y += 2 * line, x += 2 * length) {
    const other = i + 1 < rows ? length : 0, next = i + 1 < rows ? line : 0; // a last row alone is done twice, to the same place
    for (let r = 0; r < rank; ) {
      const to = y + <usize>r * 8, c0 = cT + <usize>r * length;
      if (rank - r >= 5 || rank - r == 3 || rank - r == 1) {
        if (rank - r == 1) {
          let a0 = f64x2.splat(0), b0 = a0, a1 = a0, b1 = a0;
          let k: usize = 0;
          for (; k + 16 < even; k += 32) {
            const p = v128.load(c0 + k), q = v128.load(c0 + k, 16);
            a0 = fma<f64>(a0, v128.load(x + k), p); b0 = fma<f64>(b0, v128.load(x + other + k), p);
            a1 = fma<f64>(a1, v128.load(x + k, 16), q); b1 = fma<f64>(b1, v128.load(x + other + k, 16), q);
          }
          for (; k < even; k += 16) { const p = v128.load(c0 + k); a0 = fma<f64>(a0, v128.load(x + k), p); b0 = fma<f64>(b0, v128.load(x + other + k), p); }
          let s0 = sum(v128.add<f64>(a0, a1)), t0 = sum(v128.add<f64>(b0, b1));
          for (; k < length; k += 8) { s0 += load<f64>(x + k) * load<f64>(c0 + k); t0 += load<f64>(x + other + k) * load<f64>(c0 + k); }
          put(to, s0, add); if (next) put(to + next, t0, add);
          r += 1;
        } else if (rank - r == 3) {
          let a0 = f64x2.splat(0), a1 = a0, a2 = a0, b0 = a0, b1 = a0, b2 = a0;
          const c1 = c0 + length, c2 = c1 + length;
          let k: usize = 0;
          for (; k < even; k += 16) {
            const p = v128.load(x + k), q = v128.load(x + other + k);
            let c = v128.load(c0 + k); a0 = fma<f64>(a0, p, c); b0 = fma<f64>(b0, q, c);
            c = v128.load(c1 + k); a1 = fma<f64>(a1, p, c); b1 = fma<f64>(b1, q, c);
            c = v128.load(c2 + k); a2 = fma<f64>(a2, p, c); b2 = fma<f64>(b2, q, c);
          }
          let s0 = sum(a0), s1 = sum(a1), s2 = sum(a2), t0 = sum(b0), t1 = sum(b1), t2 = sum(b2);
          for (; k < length; k += 8) {
            const p = load<f64>(x + k), q = load<f64>(x + other + k);
            s0 += p * load<f64>(c0 + k); s1 += p * load<f64>(c1 + k); s2 += p * load<f64>(c2 + k);
            t0 += q * load<f64>(c0 + k); t1 += q * load<f64>(c1 + k); t2 += q * load<f64>(c2 + k);
          }
          put(to, s0, add); put(to + 8, s1, add); put(to + 16, s2, add);
          if (next) { put(to + next, t0, add); put(to + next + 8, t1, add); put(to + next + 16, t2, add); }
          r += 3;
        } else {
          let a0 = f64x2.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0;
          const c1 = c0 + length, c2 = c1 + length, c3 = c2 + length, c4 = c3 + length;
          let k: usize = 0;
          for (; k < even; k += 16) {
            const p = v128.load(x + k), q = v128.load(x + other + k);
            let c = v128.load(c0 + k); a0 = fma<f64>(a0, p, c); b0 = fma<f64>(b0, q, c);
            c = v128.load(c1 + k); a1 = fma<f64>(a1, p, c); b1 = fma<f64>(b1, q, c);
            c = v128.load(c2 + k); a2 = fma<f64>(a2, p, c); b2 = fma<f64>(b2, q, c);
            c = v128.load(c3 + k); a3 = fma<f64>(a3, p, c); b3 = fma<f64>(b3, q, c);
            c = v128.load(c4 + k); a4 = fma<f64>(a4, p, c); b4 = fma<f64>(b4, q, c);
          }
          let s0 = sum(a0), s1 = sum(a1), s2 = sum(a2), s3 = sum(a3), s4 = sum(a4), t0 = sum(b0), t1 = sum(b1), t2 = sum(b2), t3 = sum(b3), t4 = sum(b4);
          for (; k < length; k += 8) {
            const p = load<f64>(x + k), q = load<f64>(x + other + k);
            s0 += p * load<f64>(c0 + k); s1 += p * load<f64>(c1 + k); s2 += p * load<f64>(c2 + k); s3 += p * load<f64>(c3 + k); s4 += p * load<f64>(c4 + k);
            t0 += q * load<f64>(c0 + k); t1 += q * load<f64>(c1 + k); t2 += q * load<f64>(c2 + k); t3 += q * load<f64>(c3 + k); t4 += q * load<f64>(c4 + k);
          }
          put(to, s0, add); put(to + 8, s1, add); put(to + 16, s2, add); put(to + 24, s3, add); put(to + 32, s4, add);
          if (next) { put(to + next, t0, add); put(to + next + 8, t1, add); put(to + next + 16, t2, add); put(to + next + 24, t3, add); put(to + next + 32, t4, add); }
          r += 5;
        }
      } else {
        let a0 = f64x2.splat(0), a1 = a0, b0 = a0, b1 = a0;
        const c1 = c0 + length;
        let k: usize = 0;
        for (; k < even; k += 16) {
          const p = v128.load(x + k), q = v128.load(x + other + k);
          let c = v128.load(c0 + k); a0 = fma<f64>(a0, p, c); b0 = fma<f64>(b0, q, c);
          c = v128.load(c1 + k); a1 = fma<f64>(a1, p, c); b1 = fma<f64>(b1, q, c);
        }
        let s0 = sum(a0), s1 = sum(a1), t0 = sum(b0), t1 = sum(b1);
        for (; k < length; k += 8) {
          const p = load<f64>(x + k), q = load<f64>(x + other + k);
          s0 += p * load<f64>(c0 + k); s1 += p * load<f64>(c1 + k);
          t0 += q * load<f64>(c0 + k); t1 += q * load<f64>(c1 + k);
        }
        put(to, s0, add); put(to + 8, s1, add);
        if (next) { put(to + next, t0, add); put(to + next + 8, t1, add); }
        r += 2;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function put(at: usize, value: f64, add: i32): void {
  store<f64>(at, add ? load<f64>(at) + value : value);
}

/** outT (rank × columns) += w' x, w (rows × rank): four rows of x by two of outT at a time. */
export function contractLeft(outT: usize, x: usize, w: usize, rows: i32, columns: i32, rank: i32): void {
  const length = <usize>columns * 8, even = length & ~15, line = <usize>rank * 8;
  let i = 0;
  for (; i + 3 < rows; i += 4, x += 4 * length, w += 4 * line) {
    const x1 = x + length, x2 = x1 + length, x3 = x2 + length;
    let r = 0, to = outT, at = w;
    for (; r + 1 < rank; r += 2, to += 2 * length, at += 16) {
      const a0 = v128.load64_splat(at), a1 = v128.load64_splat(at + line), a2 = v128.load64_splat(at + 2 * line), a3 = v128.load64_splat(at + 3 * line);
      const b0 = v128.load64_splat(at + 8), b1 = v128.load64_splat(at + line + 8), b2 = v128.load64_splat(at + 2 * line + 8), b3 = v128.load64_splat(at + 3 * line + 8);
      let k: usize = 0;
      for (; k < even; k += 16) {
        const p0 = v128.load(x + k), p1 = v128.load(x1 + k), p2 = v128.load(x2 + k), p3 = v128.load(x3 + k);
        v128.store(to + k, v128.add<f64>(fma<f64>(fma<f64>(v128.load(to + k), a0, p0), a1, p1), fma<f64>(v128.mul<f64>(a2, p2), a3, p3)));
        v128.store(to + length + k, v128.add<f64>(fma<f64>(fma<f64>(v128.load(to + length + k), b0, p0), b1, p1), fma<f64>(v128.mul<f64>(b2, p2), b3, p3)));
      }
      for (; k < length; k += 8) {
        const p0 = load<f64>(x + k), p1 = load<f64>(x1 + k), p2 = load<f64>(x2 + k), p3 = load<f64>(x3 + k);
        store<f64>(to + k, load<f64>(to + k) + load<f64>(at) * p0 + load<f64>(at + line) * p1 + (load<f64>(at + 2 * line) * p2 + load<f64>(at + 3 * line) * p3));
        store<f64>(to + length + k, load<f64>(to + length + k) + load<f64>(at + 8) * p0 + load<f64>(at + line + 8) * p1 + (load<f64>(at + 2 * line + 8) * p2 + load<f64>(at + 3 * line + 8) * p3));
      }
    }
    if (r < rank) for (let n: usize = 0; n < 4; n++) addRow(to, x + n * length, load<f64>(at + n * line), length);
  }
  for (; i < rows; i++, x += length, w += line)
    for (let r = 0, to = outT; r < rank; r++, to += length) addRow(to, x, load<f64>(w + <usize>r * 8), length);
}

// @ts-ignore: decorator
@inline
function addRow(to: usize, x: usize, weight: f64, length: usize): void {
  const a = f64x2.splat(weight), even = length & ~15;
  let k: usize = 0;
  for (; k < even; k += 16) v128.store(to + k, fma<f64>(v128.load(to + k), a, v128.load(x + k)));
  for (; k < length; k += 8) store<f64>(to + k, load<f64>(to + k) + weight * load<f64>(x + k));
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
