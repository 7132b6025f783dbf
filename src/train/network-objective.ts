import { fail } from "../base";
import { backpropagate, lossAndGradient, type Backpropagation, type Batch, type LossAndGradient, type LossOptions, type Network } from "../rnn";
import type { Params } from "../tensor";
import type { Objective } from "./train";

/** A model that can be copied with other parameters: what all model classes are. */
export interface Trainable extends Network {
  with(change: { params?: Params }): Trainable;
}

/** A batch, or one for each step. */
export type Batches = Batch | ((step: number) => Batch);
/** Run options, or those of each step, such as a plant that changes. */
export type StepOptions = LossOptions | ((step: number) => LossOptions);

/**
 * The loss of a network on a task, in those of its parameters that `train` is started with; the others stay as they are in `model`.
 *
 * @example (await last(train(networkObjective(FullRankRNN.random({ units: 5, inputs: 1, outputs: 1 }, 1), { inputs: zeros([2, 9, 1]), targets: zeros([2, 9, 1]) }), { w: zeros([5, 5]) }, { steps: 3 }))).step // 0
 */
export const networkObjective = (model: Trainable, batch: Batches, options: StepOptions = {}): Objective<Params, LossAndGradient> =>
  objectiveOf(lossAndGradient, model, batch, options);

/** {@link networkObjective} whose evaluations keep states, rates and adjoints: for certificates. */
export const trajectoryObjective = (model: Trainable, batch: Batches, options: StepOptions = {}): Objective<Params, Backpropagation> =>
  objectiveOf(backpropagate, model, batch, options);

function objectiveOf<E extends LossAndGradient>(evaluate: (model: Network, batch: Batch, options: LossOptions) => E, model: Trainable, batch: Batches, options: StepOptions): Objective<Params, E> {
  return (params, step) => {
    for (const name of Object.keys(params))
      if (!model.params[name]) fail("networkObjective", { expected: `parameters of the model: ${Object.keys(model.params).join(", ")}`, got: name, fix: "Start training from some of the model's own parameters." });
    const run = evaluate(model.with({ params }), typeof batch === "function" ? batch(step) : batch, typeof options === "function" ? options(step) : options);
    const all = run.gradients as Params;
    return { ...run, gradients: Object.fromEntries(Object.keys(params).map((name) => [name, all[name]])) as typeof run.gradients };
  };
}
