import { fail } from "../base";
import type { LowTensorRankRNN } from "../models";
import { factorSensitivities, ownDirections, simulate } from "../run";
import { zeros, type Matrix, type Tensor3 } from "../tensor";
import type { LowTensorRankFit } from "./fit-result";

/** What activity says of each trial's weights along some directions: J is the derivative of all outputs in them. */
export interface FactorInformation {
  /** J'J of every trial, over its observed entries (trials × directions × directions) */
  readonly products: Tensor3;
  /** J' residual of every trial (trials × directions) */
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

/** What the information is of. */
export interface Observations {
  readonly model: LowTensorRankRNN;
  readonly fit: LowTensorRankFit;
  readonly activity: Tensor3;
  readonly mask: Tensor3;
}

/** The information about weights along these directions that activity holds, with trial factors c. */
export function factorInformation(
  { model, fit, activity, mask }: Observations,
  c: Matrix,
  directions = ownDirections(model.rank),
): FactorInformation {
  const { inputs, conditions, dt } = fit,
    [trials, time, neurons] = activity.shape,
    size = time * neurons,
    count = directions.length,
    moved = model.with({ params: { c } }),
    { states, outputs } = simulate(moved, inputs, { dt, conditions }),
    products = zeros([trials, count, count]),
    score = zeros([trials, count]);
  let squares = 0;
  const run = { states, dt, trialOf: conditions.map((_, k) => k) };
  factorSensitivities(moved, run, directions, (trial, jacobian) => {
    const product = products.data.subarray(trial * count * count, (trial + 1) * count * count);
    for (let entry = 0, at = trial * size; entry < size; entry++, at++) {
      if (mask.data[at] === 0) continue;
      const residual = activity.data[at] - outputs.data[at];
      squares += residual * residual;
      for (let r = 0, j = entry * count; r < count; r++) {
        score.data[trial * count + r] += jacobian[j + r] * residual;
        for (let s = 0; s <= r; s++) product[r * count + s] += jacobian[j + r] * jacobian[j + s];
      }
    }
    for (let r = 0; r < count; r++) for (let s = r + 1; s < count; s++) product[r * count + s] = product[s * count + r];
  });
  return { products, score, squares };
}

/** Refuse a fit whose prediction is more than what its network makes: by a head, or from a trial's own past. */
export function checkPrediction(where: string, model: LowTensorRankRNN, fit: LowTensorRankFit): void {
  const { inputs, conditions, dt, prediction } = fit,
    { outputs } = simulate(model, inputs, { dt, conditions });
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
