import { contraction } from "../kernels";
import { zeros, type Matrix, type Params, type Tensor3, type Vector } from "../tensor";
import type { RuleRun } from "./learning-rule";

/** What adjoints are in place of dL/dp for W, W_in and the bias: products with what each drive is made of. */
export function driveGradients({ inputs, rates, alpha }: RuleRun, adjoints: Tensor3): Params {
  const later = rowsOf(adjoints, 1);
  for (let i = 0; i < later.data.length; i++) later.data[i] *= alpha;
  return { w: products(later, rowsOf(rates, 0)), wIn: products(later, flat(inputs)), bias: sumOfRows(later) };
}

/** The same for all parameters: those of the readout by the errors themselves, initial states by lambda_0. */
export function ruleGradients(run: RuleRun, adjoints: Tensor3): Params {
  const { rates, states, starts, model } = run,
    errors = flat(run.errors);
  const [trials, times, units] = adjoints.shape,
    x0 = zeros(model.params.x0.shape);
  for (let trial = 0; trial < trials; trial++)
    for (let i = 0; i < units; i++) x0.data[starts[trial] * units + i] += adjoints.data[trial * times * units + i];
  return {
    ...driveGradients(run, adjoints),
    x0,
    readout: products(errors, rowsOf(model.setting.reads === "rates" ? rates : states, 1)),
    readoutBias: sumOfRows(errors),
  };
}

/** left' right: sums over rows of products of their entries. */
function products(left: Matrix, right: Matrix): Matrix {
  const [rows, size] = left.shape,
    columns = right.shape[1];
  if (rows === 0 || size === 0 || columns === 0) return zeros([size, columns]);
  return { shape: [size, columns], data: contraction(right.data, rows, columns).leftT(left.data, size) };
}

const flat = ({ shape: [trials, steps, size], data }: Tensor3): Matrix => ({ shape: [trials * steps, size], data });

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

/** All rows added up. */
function sumOfRows({ shape: [rows, size], data }: Matrix): Vector {
  const out = new Float64Array(size);
  for (let row = 0, at = 0; row < rows; row++) for (let i = 0; i < size; i++, at++) out[i] += data[at];
  return { shape: [size], data: out };
}
