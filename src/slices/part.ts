import { contractMode } from "../decompose";
import { permute, sizeOf, transpose, type Matrix, type Shape, type Tensor } from "../tensor";
import type { SliceComponents } from "./slice-model";

/** Components of one kind as matrices: vectors (size × rank) and slices (rank × others). */
export interface FlatPart {
  readonly vectors: Matrix;
  readonly slices: Matrix;
}

/** The other modes, in their order. */
const othersOf = (mode: number, modes: number): readonly number[] =>
  Array.from({ length: modes }, (_, n) => n).filter((n) => n !== mode);

/** The sizes of the other modes. */
export const sizesBeside = (shape: Shape, mode: number): readonly number[] => shape.filter((_, n) => n !== mode);

/** A tensor as a matrix of one mode by the others. */
export function rowsOf(x: Tensor, mode: number): Matrix {
  const size = x.shape[mode],
    data = mode === 0 ? x.data : permute(x, [mode, ...othersOf(mode, x.shape.length)]).data;
  return { shape: [size, x.data.length / Math.max(1, size)], data };
}

/** Back from the matrix of one mode by the others to the tensor of this shape. */
export function fromRows({ data }: Matrix, shape: Shape, mode: number): Float64Array {
  if (mode === 0) return data;
  // position of every mode of the tensor among (mode, others)
  const places = shape.map((_, n) => (n === mode ? 0 : n < mode ? n + 1 : n));
  return permute({ shape: [shape[mode], ...sizesBeside(shape, mode)], data }, places).data;
}

/** The sum of the components of one kind. */
export function partOf({ vectors, slices }: SliceComponents, shape: Shape, mode: number): Float64Array {
  const rank = vectors.shape[1];
  if (rank === 0) return new Float64Array(sizeOf(shape));
  const inPlace = shape.map((size, n) => (n === mode ? rank : size));
  return contractMode(
    { shape: inPlace, data: fromRows({ shape: [rank, slices.data.length / rank], data: slices.data }, inPlace, mode) },
    transpose(vectors),
    mode,
  ).data;
}

/** Components with their slices as tensors. */
export const unflat = ({ vectors, slices }: FlatPart, shape: Shape, mode: number): SliceComponents => ({
  vectors,
  slices: { shape: [slices.shape[0], ...sizesBeside(shape, mode)], data: slices.data },
});

/** x less the parts; 0 where x is missing. */
export function residualOf({ data }: Tensor, parts: readonly Float64Array[], mask?: Float64Array): Float64Array {
  const residual = data.slice();
  for (const part of parts) for (let i = 0; i < residual.length; i++) residual[i] -= part[i];
  if (mask) for (let i = 0; i < residual.length; i++) if (mask[i] === 0) residual[i] = 0;
  return residual;
}
