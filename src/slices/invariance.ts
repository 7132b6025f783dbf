import { fail, isRecord, show } from "../base";
import { leadingVectorsOf } from "../decompose";
import { firstColumns } from "../linalg";
import { identity, matmul, sizeOf, transpose, type Matrix, type Shape, type Tensor } from "../tensor";
import { fromRows, partOf, rowsOf, sizesBeside } from "./part";
import type { SliceComponents, SliceTca } from "./slice-model";

/**
 * Among all models of the same tensor, the one whose parts (the sums of the components of each kind) have the smallest
 * sum of squares. Within each kind vectors are orthonormal, slices orthogonal, and both sorted by size.
 *
 * Project every mode onto the span of its vectors, or onto the complement: the tensor is a sum of orthogonal pieces,
 * one for every set of modes projected onto their spans. A piece can belong to the part of any kind in its set, and to
 * no other; moving it between these does not change the tensor. The sum of squares is smallest when each of them has an
 * equal share of the piece. So the minimum is exact, without iteration.
 *
 * @param whole - the tensor of all components
 * @param spans - orthonormal vectors that span those of each kind
 */
export function evenParts(whole: Float64Array, spans: readonly Matrix[], shape: Shape): readonly Float64Array[] {
  const parts = spans.map(() => new Float64Array(whole.length));
  const divide = (piece: Float64Array, mode: number, kinds: readonly number[]): void => {
    if (mode === spans.length) {
      for (const kind of kinds) for (let i = 0; i < piece.length; i++) parts[kind][i] += piece[i] / kinds.length;
    } else if (spans[mode].shape[1] === 0) divide(piece, mode + 1, kinds);
    else {
      const inside = projected(piece, spans[mode], shape, mode),
        outside = piece.map((value, i) => value - inside[i]);
      divide(inside, mode + 1, [...kinds, mode]);
      divide(outside, mode + 1, kinds);
    }
  };
  divide(whole, 0, []);
  return parts;
}

/** x with the vectors of one mode projected onto a span. */
function projected(x: Float64Array, span: Matrix, shape: Shape, mode: number): Float64Array {
  const rows = rowsOf({ shape, data: x }, mode);
  return fromRows(matmul(span, matmul(transpose(span), rows)), shape, mode);
}

/** Orthonormal vectors and orthogonal slices of a part, by size; the largest entry of a vector is positive. */
export function orderedComponents(part: Float64Array, rank: number, shape: Shape, mode: number): SliceComponents {
  const rows = rowsOf({ shape, data: part }, mode),
    sizes = sizesBeside(shape, mode);
  if (rank === 0)
    return {
      vectors: { shape: [shape[mode], 0], data: new Float64Array() },
      slices: { shape: [0, ...sizes], data: new Float64Array() },
    };
  const vectors = leadingVectorsOf(rows, rank, firstColumns(identity(shape[mode]), rank)),
    data = vectors.data.slice();
  for (let r = 0; r < rank; r++) {
    let largest = 0;
    for (let i = r; i < data.length; i += rank) if (Math.abs(data[i]) > Math.abs(largest)) largest = data[i];
    if (largest < 0) for (let i = r; i < data.length; i += rank) data[i] = -data[i];
  }
  const signed: Matrix = { shape: vectors.shape, data };
  return {
    vectors: signed,
    slices: { shape: [rank, ...sizes], data: matmul(transpose(signed), rows).data },
  };
}

/** Refuse what is not a sliceTCA model, and give the shape of its tensor. */
export function checkSliceTca(where: string, model: SliceTca): Shape {
  const refuse = (got: string): never =>
    fail(where, {
      expected: "a model { components }, three kinds { vectors, slices } or more, one per mode of a tensor",
      got,
      fix: "Pass what sliceTca gave.",
    });
  if (!isRecord(model) || !Array.isArray(model.components) || model.components.length < 3) refuse(show(model));
  const modes = model.components.length;
  for (const kind of Array.from(model.components as readonly unknown[]))
    if (!isRecord(kind) || !isTensor(kind.vectors, 2) || !isTensor(kind.slices, modes)) refuse(show(kind));
  const shape = model.components.map(({ vectors }) => vectors.shape[0]);
  model.components.forEach(({ vectors, slices }, mode) => {
    const want = [vectors.shape[1], ...sizesBeside(shape, mode)];
    if (slices.shape.join() !== want.join())
      refuse(`slices ${slices.shape.join(" × ")} in mode ${mode}, where ${want.join(" × ")} would fit`);
    if (!vectors.data.every(Number.isFinite) || !slices.data.every(Number.isFinite))
      refuse("an entry that is not finite");
  });
  return shape;
}

const isTensor = (value: unknown, modes: number): boolean =>
  isRecord(value) &&
  Array.isArray(value.shape) &&
  value.shape.length === modes &&
  value.shape.every((size) => Number.isInteger(size) && size >= 0) &&
  value.data instanceof Float64Array &&
  value.data.length === value.shape.reduce((product: number, size) => product * size, 1);

/** The tensor of a model, checked in the name of the function that was called. */
export function tensorOf(where: string, model: SliceTca): Tensor {
  const shape = checkSliceTca(where, model),
    data = new Float64Array(sizeOf(shape));
  model.components.forEach((kind, mode) => {
    const part = partOf(kind, shape, mode);
    for (let i = 0; i < data.length; i++) data[i] += part[i];
  });
  return { shape, data };
}

/**
 * The tensor of a sliceTCA model.
 *
 * @throws {@link LtrnnError} when it is not such a model
 * @remarks O(entries · components).
 * @example sliceTcaToTensor(sliceTca(tensor([1, 1, 2], [3, 4]), [1, 0, 0])).data // Float64Array [3, 4], up to rounding
 */
export const sliceTcaToTensor = (model: SliceTca): Tensor => tensorOf("sliceTcaToTensor", model);
