import { fail, random } from "../base";
import { lanes, packPanel, scan, scanBuffers, type ScanBuffers, type ScanGradients, type ScanSetting } from "../kernels";
import { indexOf, type Tensor, type Tensor3 } from "../tensor";
import type { Plan } from "./batch";
import type { Network } from "./network";

/** One panel of a run: which trials, and the buffers that hold them. */
export interface Panel {
  readonly first: number;
  readonly count: number;
  readonly buffers: ScanBuffers;
}

/** What a run leaves: the gradients of all parameters, as far as `backward` was asked for. */
export interface Run {
  readonly recurrent: Readonly<Record<string, Float64Array>>;
  readonly shared: ScanGradients;
  readonly x0: Float64Array;
}

/**
 * Stream the trials through the scan, panel by panel. `see` gets each panel after the forward pass and says whether to go
 * back through it (it has then written dOutputs and dPlantStates); `done` gets it after that.
 */
export function runPanels(where: string, model: Network, inputs: Tensor3, plan: Plan, see: (panel: Panel) => boolean, done: (panel: Panel) => void = () => {}): Run {
  const { params, setting, units } = model;
  const { trials, steps, outputs, alpha, plant, noise } = plan;
  const scanSetting: ScanSetting = { units, inputs: params.wIn.shape[1], outputs, steps, alpha, phi: setting.phi, reads: setting.reads, plant };
  const shared: ScanGradients = { wIn: new Float64Array(params.wIn.data.length), bias: new Float64Array(units), readout: new Float64Array(params.readout?.data.length ?? 0), readoutBias: new Float64Array(outputs) };
  const x0 = new Float64Array(params.x0.data.length);
  const buffers = scanBuffers(scanSetting, noise !== undefined);
  const { wIn, bias, readout, readoutBias } = params;
  const { forward, backward } = scan(scanSetting, { wIn: wIn.data, bias: bias?.data, readout: readout?.data, readoutBias: readoutBias?.data }, shared, buffers);
  const recurrent = model.recur(steps);
  for (let first = 0; first < trials; first += lanes) {
    const count = Math.min(lanes, trials - first);
    const padded = Array.from({ length: lanes }, (_, lane) => Math.min(first + lane, trials - 1));
    const factorRows = padded.map((trial) => plan.trialOf[trial]);
    packPanel(buffers.inputs, inputs, first, scanSetting.inputs);
    for (let lane = 0; lane < lanes; lane++)
      for (let i = 0, from = plan.startOf[padded[lane]] * units; i < units; i++) buffers.states[i * lanes + lane] = params.x0.data[from + i];
    if (buffers.noise && noise) drawNoise(buffers.noise, padded, noise.sigma * Math.sqrt(2 * alpha), noise.seed);
    const recurrence = recurrent.panel(factorRows);
    forward(recurrence);
    checkStates(where, model, inputs, buffers.states, first, count, steps, plan);
    const panel = { first, count, buffers };
    if (!see(panel)) continue;
    backward(recurrence);
    recurrent.collect(factorRows);
    for (let lane = 0; lane < count; lane++)
      for (let i = 0, to = plan.startOf[first + lane] * units; i < units; i++) x0[to + i] += buffers.adjoints[i * lanes + lane];
    done(panel);
  }
  return { recurrent: recurrent.gradients, shared, x0 };
}

/** Noise of each trial from its own stream, so that it does not hang on how trials are grouped. */
function drawNoise(noise: Float64Array, trials: readonly number[], std: number, seed: number): void {
  trials.forEach((trial, lane) => {
    const stream = random(seed, `noise of trial ${trial}`);
    for (let at = lane; at < noise.length; at += lanes) noise[at] = std * stream.normal();
  });
}

/** A state that is not finite stays so to the end of its trial: look there, and name the cause or the first place. */
function checkStates(where: string, model: Network, inputs: Tensor3, states: Float64Array, first: number, count: number, steps: number, { dt }: Plan): void {
  const { units } = model;
  let sum = 0;
  for (let at = steps * units * lanes; at < states.length; at++) sum += states[at] - states[at];
  if (sum === 0) return;
  for (const [name, x] of Object.entries({ ...model.params, inputs }) as [string, Tensor | undefined][]) {
    const bad = x ? x.data.findIndex((value) => !Number.isFinite(value)) : -1;
    if (x && bad >= 0) fail(where, { expected: `finite entries in ${name}`, got: `${x.data[bad]} at index [${indexOf(x.shape, bad).join(", ")}]`, fix: "Mend it before the run." });
  }
  for (let t = 0; t <= steps; t++)
    for (let i = 0; i < units; i++)
      for (let lane = 0; lane < count; lane++)
        if (!Number.isFinite(states[(t * units + i) * lanes + lane]))
          fail(where, { expected: "states that stay finite", got: `${states[(t * units + i) * lanes + lane]} in trial ${first + lane} at step ${t}, unit ${i}`, fix: `Take a smaller dt (now ${dt}), weaker weights, or a smaller learning rate if this came up in training.` });
}
