import { activationOf } from "../kernels";
import type { LowTensorRankRNN } from "../models";
import { transpose, type Tensor3 } from "../tensor";

/** A run whose outputs are to be differentiated. */
export interface DifferentiatedRun {
  /** x_0 .. x_T, as simulate gives them (trials × (time + 1) × units) */
  readonly states: Tensor3;
  readonly dt: number;
  /** which row of the trial factor each trial takes */
  readonly trialOf: readonly number[];
}

/** A direction `a_q b_r'` of a trial's weights. */
export type WeightDirection = readonly [q: number, r: number];

/**
 * The derivatives of all outputs of a trial in its own weights, along the directions `a_q b_r'` that factors span: with
 * q = r in the trial factor c_r(k). Exact, by the tangents of an Euler step: `s_{t+1} = s_t + alpha (-s_t + W^(k)
 * (phi'(x_t) s_t) + a_q (b_r' phi(x_t)))` from s_0 = 0.
 *
 * @param see - takes them trial by trial, (time × outputs × directions), in memory that the next trial overwrites
 * @remarks O(trials · time · directions · units · (rank + outputs)), and units² more with weights that do not change
 */
export function factorSensitivities(
  model: LowTensorRankRNN,
  { states, dt, trialOf }: DifferentiatedRun,
  directions: readonly WeightDirection[],
  see: (trial: number, sensitivities: Float64Array) => void,
): void {
  const { units, rank, params, setting } = model,
    [trials, times] = states.shape,
    steps = times - 1,
    { value, pull } = activationOf(setting.phi),
    advance = stepOf(model, dt / setting.tau, directions),
    readout = readerOf(model, directions.length),
    outputs = params.readout?.shape[0] ?? units;
  const rates = new Float64Array(units),
    tangents = new Float64Array(directions.length * units), // (directions × units)
    pulled = new Float64Array(directions.length * units),
    out = new Float64Array(steps * outputs * directions.length);
  const activate = (trial: number, t: number) => {
    const at = (trial * times + t) * units;
    for (let i = 0; i < units; i++) rates[i] = value(states.data[at + i]);
    for (let index = 0; index < tangents.length; index++) pulled[index] = pull(tangents[index], rates[index % units]);
  };
  for (let trial = 0; trial < trials; trial++) {
    const c = params.c.data.subarray(trialOf[trial] * rank, (trialOf[trial] + 1) * rank);
    tangents.fill(0);
    activate(trial, 0);
    for (let t = 0; t < steps; t++) {
      advance(tangents, pulled, rates, c);
      activate(trial, t + 1);
      readout(out, t * outputs * directions.length, setting.reads === "rates" ? pulled : tangents);
    }
    see(trial, out);
  }
}

/** The directions of the trial factors themselves. */
export const ownDirections = (rank: number): readonly WeightDirection[] =>
  Array.from({ length: rank }, (_, r) => [r, r] as const);

/** One step of all tangents of a trial. */
function stepOf(
  { units, rank, params: { a, b, w0 } }: LowTensorRankRNN,
  alpha: number,
  directions: readonly WeightDirection[],
) {
  const rows = transpose(b).data, // (rank × units)
    columns = transpose(a).data,
    latent = new Float64Array(rank),
    drive = new Float64Array(units);
  return (tangents: Float64Array, pulled: Float64Array, rates: Float64Array, c: Float64Array): void => {
    for (let p = 0; p < rank; p++) latent[p] = dot(rows, p * units, rates, 0, units);
    for (let d = 0; d < directions.length; d++) {
      const [q, r] = directions[d],
        begin = d * units;
      drive.fill(0);
      for (let p = 0; p < rank; p++) {
        const scale = c[p] * dot(rows, p * units, pulled, begin, units) + (p === q ? latent[r] : 0);
        for (let i = 0; i < units; i++) drive[i] += scale * columns[p * units + i];
      }
      if (w0) for (let i = 0; i < units; i++) drive[i] += dot(w0.data, i * units, pulled, begin, units);
      for (let i = 0, at = begin; i < units; i++, at++) tangents[at] += alpha * (drive[i] - tangents[at]);
    }
  };
}

/** What outputs make of tangents (count × units), into (outputs × count). */
function readerOf({ units, params: { readout, readoutGain } }: LowTensorRankRNN, count: number) {
  const outputs = readout?.shape[0] ?? units;
  return (out: Float64Array, begin: number, read: Float64Array): void => {
    for (let n = 0, at = begin; n < outputs; n++) {
      const gain = readoutGain ? readoutGain.data[n] : 1;
      for (let d = 0; d < count; d++, at++)
        out[at] = gain * (readout ? dot(readout.data, n * units, read, d * units, units) : read[d * units + n]);
    }
  };
}

function dot(x: Float64Array, begin: number, y: Float64Array, at: number, length: number): number {
  let even = 0,
    odd = 0;
  const pairs = length - (length % 2);
  for (let i = 0; i < pairs; i += 2) {
    even += x[begin + i] * y[at + i];
    odd += x[begin + i + 1] * y[at + i + 1];
  }
  return length === pairs ? even + odd : even + odd + x[begin + pairs] * y[at + pairs];
}
