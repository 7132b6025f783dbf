import { fail, random } from "../base";
import {
  kernelsFor,
  packPanel,
  scan,
  scanGradients,
  scanMemory,
  scanSnapshot,
  type Kernels,
  type ScanGradients,
  type ScanMemory,
  type ScanSetting,
} from "../kernels";
import { indexOf, type Tensor, type Tensor3 } from "../tensor";
import type { Plan } from "./batch";
import type { NetworkRecord } from "./network";

/** One panel of a run: which trials, and where what they did lies. */
export interface Panel {
  readonly first: number;
  readonly count: number;
  readonly kernels: Kernels;
  readonly memory: ScanMemory;
  /** copies of what a backward pass will read, for a run that calls `recall`; old ones are written over */
  keep(old?: readonly Uint8Array[]): Uint8Array[];
}

/** What a run leaves: the gradients of all parameters, as far as a panel went backward. */
export interface Run {
  readonly shared: ScanGradients;
  /** of the factors of trials, where they have any */
  readonly perTrial: Float64Array;
  readonly x0: Float64Array;
}

/** What a caller does with each panel: `open` once, then `see` after the forward pass, which says whether to go back, and `done` after that. */
export interface Visitor {
  open?(kernels: Kernels): void;
  /** what `keep` gave of the panel with this first trial, instead of a forward pass */
  recall?(first: number): readonly Uint8Array[];
  see(panel: Panel): boolean;
  done?(panel: Panel): void;
}

/** Which trials: from the first, a multiple of the kernels' lanes, up to the end. */
export type Span = readonly [first: number, end: number];

/** Stream the trials, or a span of them, through the scan, panel by panel, so that memory does not grow with their number. */
export function runPanels(
  where: string,
  model: NetworkRecord,
  inputs: Tensor3,
  plan: Plan,
  visitor: Visitor,
  span: Span = [0, plan.trials],
): Run {
  const kernels = kernelsFor(plan.precision);
  return kernels.workspace.within(() => stream(where, model, inputs, plan, visitor, span, kernels), where);
}

function stream(
  where: string,
  model: NetworkRecord,
  inputs: Tensor3,
  plan: Plan,
  { open, recall, see, done }: Visitor,
  [begin, end]: Span,
  kernels: Kernels,
): Run {
  const { params, setting, units, connectivity } = model;
  const { trials, steps, outputs, alpha, plant, noise, integrator, gain } = plan,
    { lanes, workspace, bytes } = kernels;
  const left = params[connectivity.left]!,
    right = connectivity.right ? params[connectivity.right] : undefined,
    factors = connectivity.perTrial ? params[connectivity.perTrial] : undefined;
  const rank = right?.shape[1];
  const scanSetting: ScanSetting = {
    units,
    rank,
    perTrial: factors !== undefined,
    inputs: params.wIn.shape[1],
    outputs,
    steps,
    alpha,
    phi: setting.phi,
    integrator,
    reads: setting.reads,
    plant,
    noisy: noise !== undefined,
  };
  const readout = params.readout && (gain === 1 ? params.readout.data : params.readout.data.map((c) => gain * c));
  const weights = {
    left: left.data,
    right: right?.data,
    wIn: params.wIn.data,
    bias: params.bias?.data,
    readout,
    readoutBias: params.readoutBias?.data,
  };
  const memory = scanMemory(kernels, scanSetting, weights),
    staging = workspace.take(lanes * steps * inputs.shape[2] * 8);
  open?.(kernels);
  const { forward, backward } = scan(kernels, scanSetting, weights, memory),
    snapshot = scanSnapshot(kernels, scanSetting, memory);
  const x0 = new Float64Array(params.x0.data.length),
    perTrial = new Float64Array(factors?.data.length ?? 0);
  const reals = () => (bytes === 4 ? workspace.f32 : workspace.f64);
  for (let first = begin; first < end; first += lanes) {
    const count = Math.min(lanes, end - first),
      m = reals();
    for (let lane = 0; lane < lanes; lane++) {
      const trial = Math.min(first + lane, trials - 1);
      if (!recall)
        for (let i = 0, from = plan.startOf[trial] * units; i < units; i++)
          m[memory.states / bytes + i * lanes + lane] = params.x0.data[from + i];
      if (factors && rank)
        for (let r = 0; r < rank; r++)
          m[memory.scales / bytes + r * lanes + lane] = factors.data[plan.trialOf[trial] * rank + r];
      if (noise && !recall)
        drawNoise(
          m,
          memory.noise / bytes + lane,
          steps * units,
          lanes,
          noise.sigma * Math.sqrt(2 * alpha),
          noise.seed,
          trial,
        );
    }
    if (recall) snapshot.recall(recall(first));
    else {
      if (packPanel(kernels, memory.sources + memory.source * 64, memory.zStep, inputs, first, staging) > 0)
        refuseNonFinite(where, { inputs });
      forward();
      checkStates(where, model, kernels, memory, first, count, plan);
      if (plant) checkPlantStates(where, plant.states, kernels, memory, first, count, steps);
    }
    const panel = { first, count, kernels, memory, keep: snapshot.keep };
    if (!see(panel)) continue;
    backward();
    const now = reals();
    for (let lane = 0; lane < count; lane++) {
      for (let i = 0, to = plan.startOf[first + lane] * units; i < units; i++)
        x0[to + i] += now[memory.carry / bytes + i * lanes + lane];
      if (rank && factors)
        for (let r = 0, to = plan.trialOf[first + lane] * rank; r < rank; r++)
          perTrial[to + r] += now[memory.dScales / bytes + r * lanes + lane];
    }
    done?.(panel);
  }
  const shared = scanGradients(kernels, scanSetting, memory);
  if (gain !== 1) for (let at = 0; at < shared.readout.length; at++) shared.readout[at] *= gain;
  return { shared, perTrial, x0 };
}

/** Noise of each trial from its own stream, so that it does not hang on how trials are grouped. */
function drawNoise(
  noise: Float64Array | Float32Array,
  from: number,
  count: number,
  stride: number,
  std: number,
  seed: number,
  trial: number,
): void {
  const stream = random(seed, `noise of trial ${trial}`);
  for (let i = 0, at = from; i < count; i++, at += stride) noise[at] = std * stream.normal();
}

function refuseNonFinite(where: string, tensors: Readonly<Record<string, Tensor | undefined>>): void {
  for (const [name, x] of Object.entries(tensors)) {
    const bad = x ? x.data.findIndex((value) => !Number.isFinite(value)) : -1;
    if (x && bad >= 0)
      fail(where, {
        expected: `finite entries in ${name}`,
        got: `${x.data[bad]} at index [${indexOf(x.shape, bad).join(", ")}]`,
        fix: "Mend it before the run.",
      });
  }
}

/** A plant whose state overflowed, or that left an entry unwritten: the trial, the step and the entry are named. */
function checkPlantStates(
  where: string,
  entries: number,
  { workspace, lanes, bytes }: Kernels,
  { plantStates }: ScanMemory,
  first: number,
  count: number,
  steps: number,
): void {
  const m = bytes === 4 ? workspace.f32 : workspace.f64;
  for (let row = 0, from = plantStates / bytes; row < (steps + 1) * entries; row++, from += lanes)
    for (let lane = 0; lane < count; lane++) {
      if (Number.isFinite(m[from + lane])) continue;
      const [trial, step, reason] = [first + lane, Math.floor(row / entries), `${m[from + lane]}`];
      fail(where, {
        expected: "states of the plant that stay finite",
        got: `${reason} in trial ${trial} at step ${step}, entry ${row % entries}`,
        fix: "Let init and step write every entry; take smaller steps or weaker outputs if it overflowed.",
        divergence: { trial, step, reason: `entry ${row % entries} of the plant's state became ${reason}` },
      });
    }
}

/** A state that is not finite stays so to the end of its trial: look there, and name the cause or the first place. */
function checkStates(
  where: string,
  model: NetworkRecord,
  { workspace, lanes, bytes }: Kernels,
  { states }: ScanMemory,
  first: number,
  count: number,
  { dt, steps }: Plan,
): void {
  const { units } = model,
    m = bytes === 4 ? workspace.f32 : workspace.f64,
    from = states / bytes;
  let sum = 0;
  for (let at = from + steps * units * lanes, end = at + units * lanes; at < end; at++) sum += m[at] - m[at];
  if (sum === 0) return;
  refuseNonFinite(where, model.params);
  for (let t = 0; t <= steps; t++)
    for (let i = 0; i < units; i++)
      for (let lane = 0; lane < count; lane++) {
        const x = m[from + (t * units + i) * lanes + lane];
        if (!Number.isFinite(x))
          fail(where, {
            expected: "states that stay finite",
            got: `${x} in trial ${first + lane} at step ${t}, unit ${i}`,
            fix: `Take a smaller dt (now ${dt}), weaker weights, or a smaller learning rate if this came up in training.`,
            divergence: { trial: first + lane, step: t, reason: `the state of unit ${i} became ${x}` },
          });
      }
}
