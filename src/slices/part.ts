import { matmul, permute, type Matrix, type Tensor3 } from "../tensor";
import type { FlatPart } from "./fit-part";
import type { SliceComponents } from "./slice-model";

/** The other two modes, in their order. */
export const othersOf = (mode: number): readonly [number, number] =>
  mode === 0 ? [1, 2] : mode === 1 ? [0, 2] : [0, 1];

/** A tensor as a matrix of one mode by the other two. */
export function rowsOf(x: Tensor3, mode: number): Matrix {
  const size = x.shape[mode],
    data = mode === 0 ? x.data : permute(x, [mode, ...othersOf(mode)]).data;
  return { shape: [size, x.data.length / Math.max(1, size)], data };
}

/** Back from the matrix of one mode by the other two to the tensor of this shape. */
export function fromRows({ data }: Matrix, shape: Tensor3["shape"], mode: number): Float64Array {
  if (mode === 0) return data;
  const [p, q] = othersOf(mode),
    turned: Tensor3 = { shape: [shape[mode], shape[p], shape[q]], data };
  // place of every mode of the tensor among (mode, p, q)
  return permute(turned, mode === 1 ? [1, 0, 2] : [1, 2, 0]).data;
}

/** What the components of one kind make. */
export function partOf({ vectors, slices }: SliceComponents, shape: Tensor3["shape"], mode: number): Float64Array {
  const rank = vectors.shape[1];
  if (rank === 0) return new Float64Array(shape[0] * shape[1] * shape[2]);
  const flat: Matrix = { shape: [rank, slices.data.length / rank], data: slices.data };
  return fromRows(matmul(vectors, flat), shape, mode);
}

/** Components with their slices as tensors. */
export function unflat({ vectors, slices }: FlatPart, shape: Tensor3["shape"], mode: number): SliceComponents {
  const [p, q] = othersOf(mode);
  return { vectors, slices: { shape: [slices.shape[0], shape[p], shape[q]], data: slices.data } };
}
