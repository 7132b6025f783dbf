import type { Shape, Tensor } from "../tensor";

/** A tensor that also says which type its numbers had in the file. */
export interface NpyArray<S extends Shape = Shape> extends Tensor<S> {
  /** the type in the file, as NumPy spells it, such as "<f4" or "|b1" */
  readonly dtype: string;
  /** of dates (counted from 1970) and durations: what the numbers count, such as "ms", "25s" or "generic" */
  readonly unit?: string;
}

/** An array of text, row-major: labels, names. */
export interface NpyText {
  readonly shape: Shape;
  readonly data: readonly string[];
  readonly dtype: string;
}

/** An array of 64-bit whole numbers, as `{ int64: "bigint" }` asks for; in dates and durations the smallest is NaT. */
export interface NpyBigInts {
  readonly shape: Shape;
  readonly data: BigInt64Array | BigUint64Array;
  readonly dtype: string;
  readonly unit?: string;
}

/** Whatever an .npy file may hold that this library reads. */
export type NpyContent = NpyArray | NpyText | NpyBigInts;
