import { highWord, scaled, withHighWord, withoutLowWord } from "./double-bits";

// The algorithm of FreeBSD's msun (fdlibm; see exponential.ts for its notice): log2 of x with 24 extra bits, times y in
// pieces whose products are exact, and 2 to that.

/** x to the y, as the language's `**`. Error below 1 ulp. @example pow(2, 10) // 1024 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const size = Math.abs(x),
    whole = Number.isInteger(y),
    odd = whole && Math.abs(y) < 9007199254740992 && y % 2 !== 0;
  if (!Number.isFinite(y)) return size === 1 ? Number.NaN : size > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  const negative = x < 0 || Object.is(x, -0),
    sign = negative && odd ? -1 : 1;
  if (size === 0 || size === Number.POSITIVE_INFINITY)
    return sign * ((size === 0) === y < 0 ? Number.POSITIVE_INFINITY : 0);
  if (x < 0 && !whole) return Number.NaN;
  if (y === 1) return x;
  if (y === 2) return x * x;
  if (y === -1) return 1 / x;
  if (y === 0.5 && x > 0) return Math.sqrt(x);
  return sign * positivePower(size, y);
}

/** x^y for finite x > 0. */
function positivePower(x: number, y: number): number {
  if (x === 1) return 1;
  const beyond = Math.abs(y) > 18446744073709552000; // 2^64: over- or underflow, unless x is 1 to rounding
  if (beyond) return x > 1 === y > 0 ? Number.POSITIVE_INFINITY : 0;
  const [t1, t2] = log2Parts(x);
  const y1 = withoutLowWord(y),
    low = (y - y1) * t1 + y * t2,
    high = y1 * t1,
    z = high + low;
  if (z >= 1024)
    return z > 1024 || low + 8.008566259537294e-17 > z - high ? Number.POSITIVE_INFINITY : powerOfParts(high, low);
  if (z <= -1075) return z < -1075 || low <= z - high ? 0 : powerOfParts(high, low);
  return powerOfParts(high, low);
}

/** log2 of x as t1 + t2, t1 with its lower 32 bits zero. */
function log2Parts(x: number): readonly [number, number] {
  const normal = x >= 2.2250738585072014e-308,
    ax = normal ? x : x * 9007199254740992;
  const high = highWord(ax),
    fraction = high & 0xfffff;
  let n = (high >> 20) - 1023 - (normal ? 0 : 53),
    base = 0;
  let reducedHigh = fraction | 0x3ff00000;
  if (fraction > 0x3988e && fraction < 0xbb67a)
    base = 1; // between sqrt 3/2 and sqrt 3: near 1.5
  else if (fraction >= 0xbb67a) {
    n++;
    reducedHigh -= 0x100000;
  }
  const m = withHighWord(ax, reducedHigh),
    bp = base ? 1.5 : 1;
  // s = (m - bp) / (m + bp) in two parts
  const u = m - bp,
    v = 1 / (m + bp),
    s = u * v,
    sHigh = withoutLowWord(s);
  const tHigh = withHighWord(0, ((reducedHigh >> 1) | 0x20000000) + 0x80000 + (base << 18));
  const tLow = m - (tHigh - bp),
    sLow = v * (u - sHigh * tHigh - sHigh * tLow);
  const s2 = s * s;
  const r =
    s2 *
      s2 *
      (0.5999999999999946 +
        s2 *
          (0.4285714285785502 +
            s2 *
              (0.33333332981837743 +
                s2 * (0.272728123808534 + s2 * (0.23066074577556175 + s2 * 0.20697501780033842))))) +
    sLow * (sHigh + s);
  const square = sHigh * sHigh,
    cubicHigh = withoutLowWord(3 + square + r),
    cubicLow = r - (cubicHigh - 3 - square);
  const pu = sHigh * cubicHigh,
    pv = sLow * cubicHigh + cubicLow * s,
    pHigh = withoutLowWord(pu + pv);
  const pLow = pv - (pHigh - pu);
  const zHigh = 0.9617967009544373 * pHigh;
  const zLow = -7.028461650952758e-9 * pHigh + pLow * 0.9617966939259756 + (base ? 1.350039202129749e-8 : 0);
  const dHigh = base ? 0.5849624872207642 : 0;
  const t1 = withoutLowWord(zHigh + zLow + dHigh + n);
  return [t1, zLow - (t1 - n - dHigh - zHigh)];
}

/** 2^(high + low), within the range of doubles. */
function powerOfParts(high: number, low: number): number {
  const z = high + low,
    n = Math.abs(z) > 0.5 ? Math.floor(z + 0.5) : 0,
    rest = high - n;
  const t = withoutLowWord(low + rest),
    u = t * 0.6931471824645996;
  const v = (low - (t - rest)) * Math.LN2 + t * -1.904654299957768e-9;
  const sum = u + v,
    w = v - (sum - u),
    t2 = sum * sum;
  const c =
    sum -
    t2 *
      (0.16666666666666602 +
        t2 *
          (-0.0027777777777015593 +
            t2 * (0.00006613756321437934 + t2 * (-0.0000016533902205465252 + t2 * 4.1381367970572385e-8))));
  const r = (sum * c) / (c - 2) - (w + sum * w);
  return scaled(1 - (r - sum), n);
}
