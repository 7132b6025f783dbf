/** x = (4 m + n) pi / 2 + high + low, n from 0 to 3, |high + low| <= pi / 4, low the rounding of high. */
export interface Quadrant {
  readonly n: number;
  readonly high: number;
  readonly low: number;
}

// pi / 2 in three parts of 33 bits, and the remainder after each (fdlibm; see exponential.ts for its notice)
const part1 = 1.5707963267341256,
  rest1 = 6.077100506506192e-11;
const part2 = 6.077100506303966e-11,
  rest2 = 2.0222662487959506e-21;
const part3 = 2.0222662487111665e-21,
  rest3 = 8.4784276603689e-32;

/** A finite angle without its quarter turns. */
export function quadrant(x: number): Quadrant {
  const size = Math.abs(x);
  if (size <= 0.7853981633974483) return { n: 0, high: x, low: 0 };
  if (size > 1647099) return largeQuadrant(x);
  const turns = Math.round(size * 0.6366197723675814);
  let r = size - turns * part1,
    w = turns * rest1,
    high = r - w;
  if (Math.abs(high) < size * 0.0000152587890625) {
    // 16 bits canceled: the next part of pi / 2
    let before = r;
    w = turns * part2;
    r = before - w;
    w = turns * rest2 - (before - r - w);
    high = r - w;
    if (Math.abs(high) < size * 1.7763568394002505e-15) {
      before = r;
      w = turns * part3;
      r = before - w;
      w = turns * rest3 - (before - r - w);
      high = r - w;
    }
  }
  return signed(x, turns % 4, high, r - high - w);
}

const signed = (x: number, n: number, high: number, low: number): Quadrant =>
  x < 0 ? { n: (4 - n) % 4, high: -high, low: -low } : { n, high, low };

/** By exact arithmetic of whole numbers: x = mantissa 2^exponent, and pi to 1300 bits. */
function largeQuadrant(x: number): Quadrant {
  const bits = 1300n,
    quarterTurn = piTimes2To(bits) / 2n;
  let exponent = 0n,
    mantissa = Math.abs(x);
  while (mantissa >= 9007199254740992) {
    mantissa /= 2;
    exponent++;
  }
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent--;
  }
  const whole = BigInt(mantissa) << (bits + exponent);
  let turns = whole / quarterTurn,
    rest = whole % quarterTurn;
  if (2n * rest > quarterTurn) {
    turns++;
    rest -= quarterTurn;
  }
  const high = toDouble(rest, bits),
    low = toDouble(rest - fromDouble(high, bits), bits);
  return signed(x, Number(turns % 4n), high, low);
}

/** pi 2^bits, by Machin's formula: pi / 4 = 4 atan(1 / 5) - atan(1 / 239). */
function piTimes2To(bits: bigint): bigint {
  const spare = 16n;
  const atanOfInverse = (n: bigint) => {
    let power = (1n << (bits + spare)) / n,
      sum = power;
    for (let k = 3n, sign = -1n; power > 0n; k += 2n, sign = -sign) {
      power /= n * n;
      sum += (sign * power) / k;
    }
    return sum;
  };
  return (4n * (4n * atanOfInverse(5n) - atanOfInverse(239n))) >> spare;
}

/** n 2^-bits as a double, |n| below 2^(bits + 1): BigInts become doubles by rounding to nearest. */
function toDouble(n: bigint, bits: bigint): number {
  let value = Number(n >> (bits - 200n)); // 200 bits are enough: the rest is rounding
  for (let left = 200; left > 0; left--) value /= 2;
  return value;
}

/** A double of that size times 2^bits. */
function fromDouble(x: number, bits: bigint): bigint {
  let value = x,
    left = bits;
  while (!Number.isInteger(value)) {
    value *= 2;
    left--;
  }
  return BigInt(value) << left;
}
