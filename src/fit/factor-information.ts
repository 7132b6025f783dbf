import { fail } from "../base";
import type { LowTensorRankRNN } from "../models";
import { factorSensitivities, simulate } from "../run";
import { zeros, type Matrix, type Tensor3 } from "../tensor";
import type { LowTensorRankFit } from "./fit-result";

/** What activity says of trial factors, where they stand: J is the derivative of all outputs in them. */
export interface FactorInformation {
  /** J'J of every trial, over its observed entries (trials × rank × rank) */
  readonly products: Tensor3;
  /** J' residual of every trial (trials × rank) */
  readonly score: Matrix;
  /** the sum of squared residuals */
  readonly squares: number;
}

/** A fitted network with columns of a and b of unit length, so that trial factors have their scale. */
export interface GaugedModel {
  readonly model: LowTensorRankRNN;
  /** what the fit's trial factors are multiplied by */
  readonly scales: readonly number[];
}

export function gaugedModel({ model }: LowTensorRankFit): GaugedModel {
  const { a, b, c } = model.params,
    lengths = (m: Matrix) => {
      const squares = new Float64Array(m.shape[1]);
      for (let index = 0; index < m.data.length; index++) squares[index % m.shape[1]] += m.data[index] * m.data[index];
      return Array.from(squares, (sum) => Math.sqrt(sum) || 1); // a column of zeros stays so
    };
  const [ofA, ofB] = [lengths(a), lengths(b)],
    scales = ofA.map((length, r) => length * ofB[r]);
  return {
    model: model.with({
      params: {
        a: scaledColumns(a, (r) => 1 / ofA[r]),
        b: scaledColumns(b, (r) => 1 / ofB[r]),
        c: scaledColumns(c, (r) => scales[r]),
      },
    }),
    scales,
  };
}

export const scaledColumns = ({ shape, data }: Matrix, scaleOf: (column: number) => number): Matrix => ({
  shape,
  data: data.map((x, index) => x * scaleOf(index % shape[1])),
});

/** The information about trial factors c that activity holds, at any c. */
export function factorInformation(
  where: string,
  model: LowTensorRankRNN,
  { inputs, conditions, dt, prediction }: LowTensorRankFit,
  activity: Tensor3,
  mask: Tensor3,
): (c: Matrix) => FactorInformation {
  const { rank } = model,
    [trials, time, neurons] = activity.shape,
    size = time * neurons;
  checkPrediction(where, simulate(model, inputs, { dt, conditions }).outputs, prediction);
  return (c) => {
    const moved = model.with({ params: { c } }),
      { states, outputs } = simulate(moved, inputs, { dt, conditions }),
      products = zeros([trials, rank, rank]),
      score = zeros([trials, rank]);
    let squares = 0;
    factorSensitivities(moved, { states, dt, trialOf: conditions.map((_, k) => k) }, (trial, jacobian) => {
      const product = products.data.subarray(trial * rank * rank, (trial + 1) * rank * rank);
      for (let entry = 0, at = trial * size; entry < size; entry++, at++) {
        if (mask.data[at] === 0) continue;
        const residual = activity.data[at] - outputs.data[at];
        squares += residual * residual;
        for (let r = 0, j = entry * rank; r < rank; r++) {
          score.data[trial * rank + r] += jacobian[j + r] * residual;
          for (let s = 0; s <= r; s++) product[r * rank + s] += jacobian[j + r] * jacobian[j + s];
        }
      }
      for (let r = 0; r < rank; r++) for (let s = r + 1; s < rank; s++) product[r * rank + s] = product[s * rank + r];
    });
    return { products, score, squares };
  };
}

/** Refuse a fit whose prediction is more than what its network makes: by a head, or from a trial's own past. */
function checkPrediction(where: string, outputs: Tensor3, prediction: Tensor3): void {
  let scale = 0,
    largest = outputs.data.length === prediction.data.length ? 0 : Number.POSITIVE_INFINITY;
  for (let index = 0; index < prediction.data.length; index++) {
    scale = Math.max(scale, Math.abs(prediction.data[index]));
    largest = Math.max(largest, Math.abs(prediction.data[index] - outputs.data[index]));
  }
  if (!(largest <= 1e-3 * scale))
    // single precision is off by less
    fail(where, {
      expected: "a fit whose prediction is the outputs of its network",
      got: `one that differs from them by ${largest} at most, of ${scale}`,
      fix: "Ask for a bootstrap of the fit, which takes any decoder.",
    });
}
