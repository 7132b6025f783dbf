import type { Evaluation } from "../optim";
import { evaluateGradient, gradientOnThreads, type LossAndGradient } from "../run";
import type { Params } from "../tensor";
import type { Pool } from "../threads";
import { describeNetwork } from "./describe-network";
import { evaluationOf } from "./diverged";
import type { Objective } from "./objective";
import { inTrained, isSteady, gradientCallOf, type Batches, type StepOptions, type Trainable } from "./trainable";

/** The evaluation of a network's loss at some parameters. */
export type NetworkEvaluation = LossAndGradient & Evaluation;

/**
 * The loss of a network on a task, as a function of the parameters that `train` is started with; all others keep their
 * values in `model`. A custom loss can have parameters too: they train if they are among those that training starts
 * with, `{ ...model.params, ...loss.params }`. On threads, workers read the batch at each evaluation.
 *
 * @throws {@link LtrnnError} when the batch or the options do not fit the model, at this call or at an evaluation. A
 * run that overflows is not an error: its evaluation has `divergence`
 * @example (await last(train(networkObjective(FullRankRNN.random({ units: 5, inputs: 1, outputs: 1 }, 1),
 * { inputs: zeros([2, 9, 1]), targets: zeros([2, 9, 1]) }), { w: zeros([5, 5]) }, { steps: 3 }))).step // 0
 */
export function networkObjective(
  model: Trainable,
  batch: Batches,
  options?: StepOptions,
): Objective<Params, NetworkEvaluation> {
  const where = "networkObjective",
    callAt = gradientCallOf(where, model, batch, options);
  const objective = (params: Params, step: number): NetworkEvaluation => {
    const { now, batch, options } = callAt(params, step);
    return evaluationOf(evaluateGradient(where, now, batch, options), (run: LossAndGradient) => inTrained(params, run));
  };
  const onThreads = (pool: Pool) => {
    const gradient = gradientOnThreads(pool);
    return async (params: Params, step: number): Promise<NetworkEvaluation> => {
      const { now, batch, options } = callAt(params, step);
      return evaluationOf(await gradient(where, now, batch, options), (run: LossAndGradient) => inTrained(params, run));
    };
  };
  const describe = () => describeNetwork(model, batch, options);
  const steady = isSteady(batch, options);
  return Object.defineProperty(Object.assign(objective, { onThreads, steady }), "description", { get: describe });
}
