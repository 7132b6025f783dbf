import { random, type Random } from "../base";
import { sizeOf, zeros, type Shape, type Tensor } from "../tensor";
import type { FreeParams } from "./free-params";

/** Sizes of a fit. */
export interface FitSizes {
  readonly trials: number;
  readonly steps: number;
  readonly units: number;
  readonly rank: number;
  readonly inputs: number;
  readonly conditions: number;
  /** of a linear decoder; undefined: the outputs are the units */
  readonly neurons?: number;
  /** whether inputs are learned */
  readonly learnsInputs: boolean;
}

/** Free parameters to start from: factors, input weights and decoder random, trial factors constant, inputs and initial states small, biases zero. */
export function drawFree(
  { trials, steps, units, rank, inputs, conditions, neurons, learnsInputs }: FitSizes,
  seed: number,
): FreeParams {
  const draw = <const S extends Shape>(name: string, shape: S, std: number): Tensor<S> => {
    const stream: Random = random(seed, `fit ${name}`);
    return { shape, data: Float64Array.from({ length: sizeOf(shape) }, () => std * stream.normal()) };
  };
  const m = zeros([rank]);
  m.data.fill(1);
  return {
    a: draw("a", [units, rank], 1),
    b: draw("b", [units, rank], 1),
    z: zeros([trials, rank]),
    m,
    wIn: draw("wIn", [units, inputs], 1),
    x0: draw("x0", [conditions, units], 0.1),
    bias: zeros([units]),
    ...(learnsInputs ? { u: draw("u", [conditions, steps, inputs], 0.1) } : {}),
    ...(neurons === undefined
      ? {}
      : { readout: draw("readout", [neurons, units], 1 / Math.sqrt(units)), readoutBias: zeros([neurons]) }),
  };
}
