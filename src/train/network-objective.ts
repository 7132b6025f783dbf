import { fail } from "../base";
import {
  backpropagate,
  gradientOnThreads,
  lossAndGradient,
  withParams,
  type Backpropagation,
  type Batch,
  type LossAndGradient,
  type LossOptions,
  type Network,
} from "../rnn";
import type { Params } from "../tensor";
import type { Pool } from "../threads";
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
 * A loss of one's own can have parameters too, which train where they are among those started with: `{ ...model.params, ...loss.params }`.
 * On threads, a batch that is no function is copied to shared memory once.
 *
 * @example (await last(train(networkObjective(FullRankRNN.random({ units: 5, inputs: 1, outputs: 1 }, 1), { inputs: zeros([2, 9, 1]), targets: zeros([2, 9, 1]) }), { w: zeros([5, 5]) }, { steps: 3 }))).step // 0
 */
export function networkObjective(
  model: Trainable,
  batch: Batches,
  options: StepOptions = {},
): Objective<Params, LossAndGradient> {
  const at = ask(model, batch, options),
    changed = typeof batch === "function" ? (["inputs", "targets", "mask", "heldOut"] as const) : [];
  const objective = (params: Params, step: number) => {
    const { now, batch, options } = at(params, step);
    return answer(params, lossAndGradient(now, batch, options));
  };
  const onThreads = (pool: Pool) => {
    const gradient = gradientOnThreads(pool);
    return async (params: Params, step: number) => {
      const { now, batch, options } = at(params, step);
      return answer(params, await gradient(now, batch, options, changed));
    };
  };
  return Object.assign(objective, { onThreads });
}

/** {@link networkObjective} whose evaluations keep states, rates and adjoints: for certificates. */
export function trajectoryObjective(
  model: Trainable,
  batch: Batches,
  options: StepOptions = {},
): Objective<Params, Backpropagation> {
  const at = ask(model, batch, options);
  return (params, step) => {
    const { now, batch, options } = at(params, step);
    return answer(params, backpropagate(now, batch, options));
  };
}

/** What is evaluated at a step: the network with its parameters of now, the batch, and the options with those of a loss of one's own. */
const ask =
  (model: Trainable, batch: Batches, options: StepOptions) =>
  (params: Params, step: number): { readonly now: Network; readonly batch: Batch; readonly options: LossOptions } => {
    const chosen = typeof options === "function" ? options(step) : options,
      { loss } = chosen,
      own = loss?.kind === "own" ? loss : undefined;
    const [ours, theirs] = splitParams("networkObjective", params, model.params, own?.params);
    return {
      now: model.with({ params: ours }),
      batch: typeof batch === "function" ? batch(step) : batch,
      options: own ? { ...chosen, loss: withParams(own, theirs) } : chosen,
    };
  };

/** An evaluation with the gradients in those parameters that train. */
function answer<E extends LossAndGradient>(params: Params, run: E): E {
  const all: Params = { ...run.ownGradients, ...run.gradients };
  return {
    ...run,
    gradients: Object.fromEntries(Object.keys(params).map((name) => [name, all[name]])) as typeof run.gradients,
  };
}

/** Parameters that train, into those of the model and those that a loss of one's own brings along. */
function splitParams(where: string, params: Params, model: Params, own: Params = {}): [model: Params, own: Params] {
  const twice = Object.keys(own).find((name) => model[name]);
  if (twice !== undefined)
    fail(where, {
      expected: "parameters of the loss or head by names that the model does not use",
      got: twice,
      fix: "Rename it.",
    });
  for (const name of Object.keys(params)) {
    if (model[name] || own[name]) continue;
    const brought = Object.keys(own);
    fail(where, {
      expected: `parameters of the model: ${Object.keys(model).join(", ")}${brought.length > 0 ? `; or of the loss: ${brought.join(", ")}` : ""}`,
      got: name,
      fix: "Start training from some of the model's own parameters.",
    });
  }
  const pick = (from: Params): Params => Object.fromEntries(Object.entries(params).filter(([name]) => from[name]));
  return [pick(model), pick(own)];
}
