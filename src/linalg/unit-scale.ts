import { fail, powerOfTwoBelow, scaled } from "../base";
import type { Matrix } from "../tensor";

/** A matrix in a unit of its own, so that no square overflows or vanishes: powers of two, which are exact. */
export interface UnitScaled {
  /** entries at most 2 in size, the largest at least 1; a copy */
  readonly data: Float64Array;
  /** the unit is 2^exponent */
  readonly exponent: number;
  /** what a length in that unit is in the unit of the matrix */
  back(length: number): number;
}

/** A finite matrix over the power of two just below its largest entry. */
export function unitScaled(where: string, { data }: Matrix): UnitScaled {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    const size = Math.abs(data[i]);
    if (size > largest) largest = size;
  }
  const exponent = largest === 0 ? 0 : powerOfTwoBelow(largest),
    half = Math.trunc(-exponent / 2);
  const first = scaled(1, half),
    second = scaled(1, -exponent - half),
    inUnit = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) inUnit[i] = data[i] * first * second;
  return {
    data: inUnit,
    exponent,
    back(length) {
      const value = scaled(length, exponent);
      if (!Number.isFinite(value))
        fail(where, {
          expected: "a matrix whose singular values or eigenvalues are below 1.8e308",
          got: "a larger one",
          fix: "Divide the matrix by a power of ten first.",
        });
      return value;
    },
  };
}

/** Multiplies numbers by 2^k, each rounded once. */
export function scaleAll(data: Float64Array, k: number): void {
  const one = k >= -1021 && k <= 1023 ? scaled(1, k) : 0; // 2^k, where that is a normal number
  for (let i = 0; i < data.length; i++) data[i] = one > 0 ? data[i] * one : scaled(data[i], k);
}
