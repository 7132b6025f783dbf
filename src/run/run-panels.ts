import { random } from "../base";
import {
  kernelsFor,
  panelScan,
  type PanelScan,
  type ScanGradients,
  type ScanSetting,
  type ScanWeights,
} from "../kernels";
import { plannedInnovation, type Overflow } from "../losses";
import type { NetworkRecord } from "../models";
import { checkFinite, type Params, type Tensor3 } from "../tensor";
import { overflowIn } from "./overflow";
import type { Plan } from "./plan";
import { weightsOf as rateWeights } from "./rate-penalty";

/** The gradients that a run leaves, summed over the panels that went backward. */
export interface Run {
  readonly shared: ScanGradients;
  /** in the trial factors, where the network has them */
  readonly perTrial: Float64Array;
  readonly x0: Float64Array;
  /** what penalties of the rates add to the loss */
  readonly penalty: number;
}

/** What a caller does with each panel of trials. */
export interface Visitor {
  /** whether targets have masks: room is made for them */
  readonly masked?: boolean;
  readonly validated?: boolean;
  /** what `keep` gave for the panel with this first trial, in place of a forward pass */
  recall?(first: number): readonly Uint8Array[];
  /** after the forward pass; "backward" lets the backward pass follow, an overflow ends the run */
  see(panel: PanelScan, first: number): "backward" | "next" | Overflow;
  /** after the backward pass */
  finish?(panel: PanelScan, first: number): void;
}

/** Which trials: from the first, a multiple of the kernels' lanes, up to the end. */
export type Span = readonly [first: number, end: number];

/**
 * Stream the trials, or a span of them, through the scan, panel by panel, so that memory does not grow with their
 * number. Where a state overflows, the run ends there: the first trial's panel decides.
 */
export function runPanels(
  where: string,
  model: NetworkRecord,
  inputs: Tensor3,
  plan: Plan,
  visitor: Visitor,
  span: Span = [0, plan.trials],
): Run | Overflow {
  const kernels = kernelsFor(plan.precision);
  return kernels.workspace.within(() => {
    const panel = panelScan(kernels, settingOf(model, plan), weightsOf(model, plan), visitor);
    return stream(where, model, inputs, plan, visitor, span, panel);
  }, where);
}

const factorsOf = ({ connectivity: { perTrial }, params }: NetworkRecord) =>
  perTrial === undefined ? undefined : (params as Params)[perTrial];

function settingOf({ params, setting, units, connectivity }: NetworkRecord, plan: Plan): ScanSetting {
  const right = connectivity.right === undefined ? undefined : (params as Params)[connectivity.right];
  return {
    units,
    rank: right?.shape[1],
    perTrial: connectivity.perTrial !== undefined,
    inputs: params.wIn.shape[1],
    outputs: plan.outputs,
    steps: plan.steps,
    alpha: plan.alpha,
    phi: setting.phi,
    integrator: plan.integrator,
    reads: setting.reads,
    gain: plan.gain,
    plant: plan.plant,
    innovation: plan.innovation && plannedInnovation(plan.innovation),
    noisy: plan.noise !== undefined,
    ratePenalty: plan.ratePenalty,
  };
}

function weightsOf({ params, connectivity: { left, right, static: w0 } }: NetworkRecord, plan: Plan): ScanWeights {
  const dataOf = (name: string | undefined) => (name === undefined ? undefined : (params as Params)[name]?.data);
  return {
    left: dataOf(left) as Float64Array,
    right: dataOf(right),
    static: dataOf(w0),
    filterGain: plan.observed ? params.filterGain?.data : undefined,
    wIn: params.wIn.data,
    bias: params.bias?.data,
    readout: params.readout?.data,
    readoutGain: params.readoutGain?.data,
    readoutBias: params.readoutBias?.data,
  };
}

function stream(
  where: string,
  model: NetworkRecord,
  inputs: Tensor3,
  plan: Plan,
  visitor: Visitor,
  [begin, end]: Span,
  panel: PanelScan,
): Run | Overflow {
  const factors = factorsOf(model),
    rank = factors?.shape[1] ?? 0,
    x0 = new Float64Array(model.params.x0.data.length),
    perTrial = new Float64Array(factors?.data.length ?? 0),
    { lanes } = panel.kernels;
  let penalty = 0;
  for (let first = begin; first < end; first += lanes) {
    const count = Math.min(lanes, end - first),
      kept = visitor.recall?.(first);
    panel.begin(first);
    writeTrials(panel, model, plan, first, kept === undefined);
    if (kept) panel.recall(kept);
    else {
      if (panel.writeInputs(inputs) > 0) checkFinite(where, "inputs", inputs);
      writeObserved(where, panel, plan);
      panel.forward();
      const overflow = overflowIn(panel, plan, first, count);
      if (overflow) return overflow;
    }
    const next = visitor.see(panel, first);
    if (next === "next") continue;
    if (next !== "backward") return next;
    penalty += panel.backward();
    for (let lane = 0; lane < count; lane++) {
      panel.addLane("startAdjoints", lane, x0, plan.startOf[first + lane] * model.units);
      if (factors) panel.addLane("scaleGradients", lane, perTrial, plan.trialOf[first + lane] * rank);
    }
    visitor.finish?.(panel, first);
  }
  return { shared: panel.gradients(), perTrial, x0, penalty };
}

/**
 * Factors of the panel's trials and, for a forward pass, their initial states and noise; lanes past the last trial
 * repeat it.
 */
function writeTrials(panel: PanelScan, model: NetworkRecord, plan: Plan, first: number, forward: boolean): void {
  const factors = factorsOf(model),
    { lanes } = panel.kernels;
  for (let lane = 0; lane < lanes; lane++) {
    const trial = Math.min(first + lane, plan.trials - 1);
    if (factors) panel.writeLane("scales", lane, factors.data, plan.trialOf[trial] * factors.shape[1]);
    if (plan.ratePenalty)
      panel.writeLane("rateWeights", lane, rateWeights(plan.ratePenalty, first + lane, plan.steps), 0);
    if (!forward) continue;
    panel.writeLane("starts", lane, model.params.x0.data, plan.startOf[trial] * model.units);
    if (plan.noise) panel.writeLane("noise", lane, noiseOf(plan, model.units, trial), 0);
  }
}

/** What corrects the states of a filter; an observed entry that is not finite is refused. */
function writeObserved(where: string, panel: PanelScan, { observed, observedMask }: Plan): void {
  if (observed && panel.writeObserved(observed, observedMask) > 0)
    checkFinite(where, "observed", observed, observedMask);
}

/** The noise of a trial from a stream of its own, so that it does not depend on how trials are grouped. */
function noiseOf({ noise, alpha, steps }: Plan, units: number, trial: number): Float64Array {
  const out = new Float64Array(steps * units);
  if (!noise) return out;
  const stream = random(noise.seed, `noise of trial ${trial}${noise.draw ? `, draw ${noise.draw}` : ""}`),
    std = (leak: number) => noise.sigma * Math.sqrt(2 * leak);
  const deviations = typeof alpha === "number" ? new Float64Array(units).fill(std(alpha)) : alpha.map(std);
  for (let i = 0; i < out.length; i++) out[i] = deviations[i % units] * stream.normal();
  return out;
}
