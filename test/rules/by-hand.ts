import { activationOf, type Activation } from "../../src/kernels";
import type { FullRankRNN } from "../../src/models";
import type { Batch } from "../../src/run";
import type { Matrix } from "../../src/tensor";

// Networks and learning rules written out in loops over single numbers, forward in time: nothing here is shared with
// src but the activation by its name.

type Numbers = number[];
export interface Trial {
  /** x_0 .. x_T */
  readonly x: Numbers[];
  /** phi(x_0) .. phi(x_T) */
  readonly h: Numbers[];
  readonly slopes: Numbers[];
  readonly u: Numbers[];
  /** e_1 .. e_T, at 1 .. T */
  readonly e: Numbers[];
  /** half the mean squared error of this trial */
  readonly loss: number;
}

/** One trial by Euler steps, with something added to the drive; errors are over the observed entries of all trials. */
export function trialByHand(
  { params, setting: { phi, reads } }: FullRankRNN,
  { inputs, targets, mask }: Batch,
  trial: number,
  alpha: number,
  drive: (t: number, i: number) => number = () => 0,
): Trial {
  const { value, pull } = activationOf(phi as Activation),
    [, steps, external] = inputs.shape,
    { w, wIn, x0, bias, readout, readoutBias } = params,
    units = w.shape[0],
    outputs = readout ? readout.shape[0] : units;
  const observed = mask ? mask.data.reduce((sum, m) => sum + m, 0) : targets!.data.length;
  const x: Numbers[] = [Array.from(x0.data.slice((trial % x0.shape[0]) * units, ((trial % x0.shape[0]) + 1) * units))],
    h: Numbers[] = [x[0].map(value)],
    u: Numbers[] = [],
    e: Numbers[] = [[]];
  let sum = 0,
    count = 0;
  for (let t = 0; t < steps; t++) {
    u.push(Array.from({ length: external }, (_, k) => inputs.data[(trial * steps + t) * external + k]));
    x.push(
      x[t].map((state, i) => {
        let into = (bias?.data[i] ?? 0) + drive(t, i);
        for (let j = 0; j < units; j++) into += w.data[i * units + j] * h[t][j];
        for (let k = 0; k < external; k++) into += wIn.data[i * external + k] * u[t][k];
        return state + alpha * (into - state);
      }),
    );
    h.push(x[t + 1].map(value));
    const read = reads === "rates" ? h[t + 1] : x[t + 1];
    e.push(
      Array.from({ length: outputs }, (_, k) => {
        let y = readoutBias?.data[k] ?? 0;
        for (let i = 0; i < units; i++) y += (readout ? readout.data[k * units + i] : Number(i === k)) * read[i];
        const at = (trial * steps + t) * outputs + k;
        if (mask && mask.data[at] === 0) return 0;
        sum += (y - targets!.data[at]) ** 2 / 2;
        count++;
        return (y - targets!.data[at]) / observed;
      }),
    );
  }
  return { x, h, slopes: h.map((rates) => rates.map((rate) => pull(1, rate))), u, e, loss: count ? sum / count : 0 };
}

/** dL/dp for p = W, W_in, bias, x0 by sensitivities that run forward, with F in place of C', without W where local. */
export function byForwardTraces(
  model: FullRankRNN,
  batch: Batch,
  alpha: number,
  { feedback, recurrent }: { readonly feedback?: Matrix; readonly recurrent: boolean },
) {
  const { w, wIn, x0, readout } = model.params,
    units = w.shape[0],
    external = wIn.shape[1],
    rows = x0.shape[0];
  // every single parameter: where it enters, and what it is multiplied by
  const sizes = { w: units * units, wIn: units * external, bias: units, x0: x0.data.length };
  const out = Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, new Float64Array(size)]));
  for (let trial = 0; trial < batch.inputs.shape[0]; trial++) {
    const { h, slopes, u, e } = trialByHand(model, batch, trial, alpha);
    for (const [name, size] of Object.entries(sizes))
      for (let p = 0; p < size; p++) {
        const [unit, presynaptic] =
          name === "w"
            ? [Math.floor(p / units), (t: number) => h[t][p % units]]
            : name === "wIn"
              ? [Math.floor(p / external), (t: number) => u[t][p % external]]
              : [p % units, () => Number(name === "bias")];
        // s_i = dx_i/dp
        let s: Numbers = Array.from({ length: units }, (_, i) =>
          Number(name === "x0" && i === unit && Math.floor(p / units) === trial % rows),
        );
        for (let t = 0; t < u.length; t++) {
          s = s.map((own, i) => {
            let into = i === unit ? presynaptic(t) : 0;
            if (recurrent) for (let j = 0; j < units; j++) into += w.data[i * units + j] * slopes[t][j] * s[j];
            return (1 - alpha) * own + alpha * into;
          });
          for (let i = 0; i < units; i++) {
            let signal = 0;
            for (const [k, error] of e[t + 1].entries())
              signal +=
                error *
                (feedback
                  ? feedback.data[i * e[t + 1].length + k]
                  : readout
                    ? readout.data[k * units + i]
                    : Number(i === k));
            out[name][p] += signal * (model.setting.reads === "rates" ? slopes[t + 1][i] : 1) * s[i];
          }
        }
      }
  }
  return out;
}
