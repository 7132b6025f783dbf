import { withoutLowWord } from "./double-bits";
import { quadrant } from "./quadrant";

// The polynomials of FreeBSD's msun (fdlibm; see exponential.ts for its notice).

/** sin(x + y) for |x| <= pi / 4, y its rounding. */
function sinNear(x: number, y: number): number {
  const z = x * x,
    v = z * x;
  const r =
    0.00833333333332249 +
    z * (-0.0001984126982985795 + z * 0.0000027557313707070068) +
    z * z * z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10);
  return x - (z * (0.5 * y - v * r) - y - v * -0.16666666666666632);
}

/** cos(x + y) for |x| <= pi / 4, y its rounding. */
function cosNear(x: number, y: number): number {
  const z = x * x,
    half = 0.5 * z,
    w = 1 - half;
  const r =
    z * (0.0416666666666666 + z * (-0.001388888888887411 + z * 0.00002480158728947673)) +
    z * z * (z * z) * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11));
  return w + (1 - w - half + (z * r - x * y));
}

/** Sine of an angle in radians, however large. Error below 1 ulp. @example sin(0) // 0 */
export function sin(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const { n, high, low } = quadrant(x);
  const value = n % 2 === 0 ? sinNear(high, low) : cosNear(high, low);
  return n < 2 ? value : -value;
}

/** Cosine of an angle in radians, however large. Error below 1 ulp. @example cos(0) // 1 */
export function cos(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const { n, high, low } = quadrant(x);
  const value = n % 2 === 0 ? cosNear(high, low) : sinNear(high, low);
  return n === 0 || n === 3 ? value : -value;
}

/** Tangent of an angle in radians. Error below 1 ulp. @example tan(0) // 0 */
export function tan(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  if (Math.abs(x) < 7.450580596923828e-9) return x;
  const { n, high, low } = quadrant(x);
  return tanNear(high, low, n % 2 === 1);
}

/** tan(x + y), or -1 / tan(x + y), for |x| <= pi / 4. */
function tanNear(x: number, y: number, inverted: boolean): number {
  const large = Math.abs(x) >= 0.67434,
    sign = x < 0 ? -1 : 1;
  let a = x,
    b = y;
  if (large) [a, b] = [Math.PI / 4 - sign * x + (3.061616997868383e-17 - sign * y), 0];
  const z = a * a,
    w = z * z,
    s = z * a;
  const odd =
    0.13333333333320124 +
    w *
      (0.021869488294859542 +
        w *
          (0.0035920791075913124 +
            w * (0.0005880412408202641 + w * (0.00007817944429395571 + w * -0.000018558637485527546))));
  const even =
    z *
    (0.05396825397622605 +
      w *
        (0.0088632398235993 +
          w *
            (0.0014562094543252903 +
              w * (0.0002464631348184699 + w * (0.00007140724913826082 + w * 0.00002590730518636337)))));
  const r = b + z * (s * (odd + even) + b) + s * 0.3333333333333341,
    sum = a + r;
  if (large) {
    const one = inverted ? -1 : 1;
    return sign * (one - 2 * (a + (r - (sum * sum) / (sum + one))));
  }
  if (!inverted) return sum;
  const sumHigh = withoutLowWord(sum),
    rest = r - (sumHigh - a),
    q = -1 / sum,
    qHigh = withoutLowWord(q);
  return qHigh + q * (1 + qHigh * sumHigh + qHigh * rest);
}

const halfPi = 1.5707963267948966,
  halfPiLow = 6.123233995736766e-17;

/** (asin(s) - s) / s for s² = z <= 1/4. */
function arcRatio(z: number): number {
  const p =
    z *
    (0.16666666666666666 +
      z *
        (-0.3255658186224009 +
          z *
            (0.20121253213486293 +
              z * (-0.04005553450067941 + z * (0.0007915349942898145 + z * 0.00003479331075960212)))));
  const q =
    1 + z * (-2.403394911734414 + z * (2.0209457602335057 + z * (-0.6882839716054533 + z * 0.07703815055590194)));
  return p / q;
}

/** The angle in [-pi/2, pi/2] with this sine. Error below 1 ulp. @example asin(0) // 0 */
export function asin(x: number): number {
  const size = Math.abs(x);
  if (!(size <= 1)) return Number.NaN;
  if (size < 0.5) return size < 7.450580596923828e-9 ? x : x + x * arcRatio(x * x);
  const z = (1 - size) * 0.5,
    s = Math.sqrt(z),
    r = arcRatio(z);
  let value = halfPi - (2 * (s + s * r) - halfPiLow);
  if (size < 0.975) {
    const f = withoutLowWord(s),
      c = (z - f * f) / (s + f);
    value = 0.5 * halfPi - (2 * s * r - (halfPiLow - 2 * c) - (0.5 * halfPi - 2 * f));
  }
  return x < 0 ? -value : value;
}

/** The angle in [0, pi] with this cosine. Error below 1 ulp. @example acos(1) // 0 */
export function acos(x: number): number {
  if (!(Math.abs(x) <= 1)) return Number.NaN;
  if (Math.abs(x) < 0.5) return halfPi - (x - (halfPiLow - x * arcRatio(x * x)));
  if (x < 0) {
    const z = (1 + x) * 0.5,
      s = Math.sqrt(z);
    return x === -1 ? 2 * halfPi : 2 * (halfPi - (s + (arcRatio(z) * s - halfPiLow)));
  }
  if (x === 1) return 0;
  const z = (1 - x) * 0.5,
    s = Math.sqrt(z),
    f = withoutLowWord(s),
    c = (z - f * f) / (s + f);
  return 2 * (f + (arcRatio(z) * s + c));
}
