import { activationOf, contraction, isCustomActivation } from "../kernels";
import { identity, transpose, zeros, type Matrix, type Tensor3 } from "../tensor";
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
  const signals = broughtBack(run, feedback),
    back = recurrent ? throughWeights(run) : undefined;
  for (let after = 0; after < steps; after += every ?? steps) {
    const last = Math.min(after + (every ?? steps), steps);
    addPass(run, signals, adjoints, { last, after, first: Math.max(last - (window ?? steps), 0), back });
  }
  return adjoints;
}

interface Pass {
  /** x_last is where it begins */
  readonly last: number;
  /** errors at later times than this take part */
  readonly after: number;
  /** x_first is where it arrives */
  readonly first: number;
  /** alpha W' lambda of all trials (trials × units); absent: none */
  readonly back: ((lambda: Float64Array) => Float64Array) | undefined;
}

/** One pass of all trials, side by side. */
function addPass(
  { model: { setting }, alpha, rates, states }: RuleRun,
  signals: Tensor3,
  adjoints: Tensor3,
  { last, after, first, back }: Pass,
): void {
  const [trials, times, units] = adjoints.shape,
    { phi } = setting,
    pull = isCustomActivation(phi)
      ? (d: number, at: number) => d * phi.derivative(states.data[at])
      : (d: number, at: number) => activationOf(phi).pull(d, rates.data[at]),
    ofRates = setting.reads === "rates",
    none = new Float64Array(trials * units);
  let later: Float64Array = none;
  for (let t = last; t >= (first === 0 ? 0 : first + 1); t--) {
    const carried = back && t < last ? back(later) : none,
      now = new Float64Array(trials * units);
    for (let trial = 0, i = 0; trial < trials; trial++)
      for (let unit = 0, at = (trial * times + t) * units; unit < units; unit++, at++, i++) {
        const signal = t > after ? signals.data[at] : 0,
          pulled = pull(ofRates ? carried[i] + signal : carried[i], at);
        now[i] = (1 - alpha) * later[i] + pulled + (ofRates ? 0 : signal);
        adjoints.data[at] += now[i];
      }
    later = now;
  }
}

/** alpha W' lambda for all trials at once. */
function throughWeights({ model: { params }, alpha, states: { shape } }: RuleRun): NonNullable<Pass["back"]> {
  const [trials, , units] = shape,
    { leftT } = contraction(params.w.data, units, units),
    columns = new Float64Array(units * trials);
  return (lambda) => {
    for (let trial = 0, i = 0; trial < trials; trial++)
      for (let unit = 0; unit < units; unit++, i++) columns[unit * trials + trial] = alpha * lambda[i];
    return leftT(columns, trials);
  };
}

/** F e_t at every time, (trials × (time + 1) × units), 0 at x_0; without a readout, C is the identity. */
function broughtBack({ model: { params }, errors, states }: RuleRun, feedback: Matrix | undefined): Tensor3 {
  const [trials, times, units] = states.shape,
    outputs = errors.shape[2],
    out = zeros([trials, times, units]);
  const back = (feedback ? transpose(feedback) : (params.readout ?? identity(units))).data; // (outputs × units)
  for (let trial = 0; trial < trials; trial++)
    for (let t = 1; t < times; t++) {
      const row = (trial * times + t) * units,
        error = (trial * (times - 1) + t - 1) * outputs;
      for (let k = 0; k < outputs; k++) {
        const e = errors.data[error + k];
        if (e !== 0) for (let i = 0; i < units; i++) out.data[row + i] += e * back[k * units + i];
      }
    }
  return out;
}
