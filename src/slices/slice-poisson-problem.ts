import { expectedCounts, type CountTable } from "../losses";
import type { Evaluated } from "../optim";
import { matmul, sizeOf, transpose, type Shape } from "../tensor";
import { partOf, rowsOf, unflat, type FlatPart } from "./part";
import type { SliceRanks } from "./slice-model";

/** The Poisson loss of sliceTCA models of one tensor of counts, over vectors and slices, one after another. */
export interface SlicePoissonProblem {
  readonly variables: number;
  /** the loss of constant rates, less that of a model that predicts every count exactly */
  readonly constant: number;
  /**
   * the loss less that of a model that predicts every count exactly, relative to that of constant rates, and its
   * gradient
   */
  evaluate(variables: Float64Array): Evaluated;
  partsOf(variables: Float64Array): FlatPart[];
}

/** Offsets are those that fit best at every point, so the gradient is that at fixed offsets. */
export function slicePoissonProblem(
  counts: CountTable,
  shape: Shape,
  ranks: SliceRanks,
  ridge: number,
): SlicePoissonProblem {
  const entries = counts.x.data.length,
    constant = expectedCounts(counts, new Float64Array(entries), ridge).excess,
    scale = constant > 0 ? 1 / constant : 0;
  const partsOf = (variables: Float64Array): FlatPart[] => {
    let from = 0;
    const next = (length: number) => {
      from += length;
      return variables.subarray(from - length, from);
    };
    return ranks.map((rank, mode) => {
      const size = shape[mode],
        others = entries / size;
      return {
        vectors: { shape: [size, rank], data: next(size * rank) },
        slices: { shape: [rank, others], data: next(rank * others) },
      };
    });
  };
  return {
    variables: ranks.reduce((sum, rank, mode) => sum + rank * (shape[mode] + entries / shape[mode]), 0),
    constant,
    partsOf,
    evaluate(variables) {
      const parts = partsOf(variables),
        modulation = modulationOf(parts, shape),
        { rates, excess } = expectedCounts(counts, modulation, ridge),
        gradient = new Float64Array(variables.length),
        slopes = partsOf(gradient),
        { hidden, x } = counts,
        slope = rates.map((rate, i) => (hidden?.[i] === 1 ? 0 : scale * (rate - x.data[i] + ridge * modulation[i])));
      for (const [mode, { vectors, slices }] of parts.entries()) {
        if (ranks[mode] === 0) continue;
        const rows = rowsOf({ shape, data: slope }, mode);
        slopes[mode].vectors.data.set(matmul(rows, transpose(slices)).data);
        slopes[mode].slices.data.set(matmul(transpose(vectors), rows).data);
      }
      return { loss: scale * excess, gradient };
    },
  };
}

/** The tensor of all components. */
export function modulationOf(parts: readonly FlatPart[], shape: Shape): Float64Array {
  const sum = new Float64Array(sizeOf(shape));
  for (const [mode, part] of parts.entries()) {
    if (part.vectors.shape[1] === 0) continue;
    const made = partOf(unflat(part, shape, mode), shape, mode);
    for (let i = 0; i < sum.length; i++) sum[i] += made[i];
  }
  return sum;
}
