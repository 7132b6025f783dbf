import { fail, show } from "../base";

/** The size of each mode, first to last. */
export type Shape = readonly number[];

/** A dense array of doubles: row-major, so the last index runs fastest. Plain data: it can be cloned, saved and sent. */
export interface Tensor<S extends Shape = Shape> {
  readonly shape: S;
  /** as many entries as the product of `shape` */
  readonly data: Float64Array;
}
export type Vector = Tensor<readonly [length: number]>;
export type Matrix = Tensor<readonly [rows: number, columns: number]>;
export type Tensor3 = Tensor<readonly [number, number, number]>;

/** The number of entries of a shape. */
export const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

/**
 * A tensor from a shape and its entries, row-major. A `Float64Array` is taken as it is, not copied; other numbers are converted.
 *
 * @throws {@link LtrnnError} when a size is not a whole number, or the entries are not as many as the shape says
 * @example tensor([2, 3], [1, 2, 3, 4, 5, 6]).data[4] // 5: row 1, column 1
 */
export function tensor<const S extends Shape>(shape: S, data: ArrayLike<number>): Tensor<S> {
  checkShape("tensor", shape);
  if (data.length !== sizeOf(shape))
    fail("tensor", {
      expected: `${sizeOf(shape)} entries for shape (${shape.join(" × ")})`,
      got: `${data.length}`,
      fix: "Give one entry per index, the last index running fastest.",
    });
  return { shape, data: data instanceof Float64Array ? data : Float64Array.from(data) };
}

/** A tensor of zeros. @example zeros([2, 2]).data // Float64Array [0, 0, 0, 0] */
export function zeros<const S extends Shape>(shape: S): Tensor<S> {
  checkShape("zeros", shape);
  return { shape, data: new Float64Array(sizeOf(shape)) };
}

/** Refuse what is not a tensor: sizes that are not whole numbers, or data of another length. */
export function checkTensor(where: string, name: string, x: Tensor, modes?: number): void {
  if (!x || !Array.isArray(x.shape) || !(x.data instanceof Float64Array))
    fail(where, {
      expected: `${name} to be a tensor { shape, data: Float64Array }`,
      got: show(x),
      fix: "Build it with tensor(shape, data).",
    });
  if (modes !== undefined && x.shape.length !== modes)
    fail(where, {
      expected: `${name} to have ${modes} modes`,
      got: `shape (${x.shape.join(" × ")})`,
      fix: `Reshape ${name} or pass another array.`,
    });
  if (x.shape.some((size) => !Number.isInteger(size) || size < 0))
    fail(where, {
      expected: `${name} to have whole, non-negative sizes`,
      got: `shape (${x.shape.map(String).join(" × ")})`,
      fix: "Build it with tensor(shape, data).",
    });
  if (x.data.length !== sizeOf(x.shape))
    fail(where, {
      expected: `${name} to have ${sizeOf(x.shape)} entries for shape (${x.shape.join(" × ")})`,
      got: `${x.data.length}`,
      fix: "Build it with tensor(shape, data).",
    });
}

/** Refuse a tensor of another shape. */
export function checkSameShape(where: string, name: string, x: Tensor, shape: Shape): void {
  checkTensor(where, name, x);
  if (x.shape.length !== shape.length || x.shape.some((size, mode) => size !== shape[mode]))
    fail(where, {
      expected: `${name} of shape (${shape.join(" × ")})`,
      got: `(${x.shape.join(" × ")})`,
      fix: "Make the two agree.",
    });
}

/** Refuse NaN and infinities, naming the first by its index. Entries where `mask` is 0 are not read. */
export function checkFinite(where: string, name: string, x: Tensor, mask?: Tensor): void {
  for (let at = 0; at < x.data.length; at++)
    if (!Number.isFinite(x.data[at]) && (!mask || mask.data[at] !== 0))
      fail(where, {
        expected: `finite entries in ${name}`,
        got: `${x.data[at]} at index [${indexOf(x.shape, at).join(", ")}]`,
        fix: mask
          ? "Mask the entry (0) or mend the data."
          : "Mend the data, or mask what is missing where a mask is accepted.",
      });
}

/** The index of the entry at a flat position. @example indexOf([2, 3], 4) // [1, 1] */
export function indexOf(shape: Shape, at: number): number[] {
  const index = new Array<number>(shape.length);
  for (let mode = shape.length - 1; mode >= 0; mode--) {
    index[mode] = at % shape[mode];
    at = Math.floor(at / shape[mode]);
  }
  return index;
}

function checkShape(where: string, shape: Shape): void {
  for (const size of shape)
    if (!Number.isInteger(size) || size < 0)
      fail(where, {
        expected: "whole, non-negative sizes",
        got: `(${shape.join(" × ")})`,
        fix: "Give the size of each mode as a whole number.",
      });
}
