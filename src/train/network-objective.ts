import type { Evaluation } from "../optim";
import { gradientOnThreads, lossAndGradient, type LossAndGradient } from "../rnn";
import type { Params } from "../tensor";
import type { Pool } from "../threads";
import { describeNetwork } from "./describe-network";
import { divergedEvaluation, markDivergence } from "./diverged";
import type { Objective } from "./objective";
import { answer, questionOf, type Batches, type StepOptions, type Trainable } from "./trainable";

/** What a network's loss gives at some parameters. */
export type NetworkEvaluation = LossAndGradient & Evaluation;

/**
 * The loss of a network on a task, in those of its parameters that `train` is started with; the others stay as they are
 * in `model`. A custom loss can have parameters too, which train where they are among those started with:
 * `{ ...model.params, ...loss.params }`. On threads, a batch that is no function is copied to shared memory once.
 *
 * @throws {@link LtrnnError} when the batch or the options do not fit the model, also at the evaluations. A run that
 * overflows is no error: its evaluation has `divergence`
 * @example (await last(train(networkObjective(FullRankRNN.random({ units: 5, inputs: 1, outputs: 1 }, 1), { inputs: zeros([2, 9, 1]), targets: zeros([2, 9, 1]) }), { w: zeros([5, 5]) }, { steps: 3 }))).step // 0
 */
export function networkObjective(
  model: Trainable,
  batch: Batches,
  options?: StepOptions,
): Objective<Params, NetworkEvaluation> {
  const where = "networkObjective",
    question = questionOf(where, model, batch, options),
    changed = typeof batch === "function" ? (["inputs", "targets", "mask", "heldOut"] as const) : [];
  const objective = (params: Params, step: number): NetworkEvaluation => {
    const { now, batch, options } = question(params, step);
    try {
      return markDivergence(answer(params, lossAndGradient(now, batch, options)));
    } catch (error) {
      return divergedEvaluation<NetworkEvaluation>(where, error);
    }
  };
  const onThreads = (pool: Pool) => {
    const gradient = gradientOnThreads(pool);
    return async (params: Params, step: number): Promise<NetworkEvaluation> => {
      const { now, batch, options } = question(params, step);
      try {
        return markDivergence(answer(params, await gradient(now, batch, options, changed)));
      } catch (error) {
        return divergedEvaluation<NetworkEvaluation>(where, error);
      }
    };
  };
  const describe = () => describeNetwork(model, batch, options);
  return Object.defineProperty(Object.assign(objective, { onThreads }), "description", { get: describe });
}
