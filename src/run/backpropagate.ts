import { fail } from "../base";
import type { Overflow } from "../losses";
import type { Network } from "../models";
import { zerosFor, type Tensor3, type Vector } from "../tensor";
import type { Batch } from "./batch";
import { resultOf, type LossAndGradient } from "./gradient";
import { gradientPart } from "./gradient-part";
import { lossOnPanels } from "./loss-and-gradient";
import { isOverflow, orThrow } from "./overflow";
import { planGradient, type LossOptions } from "./plan-gradient";

/** A loss with the whole trajectory from which its gradient is computed. */
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
  /**
   * dt / tau, of all units or of each (units): the gradient in W^(k) is alpha times the sum of lambda_{t+1} h_t' over
   * time, row by row where units differ
   */
  readonly alpha: number | Vector;
}

/**
 * {@link lossAndGradient} that also returns states, rates and adjoints of all trials, for certificates and analyses of
 * learning.
 *
 * @throws {@link LtrnnError} as lossAndGradient, and for the integrator "heun"
 * @remarks Memory O(trials · time · units).
 * @example backpropagate(FullRankRNN.random({ units: 9, inputs: 1, outputs: 2 }, 1), { inputs: zeros([3, 20, 1]),
 * targets: zeros([3, 20, 2]) }).adjoints.shape // [3, 21, 9]
 */
export function backpropagate<M extends Network>(model: M, batch: Batch, options?: LossOptions): Backpropagation<M> {
  return orThrow("backpropagate", evaluateTrajectory("backpropagate", model, batch, options));
}

/** {@link backpropagate} for the public function `where`, with a divergence as a value. */
export function evaluateTrajectory<M extends Network>(
  where: string,
  model: M,
  given: Batch,
  options?: LossOptions,
): Backpropagation<M> | Overflow {
  const gradientPlan = planGradient(where, model, given, options),
    { batch, plan } = gradientPlan;
  if (plan.integrator !== "euler")
    fail(where, {
      expected: 'integrator "euler", for which the gradient in W is alpha times the sum of adjoints and rates',
      got: plan.integrator,
      fix: "Take lossAndGradient, whose gradients are exact for all integrators.",
    });
  const loss = lossOnPanels(where, model, gradientPlan);
  if (isOverflow(loss)) return loss;
  const { trials, steps, alpha, plant } = plan,
    { units } = model,
    whole = (size: number) => zerosFor(where, [trials, steps + 1, size]);
  const states = whole(units),
    rates = whole(units),
    outputs = zerosFor(where, [trials, steps, plan.outputs]),
    plantStates = plant && whole(plant.states),
    dDrive = zerosFor(where, [trials, steps, units]),
    starts = zerosFor(where, [trials, 1, units]);
  const part = gradientPart(where, model, batch.inputs, plan, loss, [0, trials], (panel) => {
    panel.read("states", states);
    panel.read("rates", rates);
    panel.read("outputs", outputs);
    if (plantStates) panel.read("plantStates", plantStates);
    panel.read("dDrive", dDrive);
    panel.read("startAdjoints", starts);
  });
  if (isOverflow(part)) return part;
  const result = resultOf(where, model, gradientPlan, part);
  if (isOverflow(result)) return result;
  const adjoints = adjointsOf(starts, dDrive, alpha, whole(units));
  return {
    ...result,
    outputs,
    states,
    rates,
    adjoints,
    ...(plantStates ? { plantStates } : {}),
    alpha: typeof alpha === "number" ? alpha : { shape: [units], data: alpha },
  };
}

/** lambda_0, and lambda_{t+1} = dDrive_t / alpha, trial by trial. */
function adjointsOf(starts: Tensor3, dDrive: Tensor3, alpha: number | Float64Array, adjoints: Tensor3): Tensor3 {
  const [trials, times, units] = adjoints.shape,
    later = (times - 1) * units;
  for (let trial = 0; trial < trials; trial++) {
    const row = trial * times * units;
    adjoints.data.set(starts.data.subarray(trial * units, (trial + 1) * units), row);
    for (let i = 0; i < later; i++)
      adjoints.data[row + units + i] =
        dDrive.data[trial * later + i] / (typeof alpha === "number" ? alpha : alpha[i % units]);
  }
  return adjoints;
}
