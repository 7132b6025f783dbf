import { random } from "../base";
import type { NetworkParts } from "../parts";
import { sizeOf, zeros, type Matrix, type Shape, type Tensor, type Vector } from "../tensor";

/** The weights that every fit trains. */
export type WeightParams = {
  /** column factors before they are scaled to unit length (units × rank) */
  readonly a: Matrix;
  /** row factors before they are scaled to unit length (units × rank) */
  readonly b: Matrix;
  /** input weights (units × inputs), or their coefficients of the column factors (inputs × rank) */
  readonly wIn: Matrix;
  /** input bias (units), or its coefficients (rank) */
  readonly bias: Vector;
  /** factors of the static part (units × static rank) */
  readonly aStatic?: Matrix;
  readonly bStatic?: Matrix;
  /** the static part (units × units) itself, where it may have any rank */
  readonly wStatic?: Matrix;
};

export interface WeightSizes {
  readonly units: number;
  readonly rank: number;
  readonly staticRank: number | "full";
  readonly inputs: number;
  readonly span: NetworkParts["span"];
}

/**
 * Weights to start from: factors and input weights standard normal, bias zero, the static part small. Each has its own
 * stream of the seed.
 */
export function drawWeights({ units, rank, staticRank, inputs, span }: WeightSizes, seed: number): WeightParams {
  const draw = <const S extends Shape>(name: string, shape: S, deviation = 1): Tensor<S> => {
    const stream = random(seed, `fit ${name}`);
    return { shape, data: Float64Array.from({ length: sizeOf(shape) }, () => deviation * stream.normal()) };
  };
  const small = 1 / Math.sqrt(units);
  return {
    a: draw("a", [units, rank]),
    b: draw("b", [units, rank]),
    wIn: draw("wIn", span === "columns" ? [inputs, rank] : [units, inputs]),
    bias: zeros([span === "columns" ? rank : units]),
    ...(staticRank === "full" ? { wStatic: draw("wStatic", [units, units], 0.1 * small) } : {}),
    ...(staticRank !== "full" && staticRank > 0
      ? {
          aStatic: draw("aStatic", [units, staticRank], 0.1 * small),
          bStatic: draw("bStatic", [units, staticRank], small),
        }
      : {}),
  };
}
