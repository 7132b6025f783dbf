import { fma, total } from "./vector";

/**
 * Entries of x that are NaN become those of the model w c, where fill is 1. Returns the sum of (x - model)² over the
 * others.
 */
export function complete(x: usize, w: usize, cT: usize, rows: i32, columns: i32, rank: i32, fill: i32): f64 {
  const length = <usize>columns * 8,
    line = <usize>rank * 8,
    wide = length & ~63;
  let squares = f64x2.splat(0),
    rest: f64 = 0;
  for (let i = 0; i < rows; i++, x += length, w += line) {
    let k: usize = 0;
    for (; k < wide; k += 64) {
      let a = f64x2.splat(0),
        b = a,
        c = a,
        d = a;
      for (let r: usize = 0, from = cT + k; r < line; r += 8, from += length) {
        const weight = v128.load64_splat(w + r);
        a = fma<f64>(a, weight, v128.load(from));
        b = fma<f64>(b, weight, v128.load(from, 16));
        c = fma<f64>(c, weight, v128.load(from, 32));
        d = fma<f64>(d, weight, v128.load(from, 48));
      }
      squares = v128.add<f64>(squares, squaredErrors(x + k, a, fill));
      squares = v128.add<f64>(squares, squaredErrors(x + k + 16, b, fill));
      squares = v128.add<f64>(squares, squaredErrors(x + k + 32, c, fill));
      squares = v128.add<f64>(squares, squaredErrors(x + k + 48, d, fill));
    }
    for (; k < length; k += 8) {
      let model: f64 = 0;
      for (let r: usize = 0, from = cT + k; r < line; r += 8, from += length)
        model += load<f64>(w + r) * load<f64>(from);
      const value = load<f64>(x + k);
      if (value == value) rest += (value - model) * (value - model);
      else if (fill) store<f64>(x + k, model);
    }
  }
  return total<f64>(squares) + rest;
}

/** The squared errors of the model at two entries, 0 for a missing one, which is filled in. */
// @ts-ignore: decorator
@inline
function squaredErrors(at: usize, model: v128, fill: i32): v128 {
  const x = v128.load(at),
    seen = f64x2.eq(x, x),
    error = v128.and(f64x2.sub(x, model), seen);
  if (fill) v128.store(at, v128.bitselect(x, model, seen));
  return f64x2.mul(error, error);
}
