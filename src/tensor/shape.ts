import { show } from "../base";

/** The size of each mode, first to last. */
export type Shape = readonly number[];

/**
 * A dense array of doubles: row-major, so the last index runs fastest. Plain data: it can be cloned, saved and sent.
 */
export interface Tensor<S extends Shape = Shape> {
  readonly shape: S;
  /** as many entries as the product of `shape` */
  readonly data: Float64Array;
}
export type Vector = Tensor<readonly [length: number]>;
export type Matrix = Tensor<readonly [rows: number, columns: number]>;
export type Tensor3 = Tensor<readonly [number, number, number]>;

/** A shape with as many modes as S, each of any size. */
export type ModesOf<S extends Shape> = { readonly [Mode in keyof S]: number };

/** The number of entries of a shape. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/** A shape in words, (2 × 3); at most eight sizes are written out. */
export const shapeText = (shape: readonly unknown[]): string =>
  `(${Array.from(shape.slice(0, 8), show).join(" × ")}${shape.length > 8 ? " × …" : ""})`;

/** The index of the entry at a flat position. @example indexOf([2, 3], 4) // [1, 1] */
export function indexOf(shape: Shape, position: number): number[] {
  const index = new Array<number>(shape.length);
  for (let mode = shape.length - 1, rest = position; mode >= 0; mode--) {
    index[mode] = rest % shape[mode];
    rest = Math.floor(rest / shape[mode]);
  }
  return index;
}
