import { activationOf } from "../kernels";
import { zeros, type Matrix, type Tensor3 } from "../tensor";
import type { RuleRun } from "./learning-rule";

/** What of the adjoint recursion a rule keeps. */
export interface AdjointOptions {
  /** what carries errors back to the units, (units × outputs); absent: the transposed readout */
  readonly feedback?: Matrix | undefined;
  /** whether errors go back from unit to unit, through W' */
  readonly recurrent: boolean;
  /** steps that errors go back; default: all */
  readonly window?: number | undefined;
  /** steps between two passes backward, each with the errors since the one before; default: one pass, from the end */
  readonly every?: number | undefined;
}

/**
 * The adjoints that a rule has in place of the true ones, with F in place of C' and without W' where it is not
 * recurrent:
 *
 * - rates read out: `lambda_t = (1 - alpha) lambda_{t+1} + phi'(x_t) * (alpha W' lambda_{t+1} + F e_t)`
 * - states read out: `lambda_t = (1 - alpha) lambda_{t+1} + phi'(x_t) * (alpha W' lambda_{t+1}) + F e_t`
 *
 * A pass backward from x_s goes `window` steps, to x_{s - window}: it gives lambda at the ends of those steps, and
 * lambda_0 where it arrives at x_0. Passes add up, for gradients are linear in adjoints.
 */
export function ruleAdjoints(run: RuleRun, { feedback, recurrent, window, every }: AdjointOptions): Tensor3 {
  const [trials, times, units] = run.states.shape,
    steps = times - 1,
    adjoints = zeros([trials, times, units]);
  const back = window ?? steps,
    between = every ?? steps;
  const signals = broughtBack(run, feedback);
  for (let trial = 0; trial < trials; trial++)
    for (let from = 0; from < steps; from += between) {
      const last = Math.min(from + between, steps);
      addPass(run, signals, adjoints, { trial, last, after: from, first: Math.max(last - back, 0), recurrent });
    }
  return adjoints;
}

interface Pass {
  readonly trial: number;
  /** x_last is where it begins */
  readonly last: number;
  /** errors at later times than this take part */
  readonly after: number;
  /** x_first is where it arrives */
  readonly first: number;
  readonly recurrent: boolean;
}

function addPass(
  { model: { params, setting }, alpha, rates }: RuleRun,
  signals: Tensor3,
  adjoints: Tensor3,
  { trial, last, after, first, recurrent }: Pass,
): void {
  const [, times, units] = adjoints.shape,
    { pull } = activationOf(setting.phi),
    ofRates = setting.reads === "rates";
  let later = new Float64Array(units),
    now = new Float64Array(units);
  const end = first === 0 ? 0 : first + 1;
  for (let t = last; t >= end; t--) {
    now.fill(0);
    if (recurrent) addTransposed(now, params.w, later, alpha);
    const row = (trial * times + t) * units;
    for (let i = 0; i < units; i++) {
      const signal = t > after ? signals.data[row + i] : 0,
        pulled = pull(ofRates ? now[i] + signal : now[i], rates.data[row + i]);
      now[i] = (1 - alpha) * later[i] + pulled + (ofRates ? 0 : signal);
      adjoints.data[row + i] += now[i];
    }
    [later, now] = [now, later];
  }
}

/** out += factor m' x. */
function addTransposed(out: Float64Array, { shape: [rows, columns], data }: Matrix, x: Float64Array, factor: number) {
  for (let i = 0, at = 0; i < rows; i++) {
    const weight = factor * x[i];
    for (let j = 0; j < columns; j++, at++) out[j] += weight * data[at];
  }
}

/** F e_t at every time, (trials × (time + 1) × units), 0 at x_0. */
function broughtBack({ model: { params }, errors, states }: RuleRun, feedback: Matrix | undefined): Tensor3 {
  const [trials, times, units] = states.shape,
    outputs = errors.shape[2],
    out = zeros([trials, times, units]);
  for (let trial = 0; trial < trials; trial++)
    for (let t = 1; t < times; t++) {
      const row = (trial * times + t) * units,
        error = (trial * (times - 1) + t - 1) * outputs;
      for (let k = 0; k < outputs; k++) {
        const e = errors.data[error + k];
        if (e === 0) continue;
        for (let i = 0; i < units; i++)
          out.data[row + i] += e * (feedback ? feedback.data[i * outputs + k] : readoutAt(params.readout, k, i, units));
      }
    }
  return out;
}

/** An entry of C; without a readout it is the identity. */
const readoutAt = (readout: Matrix | undefined, k: number, i: number, units: number): number =>
  readout ? readout.data[k * units + i] : Number(k === i);
