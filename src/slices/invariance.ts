import { fail, isRecord, show } from "../base";
import { leadingVectorsOf } from "../decompose";
import { firstColumns } from "../linalg";
import { identity, matmul, transpose, type Matrix, type Tensor3 } from "../tensor";
import { fromRows, othersOf, partOf, rowsOf } from "./part";
import type { SliceComponents, SliceTca } from "./slice-model";

type Shape3 = Tensor3["shape"];

/**
 * The one model among those that make the same tensor whose parts, the sums of the components of each kind, have the
 * smallest sum of squares; within each kind vectors are orthonormal, slices orthogonal, and both sorted by size.
 *
 * Components of two kinds share what is a product of a vector of one, a vector of the other, and any vector of the
 * third mode: it moves from one part to the other and changes nothing. Where it lies in the span of two kinds of
 * vectors, the sum of squares is smallest when the two parts have the same of it, and where it lies in that of all
 * three kinds, when each has a third. These are orthogonal subspaces, so the minimum is exact, without iteration.
 *
 * @param parts - what the components of each kind make
 * @param spans - orthonormal vectors that span those of each kind
 */
export function evenParts(
  parts: readonly Float64Array[],
  spans: readonly Matrix[],
  shape: Shape3,
): readonly Float64Array[] {
  const all = spans.every((span) => span.shape[1] > 0),
    inAll = (part: Float64Array) => spans.reduce((x, span, mode) => projected(x, span, shape, mode), part);
  const cores = parts.map((part) => (all ? inAll(part) : new Float64Array(part.length))),
    third = cores[0].map((value, i) => (value + cores[1][i] + cores[2][i]) / 3),
    out = parts.map((part, mode) => part.map((value, i) => value - cores[mode][i]));
  for (const [a, b] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ]) {
    const difference = out[b].map((value, i) => (value - out[a][i]) / 2),
      shared = projected(projected(difference, spans[a], shape, a), spans[b], shape, b),
      beside = all ? inAll(shared) : undefined;
    for (let i = 0; i < shared.length; i++) {
      const moved = shared[i] - (beside ? beside[i] : 0);
      out[a][i] += moved;
      out[b][i] -= moved;
    }
  }
  return all ? out.map((part) => part.map((value, i) => value + third[i])) : out;
}

/** x with the vectors of one mode projected onto a span. */
function projected(x: Float64Array, span: Matrix, shape: Shape3, mode: number): Float64Array {
  if (span.shape[1] === 0) return new Float64Array(x.length);
  const rows = rowsOf({ shape, data: x }, mode);
  return fromRows(matmul(span, matmul(transpose(span), rows)), shape, mode);
}

/** Orthonormal vectors and orthogonal slices of a part, by size; the largest entry of a vector is positive. */
export function orderedComponents(part: Float64Array, rank: number, shape: Shape3, mode: number): SliceComponents {
  const [p, q] = othersOf(mode),
    rows = rowsOf({ shape, data: part }, mode);
  if (rank === 0)
    return {
      vectors: { shape: [shape[mode], 0], data: new Float64Array() },
      slices: { shape: [0, shape[p], shape[q]], data: new Float64Array() },
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
    slices: { shape: [rank, shape[p], shape[q]], data: matmul(transpose(signed), rows).data },
  };
}

/** Refuse what is no sliceTCA model, and give the shape of its tensor. */
export function checkSliceTca(where: string, model: SliceTca): Shape3 {
  const refuse = (got: string): never =>
    fail(where, {
      expected: "a model { components }, three kinds { vectors, slices } of one tensor",
      got,
      fix: "Pass what sliceTca gave.",
    });
  if (!isRecord(model) || !Array.isArray(model.components) || model.components.length !== 3) refuse(show(model));
  for (const kind of Array.from(model.components as readonly unknown[]))
    if (!isRecord(kind) || !isMatrix(kind.vectors, 2) || !isMatrix(kind.slices, 3)) refuse(show(kind));
  const shape = model.components.map(({ vectors }) => vectors.shape[0]) as unknown as Shape3;
  model.components.forEach(({ vectors, slices }, mode) => {
    const [p, q] = othersOf(mode),
      want = [vectors.shape[1], shape[p], shape[q]];
    if (slices.shape.join() !== want.join())
      refuse(`slices ${slices.shape.join(" × ")} in mode ${mode}, where ${want.join(" × ")} would fit`);
    if (!vectors.data.every(Number.isFinite) || !slices.data.every(Number.isFinite))
      refuse("an entry that is not finite");
  });
  return shape;
}

const isMatrix = (value: unknown, modes: number): boolean =>
  isRecord(value) &&
  Array.isArray(value.shape) &&
  value.shape.length === modes &&
  value.shape.every((size) => Number.isInteger(size) && size >= 0) &&
  value.data instanceof Float64Array &&
  value.data.length === value.shape.reduce((product: number, size) => product * size, 1);

/** The tensor of a model, checked in the name of the function that was called. */
export function tensorOf(where: string, model: SliceTca): Tensor3 {
  const shape = checkSliceTca(where, model),
    data = new Float64Array(shape[0] * shape[1] * shape[2]);
  model.components.forEach((kind, mode) => {
    const part = partOf(kind, shape, mode);
    for (let i = 0; i < data.length; i++) data[i] += part[i];
  });
  return { shape, data };
}

/**
 * The tensor of a sliceTCA model.
 *
 * @throws {@link LtrnnError} when it is no such model
 * @remarks O(entries · components).
 * @example sliceTcaToTensor(sliceTca(tensor([1, 1, 2], [3, 4]), [1, 0, 0])).data // Float64Array [3, 4], up to rounding
 */
export const sliceTcaToTensor = (model: SliceTca): Tensor3 => tensorOf("sliceTcaToTensor", model);
