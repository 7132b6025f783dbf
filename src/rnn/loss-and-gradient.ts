import { fail } from "../base";
import { unpackPanel } from "../kernels";
import { zeros, type Tensor3 } from "../tensor";
import type { Batch, Plan } from "./batch";
import { finishGradient, planGradient, type LossAndGradient, type LossOptions } from "./gradient";
import { gradientPart } from "./gradient-part";
import type { Loss } from "./loss";
import { meetOwnLoss } from "./meet-own-loss";
import { countTargets, meetTargets, type Meeting } from "./meet-targets";
import type { Network } from "./network";

/** A loss with the whole trajectory that its gradient is made of. */
export interface Backpropagation<M extends Network = Network> extends LossAndGradient<M> {
  /** (trials × time × outputs) */
  readonly outputs: Tensor3;
  /** (trials × (time + 1) × the plant's states); with a plant only */
  readonly plantStates?: Tensor3;
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
 * The loss over the observed entries, by default `L = 1/2 mean (y - target)²`, and its exact gradient in every parameter, by the fused adjoint of the scan.
 *
 * With a plant, the loss is on the plant's states s_1 .. s_T, and the gradient flows through the body.
 *
 * @throws {@link LtrnnError} when shapes disagree, nothing is observed, an observed target is not finite, or the run diverges (trial and step are named)
 * @remarks About three times the cost of {@link simulate}; memory beyond parameters, data and the inputs' gradients does not grow with the number of trials: outputs are never stored.
 * @see Pearlmutter (1995), Gradient calculations for dynamic recurrent neural networks, IEEE Trans. Neural Networks 6: the adjoint recursion
 * @example lossAndGradient(FullRankRNN.random({ units: 9, inputs: 1, outputs: 2 }, 1), { inputs: zeros([3, 20, 1]), targets: zeros([3, 20, 2]) }).gradients.w.shape // [9, 9]
 */
export function lossAndGradient<M extends Network>(
  model: M,
  batch: Batch,
  options: LossOptions = {},
): LossAndGradient<M> {
  const where = "lossAndGradient",
    { plan, loss } = planGradient(where, model, batch, options);
  return finishGradient(
    where,
    model,
    batch,
    plan,
    loss,
    gradientPart(where, model, batch.inputs, plan, meetLoss(where, model, batch, plan, loss)),
  );
}

/**
 * {@link lossAndGradient} that also keeps states, rates and adjoints of all trials: what certificates and analyses of learning read.
 *
 * @throws {@link LtrnnError} as lossAndGradient
 * @remarks Memory O(trials · time · units).
 * @example backpropagate(FullRankRNN.random({ units: 9, inputs: 1, outputs: 2 }, 1), { inputs: zeros([3, 20, 1]), targets: zeros([3, 20, 2]) }).adjoints.shape // [3, 21, 9]
 */
export function backpropagate<M extends Network>(
  model: M,
  batch: Batch,
  options: LossOptions = {},
): Backpropagation<M> {
  if (options.integrator === "heun")
    fail("backpropagate", {
      expected: 'integrator "euler", for which the gradient in W is alpha times the sum of adjoints and rates',
      got: "heun",
      fix: "Take lossAndGradient, whose gradients are exact for both.",
    });
  const where = "backpropagate",
    { plan, loss } = planGradient(where, model, batch, options);
  const { trials, steps, outputs: n, alpha, plant } = plan,
    whole = (size: number) => zeros([trials, steps + 1, size]);
  const states = whole(model.units),
    rates = whole(model.units),
    adjoints = whole(model.units),
    outputs = zeros([trials, steps, n]),
    plantStates = plant && whole(plant.states);
  const gains = zeros([trials, steps, model.units]),
    starts = zeros([trials, 1, model.units]);
  const part = gradientPart(
    where,
    model,
    batch.inputs,
    plan,
    meetLoss(where, model, batch, plan, loss),
    [0, trials],
    ({ first, kernels, memory }) => {
      unpackPanel(states, kernels, memory.states, memory.unitStep, first);
      unpackPanel(rates, kernels, memory.rates, memory.hStep, first);
      unpackPanel(outputs, kernels, memory.outputs, memory.outStep, first);
      if (plantStates) unpackPanel(plantStates, kernels, memory.plantStates, memory.bodyStep, first);
      unpackPanel(gains, kernels, memory.gains, memory.unitStep, first);
      unpackPanel(starts, kernels, memory.carry, memory.unitStep, first);
    },
  );
  const size = model.units,
    after = steps * size; // lambda_0, then g / alpha
  for (let k = 0; k < trials; k++) {
    adjoints.data.set(starts.data.subarray(k * size, (k + 1) * size), k * (after + size));
    for (let at = 0; at < after; at++)
      adjoints.data[k * (after + size) + size + at] = gains.data[k * after + at] / alpha;
  }
  return {
    ...finishGradient(where, model, batch, plan, loss, part),
    outputs,
    states,
    rates,
    adjoints,
    ...(plantStates ? { plantStates } : {}),
    alpha,
  };
}

/** Refuse what {@link lossAndGradient} would, before anything is computed. */
export function checkGradientCall(where: string, model: Network, batch: Batch, options: LossOptions): void {
  const { plan, loss } = planGradient(where, model, batch, options);
  if (loss.kind !== "own") countTargets(where, batch, plan, loss);
}

const meetLoss = (where: string, model: Network, batch: Batch, plan: Plan, loss: Loss): Meeting =>
  loss.kind === "own"
    ? meetOwnLoss(where, model, batch, plan, loss)
    : meetTargets(where, batch, plan, loss, countTargets(where, batch, plan, loss));
