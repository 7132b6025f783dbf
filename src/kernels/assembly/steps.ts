import { oneMinusExp, softplus, tanh } from "./functions";
import { all, fma } from "./vector";

// The element-wise operations of a step, each in one pass over units and lanes. phi: 0 tanh, 1 relu, 2 softplus, 3
// identity.

// @ts-ignore: decorator
@inline
function phiOf<T>(x: v128, phi: i32): v128 {
  if (phi == 0) return tanh<T>(x);
  if (phi == 1) return v128.max<T>(x, all<T>(0));
  if (phi == 2) return softplus<T>(x);
  return x;
}

/** d phi'(x), computed from h = phi(x). */
// @ts-ignore: decorator
@inline
function pull<T>(d: v128, h: v128, phi: i32): v128 {
  if (phi == 0) return v128.sub<T>(d, v128.mul<T>(d, v128.mul<T>(h, h)));
  if (phi == 1) return v128.and(d, v128.gt<T>(h, all<T>(0)));
  if (phi == 2) return v128.mul<T>(d, oneMinusExp<T>(h));
  return d;
}

// @ts-ignore: decorator
@inline
function activateWith<T>(h: usize, x: usize, bytes: usize, phi: i32): void {
  for (let at: usize = 0; at < bytes; at += 16) v128.store(h + at, phiOf<T>(v128.load(x + at), phi));
}

export function activate<T>(h: usize, x: usize, rows: i32, phi: i32): void {
  const bytes = <usize>rows * 64;
  if (phi == 0) activateWith<T>(h, x, bytes, 0);
  else if (phi == 1) activateWith<T>(h, x, bytes, 1);
  else if (phi == 2) activateWith<T>(h, x, bytes, 2);
  else activateWith<T>(h, x, bytes, 3);
}

// @ts-ignore: decorator
@inline
function adjointWith<T>(
  g: usize,
  carry: usize,
  dRates: usize,
  dRead: usize,
  h: usize,
  bytes: usize,
  alpha: v128,
  readsRates: i32,
  phi: i32,
): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    let d = v128.load(dRates + at);
    const read = v128.load(dRead + at);
    if (readsRates) d = v128.add<T>(d, read);
    let lambda = v128.add<T>(v128.load(carry + at), pull<T>(d, v128.load(h + at), phi));
    if (!readsRates) lambda = v128.add<T>(lambda, read);
    const scaled = v128.mul<T>(alpha, lambda);
    v128.store(g + at, scaled);
    v128.store(carry + at, v128.sub<T>(lambda, scaled));
  }
}

/** lambda = carry + phi' (dRates + dRead), or with dRead outside phi'; g = alpha lambda; carry = lambda - g. */
export function adjointStep<T>(
  g: usize,
  carry: usize,
  dRates: usize,
  dRead: usize,
  h: usize,
  rows: i32,
  alpha: f64,
  readsRates: i32,
  phi: i32,
): void {
  const bytes = <usize>rows * 64,
    a = all<T>(alpha);
  if (phi == 0) adjointWith<T>(g, carry, dRates, dRead, h, bytes, a, readsRates, 0);
  else if (phi == 1) adjointWith<T>(g, carry, dRates, dRead, h, bytes, a, readsRates, 1);
  else if (phi == 2) adjointWith<T>(g, carry, dRates, dRead, h, bytes, a, readsRates, 2);
  else adjointWith<T>(g, carry, dRates, dRead, h, bytes, a, readsRates, 3);
}

// @ts-ignore: decorator
@inline
function advanceWith<T>(xNext: usize, hNext: usize, x: usize, drive: usize, bytes: usize, alpha: v128, phi: i32): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const now = v128.load(x + at),
      next = fma<T>(now, alpha, v128.sub<T>(v128.load(drive + at), now));
    v128.store(xNext + at, next);
    v128.store(hNext + at, phiOf<T>(next, phi));
  }
}

/** x_{t+1} = x_t + alpha (drive - x_t), h_{t+1} = phi(x_{t+1}). */
export function advance<T>(xNext: usize, hNext: usize, x: usize, drive: usize, rows: i32, alpha: f64, phi: i32): void {
  const bytes = <usize>rows * 64,
    a = all<T>(alpha);
  if (phi == 0) advanceWith<T>(xNext, hNext, x, drive, bytes, a, 0);
  else if (phi == 1) advanceWith<T>(xNext, hNext, x, drive, bytes, a, 1);
  else if (phi == 2) advanceWith<T>(xNext, hNext, x, drive, bytes, a, 2);
  else advanceWith<T>(xNext, hNext, x, drive, bytes, a, 3);
}

/** out = a x + b y. */
// @ts-ignore: decorator
@inline
export function combine<T>(out: usize, a: f64, x: usize, b: f64, y: usize, rows: i32): void {
  const p = all<T>(a),
    q = all<T>(b);
  for (let at: usize = 0, bytes = <usize>rows * 64; at < bytes; at += 16)
    v128.store(out + at, fma<T>(v128.mul<T>(p, v128.load(x + at)), q, v128.load(y + at)));
}

/** out = x y. */
// @ts-ignore: decorator
@inline
export function multiply<T>(out: usize, x: usize, y: usize, rows: i32): void {
  for (let at: usize = 0, bytes = <usize>rows * 64; at < bytes; at += 16)
    v128.store(out + at, v128.mul<T>(v128.load(x + at), v128.load(y + at)));
}

/** out += x y, in the precision of the lanes. */
// @ts-ignore: decorator
@inline
export function multiplyAdd<T>(out: usize, x: usize, y: usize, rows: i32): void {
  for (let at: usize = 0, bytes = <usize>rows * 64; at < bytes; at += 16)
    v128.store(out + at, fma<T>(v128.load(out + at), v128.load(x + at), v128.load(y + at)));
}
