import { random } from "../base";
import { sizeOf, zeros, type Matrix, type Shape, type Tensor, type Vector } from "../tensor";

/** The weights that every fit moves. */
export type WeightParams = {
  /** column factors before they are scaled to unit length (units × rank) */
  readonly a: Matrix;
  /** row factors before they are scaled to unit length (units × rank) */
  readonly b: Matrix;
  /** input weights (units × inputs) */
  readonly wIn: Matrix;
  /** initial states, a row per condition (conditions × units) */
  readonly x0: Matrix;
  /** input bias (units) */
  readonly bias: Vector;
};

export interface WeightSizes {
  readonly units: number;
  readonly rank: number;
  readonly inputs: number;
  readonly conditions: number;
}

/**
 * Weights to start from: factors and input weights standard normal, initial states small, biases zero. Each has its own
 * stream of the seed.
 */
export function drawWeights({ units, rank, inputs, conditions }: WeightSizes, seed: number): WeightParams {
  const draw = <const S extends Shape>(name: string, shape: S, deviation: number): Tensor<S> => {
    const stream = random(seed, `fit ${name}`);
    return { shape, data: Float64Array.from({ length: sizeOf(shape) }, () => deviation * stream.normal()) };
  };
  return {
    a: draw("a", [units, rank], 1),
    b: draw("b", [units, rank], 1),
    wIn: draw("wIn", [units, inputs], 1),
    x0: draw("x0", [conditions, units], 0.1),
    bias: zeros([units]),
  };
}
