import { matmul, transpose, zeros, type Matrix, type Params, type Tensor3, type Vector } from "../tensor";
import type { RuleRun } from "./learning-rule";

/** What adjoints are in place of dL/dp for W, W_in and the bias: products with what each drive is made of. */
export function driveGradients({ inputs, rates, alpha }: RuleRun, adjoints: Tensor3): Params {
  const later = rowsOf(adjoints, 1),
    left = transpose(scaled(later, alpha));
  return {
    w: matmul(left, rowsOf(rates, 0)),
    wIn: matmul(left, { shape: [inputs.shape[0] * inputs.shape[1], inputs.shape[2]], data: inputs.data }),
    bias: sumOfRows(left),
  };
}

/** The same for all parameters: those of the readout by the errors themselves, initial states by lambda_0. */
export function ruleGradients(run: RuleRun, adjoints: Tensor3): Params {
  const { errors, outputs, rates, states, starts, model } = run,
    read = rowsOf(model.setting.reads === "rates" ? rates : states, 1),
    flat: Matrix = { shape: [outputs.shape[0] * outputs.shape[1], outputs.shape[2]], data: errors.data };
  const [trials, times, units] = adjoints.shape,
    x0 = zeros(model.params.x0.shape);
  for (let trial = 0; trial < trials; trial++)
    for (let i = 0; i < units; i++) x0.data[starts[trial] * units + i] += adjoints.data[trial * times * units + i];
  return {
    ...driveGradients(run, adjoints),
    x0,
    readout: matmul(transpose(flat), read),
    readoutBias: sumOfRows(transpose(flat)),
  };
}

/** Rows of all trials, from time `first` on: (trials · (times - 1) × size), without the last time where first is 0. */
function rowsOf({ shape: [trials, times, size], data }: Tensor3, first: 0 | 1): Matrix {
  const rows = times - 1,
    out = new Float64Array(trials * rows * size);
  for (let trial = 0; trial < trials; trial++) {
    const begin = (trial * times + first) * size;
    out.set(data.subarray(begin, begin + rows * size), trial * rows * size);
  }
  return { shape: [trials * rows, size], data: out };
}

function scaled({ shape, data }: Matrix, factor: number): Matrix {
  const out = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) out[i] = factor * data[i];
  return { shape, data: out };
}

/** The sum of each row of a matrix. */
function sumOfRows({ shape: [rows, columns], data }: Matrix): Vector {
  const out = new Float64Array(rows);
  for (let i = 0, at = 0; i < rows; i++) for (let j = 0; j < columns; j++, at++) out[i] += data[at];
  return { shape: [rows], data: out };
}
