import { fail, isCallable, isRecord, show } from "../base";
import type { Network } from "../models";
import { checkGradientCall, learnedLossOf, type Batch, type LossAndGradient, type LossOptions } from "../run";
import type { Params } from "../tensor";

/** A model that can be copied with other parameters. All model classes are of this kind. */
export interface Trainable extends Network {
  with(change: { readonly params?: Params }): Trainable;
}

/** A batch, or one for each step. */
export type Batches = Batch | BatchOfStep;
/** A batch for each step; with a description, a resumed run refuses another one. */
export interface BatchOfStep {
  (step: number): Batch;
  readonly description?: { readonly kind: string; readonly [fact: string]: unknown };
}
/**
 * Run options for each step. A resumed run refuses others: it compares their description, such as that of a curriculum,
 * or their values at the first 256 steps and some later ones.
 */
export interface OptionsOfStep {
  (step: number): LossOptions;
  readonly description?: { readonly kind: string; readonly [fact: string]: unknown };
}
/** Run options, or a function that gives those of each step, such as a plant that changes. */
export type StepOptions = LossOptions | OptionsOfStep;

/** What is evaluated at a step. */
export interface GradientCall {
  /** the network with its current parameters */
  readonly now: Network;
  readonly batch: Batch;
  /** with a loss at its current parameters */
  readonly options: LossOptions;
}

/** The network, batch and options for given parameters and a given step. */
export function gradientCallOf(where: string, model: Trainable, batch: Batches, options: StepOptions = {}) {
  checkTrainable(where, model);
  checkRecord(where, "batch", batch);
  checkRecord(where, "options", options);
  if (typeof batch !== "function" && typeof options !== "function") checkGradientCall(where, model, batch, options);
  return (params: Params, step: number): GradientCall => {
    const chosen = typeof options === "function" ? options(step) : options,
      trials = typeof batch === "function" ? batch(step) : batch;
    checkRecord(where, `options at step ${step}`, chosen);
    checkRecord(where, `the batch at step ${step}`, trials);
    const loss = learnedLossOf(where, chosen);
    const [ofModel, ofLoss] = splitParams(where, params, model.params, loss.params);
    return {
      now: model.with({ params: ofModel }),
      batch: trials,
      options: {
        ...chosen,
        ...noiseAt(step, chosen),
        ...(Object.keys(ofLoss).length > 0 ? { loss: loss.at(ofLoss) } : {}),
      },
    };
  };
}

/** New noise for every update, unless `draw` fixes it. */
const noiseAt = (step: number, { noise }: LossOptions): Pick<LossOptions, "noise"> =>
  isRecord(noise) && noise.draw === undefined ? { noise: { ...noise, draw: step } } : {};

/** Whether every step has the same batch, options and noise, so that the loss is one function of the parameters. */
export const isSteady = (batch: Batches, options: StepOptions = {}): boolean =>
  typeof batch !== "function" &&
  typeof options !== "function" &&
  !(options.noise && options.noise.sigma > 0 && options.noise.draw === undefined);

/** An evaluation with the gradients in those parameters that train. */
export function inTrained<E extends LossAndGradient>(params: Params, run: E): E {
  const all: Params = { ...run.customGradients, ...run.gradients };
  const gradients = Object.fromEntries(Object.keys(params).map((name) => [name, all[name]]));
  return { ...run, gradients: gradients as typeof run.gradients };
}

/** Split the parameters that train into those of the model and those of the loss. */
function splitParams(
  where: string,
  params: Params,
  model: Params,
  loss: Params = {},
): [ofModel: Params, ofLoss: Params] {
  const has = (record: Params, name: string) => Object.hasOwn(record, name) && record[name] !== undefined;
  const twice = Object.keys(loss).find((name) => has(model, name));
  if (twice !== undefined)
    fail(where, {
      expected: "parameters of the loss or head by names that the model does not use",
      got: twice,
      fix: "Rename it.",
    });
  const unknown = Object.keys(params).find((name) => !has(model, name) && !has(loss, name));
  if (unknown !== undefined) {
    const more = Object.keys(loss).length > 0 ? `; or of the loss: ${Object.keys(loss).join(", ")}` : "";
    fail(where, {
      expected: `parameters of the model: ${Object.keys(model).join(", ")}${more}`,
      got: unknown,
      fix: "Start training from some of the model's own parameters.",
    });
  }
  const pick = (from: Params): Params => Object.fromEntries(Object.entries(params).filter(([name]) => has(from, name)));
  return [pick(model), pick(loss)];
}

function checkRecord(where: string, name: string, value: unknown): void {
  if (!isRecord(value) && !(isCallable(value) && !name.includes(" ")))
    fail(where, {
      expected: `${name} to be a record`,
      got: show(value),
      fix: name.includes(" ") ? "Let the function of the step return one." : "Pass one, or a function of the step.",
    });
}

/** Refuse what is not a model that can be copied with other parameters. */
export function checkTrainable(where: string, model: unknown): void {
  const { params, connectivity, setting, weights, with: copy } = (model ?? {}) as Partial<Trainable>;
  if (
    isRecord(params) &&
    isRecord(connectivity) &&
    isRecord(setting) &&
    [weights, copy].every((f) => typeof f === "function")
  )
    return;
  fail(where, {
    expected: "model to be a network, such as FullRankRNN.random makes",
    got: show(model),
    fix: "Pass a FullRankRNN, LowRankRNN or LowTensorRankRNN.",
  });
}
