import type { Extrapolation } from "../decompose";
import { orthonormalColumns } from "../linalg";
import { matmul, transpose, type Matrix } from "../tensor";
import { balanced } from "./fit-part";
import { spanOf } from "./joint-sweep";
import type { FlatPart } from "./part";

/** Vectors and slices of each kind in turn. */
export const flatParts = (parts: readonly FlatPart[]): Matrix[] =>
  parts.flatMap(({ vectors, slices }) => [vectors, slices]);

/** Back from {@link flatParts}. */
export const partsFrom = (matrices: readonly Matrix[]): FlatPart[] =>
  matrices.flatMap((vectors, i) => (i % 2 === 0 ? [{ vectors, slices: matrices[i + 1] }] : []));

/**
 * Spans moved further along their last change: what of the vectors is outside the earlier span is the change, whatever
 * the basis of either.
 */
export const spansAhead = (parts: readonly FlatPart[], { previous, length }: Extrapolation): Matrix[] => {
  const earlier = partsFrom(previous).map(spanOf);
  return parts.map((part, mode) => {
    const now = spanOf(part),
      before = earlier[mode];
    if (now.shape[1] === 0 || before.shape[1] === 0) return now;
    const inside = matmul(before, matmul(transpose(before), now)).data;
    return orthonormalColumns({
      shape: now.shape,
      data: now.data.map((value, i) => value + length * (value - inside[i])),
    });
  });
};

/**
 * Non-negative components moved further along their last change, no entry below zero. Both models are compared with
 * vectors as long as their slices, since a change of scale between the two does not change the model.
 */
export function partsAhead(parts: readonly FlatPart[], { previous, length }: Extrapolation): FlatPart[] {
  const earlier = partsFrom(previous).map(balanced),
    moved = (to: Matrix, from: Matrix): Matrix => ({
      shape: to.shape,
      data: to.data.map((value, i) => Math.max(0, value + length * (value - from.data[i]))),
    });
  return parts.map(balanced).map(({ vectors, slices }, mode) => ({
    vectors: moved(vectors, earlier[mode].vectors),
    slices: moved(slices, earlier[mode].slices),
  }));
}
