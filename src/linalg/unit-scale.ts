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
  for (let i = 0; i < data.length; i++) largest = Math.max(largest, Math.abs(data[i]));
  const exponent = largest === 0 ? 0 : powerOfTwoBelow(largest),
    half = Math.trunc(-exponent / 2);
  const first = scaled(1, half),
    second = scaled(1, -exponent - half);
  return {
    data: data.map((x) => x * first * second),
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
