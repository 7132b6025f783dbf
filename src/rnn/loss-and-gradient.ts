import { fail, provenance, type Provenance } from "../base";
import { lanes, unpackPanel } from "../kernels";
import { indexOf, sizeOf, zeros, type Tensor3 } from "../tensor";
import { checkBatch, planRun, type Batch, type Plan, type RunOptions } from "./batch";
import { runPanels, type Panel, type Run } from "./engine";
import type { Network } from "./network";

/** How to run the network that learns; which trials are which is the batch's to say. */
export type LossOptions = Omit<RunOptions, "trials" | "conditions">;

/** A loss and its exact gradients. */
export interface LossAndGradient<M extends Network = Network> {
  /** half the mean squared error over the observed entries */
  readonly loss: number;
  /** (trials × time × outputs) */
  readonly outputs: Tensor3;
  /** dL/dp for every parameter p of the model, in its shape */
  readonly gradients: M["params"];
  /** dL/du (trials × time × inputs) */
  readonly inputGradients: Tensor3;
  /** (trials × (time + 1) × the plant's states); with a plant only */
  readonly plantStates?: Tensor3;
  readonly provenance: Provenance;
}

/** A loss with the whole trajectory that its gradient is made of. */
export interface Backpropagation<M extends Network = Network> extends LossAndGradient<M> {
  /** x_0 .. x_T (trials × (time + 1) × units) */
  readonly states: Tensor3;
  /** phi(x_0) .. phi(x_T) (trials × (time + 1) × units) */
  readonly rates: Tensor3;
  /** lambda_t = dL/dx_t, t = 0 .. T (trials × (time + 1) × units) */
  readonly adjoints: Tensor3;
  /** dt / tau: the gradient in W^(k) is alpha times the sum of lambda_{t+1} h_t' over time */
  readonly alpha: number;
}

/**
 * The loss `L = 1/2 mean (y - target)²` over the observed entries, and its exact gradient in every parameter, by the fused adjoint of the scan.
 *
 * With a plant, the loss is on the plant's states s_1 .. s_T, and the gradient flows through the body.
 *
 * @throws {@link LtrnnError} when shapes disagree, nothing is observed, an observed target is not finite, or the run diverges (trial and step are named)
 * @remarks About three times the cost of {@link simulate}; memory beyond parameters, data and outputs does not grow with the number of trials.
 * @see Pearlmutter (1995), Gradient calculations for dynamic recurrent neural networks, IEEE Trans. Neural Networks 6: the adjoint recursion
 * @example lossAndGradient(FullRankRNN.random({ units: 9, inputs: 1, outputs: 2 }, 1), { inputs: zeros([3, 20, 1]), targets: zeros([3, 20, 2]) }).gradients.w.shape // [9, 9]
 */
export function lossAndGradient<M extends Network>(model: M, batch: Batch, options: LossOptions = {}): LossAndGradient<M> {
  const { plan, result, see, finish } = prepare("lossAndGradient", model, batch, options);
  const run = runPanels("lossAndGradient", model, batch.inputs, plan, see, result.take);
  return finish(run);
}

/**
 * {@link lossAndGradient} that also keeps states, rates and adjoints of all trials: what certificates and analyses of learning read.
 *
 * @throws {@link LtrnnError} as lossAndGradient
 * @remarks Memory O(trials · time · units).
 * @example backpropagate(FullRankRNN.random({ units: 9, inputs: 1, outputs: 2 }, 1), { inputs: zeros([3, 20, 1]), targets: zeros([3, 20, 2]) }).adjoints.shape // [3, 21, 9]
 */
export function backpropagate<M extends Network>(model: M, batch: Batch, options: LossOptions = {}): Backpropagation<M> {
  const { plan, result, see, finish } = prepare("backpropagate", model, batch, options);
  const whole = () => zeros([plan.trials, plan.steps + 1, model.units]);
  const states = whole(), rates = whole(), adjoints = whole();
  const run = runPanels("backpropagate", model, batch.inputs, plan, see, (panel) => {
    result.take(panel);
    unpackPanel(states, panel.buffers.states, panel.first, model.units);
    unpackPanel(rates, panel.buffers.rates, panel.first, model.units);
    unpackPanel(adjoints, panel.buffers.adjoints, panel.first, model.units);
  });
  return { ...finish(run), states, rates, adjoints, alpha: plan.alpha };
}

/** What both share: checks, the arrays of the result, and the loss as it meets each panel. */
function prepare<M extends Network>(where: string, model: M, batch: Batch, options: LossOptions) {
  const plan = planRun(where, model, batch.inputs, { ...options, trials: batch.trials, conditions: batch.conditions });
  checkBatch(where, batch, plan);
  const { trials, steps, outputs: n, plant } = plan;
  const observed = batch.mask ? countOnes(batch.mask.data) : sizeOf(batch.targets.shape);
  if (observed === 0) fail(where, { expected: "at least one observed entry in the targets", got: "a mask of zeros", fix: "Set the mask to 1 where targets are to be learned." });
  const outputs = zeros([trials, steps, n]), inputGradients = zeros(batch.inputs.shape);
  const plantStates = plant && zeros([trials, steps + 1, plant.states]);
  const made = provenance(where, plan.noise?.seed ?? null, { dt: plan.dt, noise: plan.noise ?? null, plant: plant !== undefined, masked: batch.mask !== undefined });
  let loss = 0;
  const see = (panel: Panel) => {
    loss += meetPanel(where, panel, batch, plan, observed);
    return true;
  };
  const take = ({ first, buffers }: Panel) => {
    unpackPanel(outputs, buffers.outputs, first, n);
    unpackPanel(inputGradients, buffers.dInputs, first, model.params.wIn.shape[1]);
    if (plantStates) unpackPanel(plantStates, buffers.plantStates, first, plantStates.shape[2]);
  };
  const finish = ({ recurrent, shared, x0 }: Run): LossAndGradient<M> => {
    const all: Record<string, Float64Array> = { ...recurrent, ...shared, x0 };
    const gradients = Object.fromEntries(Object.entries(model.params).flatMap(([name, p]) => (p ? [[name, { shape: p.shape, data: all[name] }]] : [])));
    return { loss, outputs, gradients: gradients as M["params"], inputGradients, ...(plantStates ? { plantStates } : {}), provenance: made };
  };
  return { plan, result: { take }, see, finish };
}

function countOnes(mask: Float64Array): number {
  let count = 0;
  for (let at = 0; at < mask.length; at++) if (mask[at] !== 0) count++;
  return count;
}

/** Half the squared error of one panel over `observed`; its derivative goes into dOutputs, or into dPlantStates where there is a plant. */
function meetPanel(where: string, { first, count, buffers }: Panel, { targets, mask }: Batch, { steps, plant }: Plan, observed: number): number {
  const n = targets.shape[2];
  buffers.dOutputs.fill(0);
  buffers.dPlantStates.fill(0);
  const offset = plant ? n * lanes : 0; // s_0 comes before s_1
  const value = plant ? buffers.plantStates : buffers.outputs, d = plant ? buffers.dPlantStates : buffers.dOutputs;
  let sum = 0;
  for (let lane = 0; lane < count; lane++)
    for (let s = 0, at = (first + lane) * steps * n, to = offset + lane; s < steps * n; s++, at++, to += lanes) {
      if (mask && mask.data[at] === 0) continue;
      const error = value[to] - targets.data[at];
      sum += error * error;
      d[to] = error / observed;
    }
  if (Number.isFinite(sum)) return sum / (2 * observed);
  const bad = targets.data.findIndex((target, at) => !Number.isFinite(target) && !(mask && mask.data[at] === 0));
  if (bad >= 0) fail(where, { expected: "finite targets where they are observed", got: `${targets.data[bad]} at index [${indexOf(targets.shape, bad).join(", ")}]`, fix: "Set the mask to 0 where a target is missing." });
  fail(where, { expected: "a finite loss", got: String(sum), fix: "Outputs or the plant's state overflowed: use a smaller readout, plant step or learning rate." });
}
