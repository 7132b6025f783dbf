import { fail } from "../base";
import { nativeCopy } from "./bytes";
import type { Dtype } from "./npy-dtype";

/** What to do with whole numbers of 64 bits, which doubles hold only up to 2^53. */
export type Int64 = "exact" | "rounded" | "bigint";

/** The entries of a numeric type as doubles, in file order; a date or duration that is missing (NaT) becomes NaN. */
export function readNumbers(where: string, name: string, dtype: Dtype, bytes: Uint8Array, int64: Int64): Float64Array {
  const { buffer } = nativeCopy(bytes, dtype.width, dtype.bigEndian);
  switch (dtype.kind + dtype.width) {
    case "b1":
      return Float64Array.from(new Uint8Array(buffer), (byte) => (byte === 0 ? 0 : 1));
    case "i1":
      return new Float64Array(new Int8Array(buffer));
    case "u1":
      return new Float64Array(new Uint8Array(buffer));
    case "i2":
      return new Float64Array(new Int16Array(buffer));
    case "u2":
      return new Float64Array(new Uint16Array(buffer));
    case "i4":
      return new Float64Array(new Int32Array(buffer));
    case "u4":
      return new Float64Array(new Uint32Array(buffer));
    case "f2":
      return Float64Array.from(new Uint16Array(buffer), half);
    case "f4":
      return new Float64Array(new Float32Array(buffer));
    case "f8":
      return new Float64Array(buffer);
    default:
      return wide(where, name, dtype, buffer, int64);
  }
}

/** Whole numbers of 64 bits as doubles. */
function wide(where: string, name: string, { kind }: Dtype, buffer: ArrayBuffer, int64: Int64): Float64Array {
  const whole = kind === "u" ? new BigUint64Array(buffer) : new BigInt64Array(buffer);
  const words = new Uint32Array(buffer);
  const lowFirst = new Uint8Array(new Uint16Array([1]).buffer)[0];
  const isTime = kind === "M" || kind === "m";
  const numbers = new Float64Array(whole.length);
  for (let i = 0; i < numbers.length; i++) {
    const upper = words[2 * i + lowFirst],
      lower = words[2 * i + 1 - lowFirst];
    const high = (kind === "u" ? upper : upper | 0) * 4294967296;
    const value = high + lower; // rounded once; the rounding is exactly (high - value) + lower
    if (int64 === "exact" && high - value + lower !== 0) refuseInexact(where, name, whole[i], i);
    numbers[i] = isTime && upper === 0x80000000 && lower === 0 ? Number.NaN : value; // the least number is NaT
  }
  return numbers;
}

function refuseInexact(where: string, name: string, value: bigint, entry: number): never {
  fail(where, {
    expected: "whole numbers that doubles hold exactly, as all below 2^53 are",
    got: `${value} as entry ${entry} of ${name}`,
    fix:
      'Pass { int64: "rounded" } for the nearest doubles, or { int64: "bigint" } for a BigInt64Array; ' +
      "or subtract an offset before saving.",
  });
}

/** The entries of a type of 64-bit whole numbers as they are. */
export function readBigInts(dtype: Dtype, bytes: Uint8Array): BigInt64Array | BigUint64Array {
  const { buffer } = nativeCopy(bytes, 8, dtype.bigEndian);
  return dtype.kind === "u" ? new BigUint64Array(buffer) : new BigInt64Array(buffer);
}

/** IEEE 754 half precision: sign, 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1,
    exponent = (bits >>> 10) & 31,
    fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * powerOfTwo(-24);
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (1024 + fraction) * powerOfTwo(exponent - 25);
}

/** 2^n for |n| < 31, exactly. */
const powerOfTwo = (n: number) => (n < 0 ? 1 / (1 << -n) : 1 << n);
