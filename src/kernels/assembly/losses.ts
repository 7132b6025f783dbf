import { exp, log, log1pOver } from "./functions";
import { addTo64, all, fma } from "./vector";

// A target that is NaN is missing: it adds nothing and has no gradient. d = 0 asks for the sum alone.

/** The sum of (y - target)²; d = scale (y - target). */
// @ts-ignore: decorator
@inline
export function squaredError<T>(d: usize, y: usize, target: usize, rows: i32, scale: f64): f64 {
  let sum = f64x2.splat(0);
  const s = all<T>(scale);
  for (let at: usize = 0, bytes = <usize>rows * 64; at < bytes; at += 64) {
    let row = i64x2.splat(0); // the four squares of a row's lanes are added before they go to float64
    for (let v = at; v < at + 64; v += 16) {
      const t = v128.load(target + v),
        error = v128.and(v128.sub<T>(v128.load(y + v), t), v128.eq<T>(t, t));
      row = fma<T>(row, error, error);
      if (d) v128.store(d + v, v128.mul<T>(s, error));
    }
    sum = addTo64<T>(sum, row);
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * The sum of m - count log(m) with m = binWidth f(z), or with dispersions, one number s in float64 for each of so many
 * rows before they repeat, of (count + 1/s) log(1 + s m) - count log(m); d = scale times its derivative in z. What
 * dispersions move is added to as many slopes: the derivative in log s. 0 for both where there are none. link: 0
 * softplus, 1 exp.
 */
// @ts-ignore: decorator
@inline
export function countLoss<T>(
  d: usize,
  z: usize,
  counts: usize,
  rows: i32,
  scale: f64,
  binWidth: f64,
  logBinWidth: f64,
  link: i32,
  dispersions: usize,
  slopes: usize,
  repeat: i32,
): f64 {
  let sum = f64x2.splat(0),
    s = all<T>(0),
    inverseS = s,
    entry: usize = 0; // of dispersions, in bytes
  const by = all<T>(scale),
    width = all<T>(binWidth),
    logWidth = all<T>(logBinWidth),
    one = all<T>(1),
    zero = all<T>(0);
  for (let row: usize = 0, bytes = <usize>rows * 64; row < bytes; row += 64) {
    let slopeInLogS = f64x2.splat(0);
    if (dispersions) {
      const dispersion = load<f64>(dispersions + entry);
      s = all<T>(dispersion);
      inverseS = all<T>(1 / dispersion);
    }
    for (let at = row; at < row + 64; at += 16) {
      const x = v128.load(z + at),
        n = v128.load(counts + at),
        seen = v128.eq<T>(n, n);
      let f: v128, logF: v128, slope: v128, ratio: v128; // f, log f, f', f' / f
      if (link == 1) {
        f = exp<T>(x);
        logF = x;
        slope = f;
        ratio = one;
      } else {
        const w = exp<T>(v128.neg<T>(v128.abs<T>(x))),
          q = log1pOver<T>(w),
          positive = v128.gt<T>(x, zero),
          inverse = v128.div<T>(one, v128.add<T>(one, w));
        const wq = v128.mul<T>(w, q);
        f = v128.add<T>(v128.max<T>(x, zero), wq);
        // below 0: f = w q, log f = x + log q
        logF = v128.add<T>(v128.min<T>(x, zero), log<T>(v128.bitselect(f, q, positive)));
        slope = v128.mul<T>(inverse, v128.bitselect(one, w, positive));
        ratio = v128.div<T>(inverse, v128.bitselect(f, q, positive));
      }
      const m = v128.mul<T>(width, f),
        nLogM = v128.mul<T>(n, v128.add<T>(logF, logWidth));
      let loss = v128.sub<T>(m, nLogM),
        slopeInZ = v128.sub<T>(v128.mul<T>(width, slope), v128.mul<T>(n, ratio));
      if (dispersions) {
        const y = v128.mul<T>(s, m),
          sum1 = v128.add<T>(one, y),
          small = v128.min<T>(y, one),
          log1pY = v128.bitselect(v128.mul<T>(small, log1pOver<T>(small)), log<T>(sum1), v128.le<T>(y, one));
        loss = v128.sub<T>(v128.mul<T>(v128.add<T>(n, inverseS), log1pY), nLogM);
        slopeInZ = v128.div<T>(slopeInZ, sum1);
        if (slopes) {
          const rising = v128.div<T>(v128.mul<T>(m, v128.add<T>(one, v128.mul<T>(s, n))), sum1);
          slopeInLogS = addTo64<T>(slopeInLogS, v128.and(v128.sub<T>(rising, v128.mul<T>(inverseS, log1pY)), seen));
        }
      }
      sum = addTo64<T>(sum, v128.and(loss, seen));
      if (d) v128.store(d + at, v128.and(v128.mul<T>(by, slopeInZ), seen));
    }
    if (slopes) {
      const total = f64x2.extract_lane(slopeInLogS, 0) + f64x2.extract_lane(slopeInLogS, 1);
      store<f64>(slopes + entry, load<f64>(slopes + entry) + total);
    }
    entry += 8;
    if (entry == <usize>repeat * 8) entry = 0;
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * What counts say beyond the means m = binWidth f(z), and its derivative in z, 0 where the mask is. kind: 0 the
 * residual e = n - m; 1 the score e f'/f, the slope of a Poisson's log likelihood in z; 2 Pearson's e / sqrt(m).
 * link: 0 softplus, 1 exp.
 */
// @ts-ignore: decorator
@inline
export function countInnovation<T>(
  out: usize,
  slopes: usize,
  z: usize,
  counts: usize,
  mask: usize,
  rows: i32,
  binWidth: f64,
  link: i32,
  kind: i32,
): void {
  const width = all<T>(binWidth),
    half = all<T>(0.5),
    one = all<T>(1),
    zero = all<T>(0);
  for (let at: usize = 0, bytes = <usize>rows * 64; at < bytes; at += 16) {
    const x = v128.load(z + at),
      n = v128.load(counts + at),
      seen = v128.gt<T>(v128.load(mask + at), zero);
    let f: v128, slope: v128, ratio: v128, curve: v128; // f, f', f' / f, and the derivative of that
    if (link == 1) {
      f = exp<T>(x);
      slope = f;
      ratio = one;
      curve = zero;
    } else {
      const w = exp<T>(v128.neg<T>(v128.abs<T>(x))),
        q = log1pOver<T>(w),
        positive = v128.gt<T>(x, zero),
        inverse = v128.div<T>(one, v128.add<T>(one, w));
      f = v128.add<T>(v128.max<T>(x, zero), v128.mul<T>(w, q));
      slope = v128.mul<T>(inverse, v128.bitselect(one, w, positive));
      ratio = v128.div<T>(inverse, v128.bitselect(f, q, positive));
      // f'' / f' = 1 - f'
      curve = v128.mul<T>(ratio, v128.sub<T>(v128.sub<T>(one, slope), ratio));
    }
    const m = v128.mul<T>(width, f),
      slopeOfM = v128.mul<T>(width, slope),
      e = v128.sub<T>(n, m);
    let value = e,
      derivative = v128.neg<T>(slopeOfM);
    if (kind == 1) {
      // n f'/f - m f'/f, the second without a quotient
      value = v128.sub<T>(v128.mul<T>(n, ratio), slopeOfM);
      derivative = v128.sub<T>(v128.mul<T>(e, curve), v128.mul<T>(slopeOfM, ratio));
    } else if (kind == 2) {
      const root = v128.sqrt<T>(m);
      value = v128.div<T>(e, root);
      // -m' / root - value m' / (2 m), with m' / m = f' / f
      derivative = v128.neg<T>(v128.mul<T>(ratio, fma<T>(root, half, value)));
    }
    v128.store(out + at, v128.and(value, seen));
    v128.store(slopes + at, v128.and(derivative, seen));
  }
}

/** d += w (l1 sign(h) + l2 h), with one row w for all; the sum of w (l1 |h| + l2 h² / 2). */
// @ts-ignore: decorator
@inline
export function penalize<T>(d: usize, h: usize, w: usize, rows: i32, l1: f64, l2: f64): f64 {
  let sum = f64x2.splat(0);
  const one = all<T>(l1),
    two = all<T>(l2),
    half = all<T>(l2 / 2),
    zero = all<T>(0);
  for (let at: usize = 0, bytes = <usize>rows * 64; at < bytes; at += 16) {
    const x = v128.load(h + at),
      by = v128.load(w + (at & 63));
    // l1 sign(x): l1 with the sign of x, or 0 where x is 0
    const signed = v128.sub<T>(v128.and(v128.gt<T>(x, zero), one), v128.and(v128.lt<T>(x, zero), one));
    v128.store(d + at, fma<T>(v128.load(d + at), by, fma<T>(signed, two, x)));
    const squares = v128.mul<T>(half, v128.mul<T>(x, x));
    sum = addTo64<T>(sum, v128.mul<T>(by, v128.add<T>(v128.mul<T>(one, v128.abs<T>(x)), squares)));
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}
