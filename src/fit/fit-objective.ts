import type { Evaluation } from "../optim";
import { withParams } from "../losses";
import { evaluateGradient, gradientOnThreads, type Batch, type LossOptions } from "../run";
import type { LowTensorRankRNN } from "../models";
import type { LossAndGradient } from "../run";
import type { Params, Tensor3 } from "../tensor";
import type { Pool } from "../threads";
import { evaluationOf, markDivergence, type AsyncObjective, type Objective } from "../train";
import type { FitProblem } from "./fit-problem";
import { pick } from "../parts";
import { smoothModel, type FreeParams } from "../parts";

/** The training loss, its gradients, and the loss that starts and steps are chosen by. */
export interface FitEvaluation extends Evaluation {
  /** over the validation set; over the training set where there is none */
  readonly validationLoss: number;
}

/** In one call, or split over the threads of a pool. */
export interface FitObjective extends Objective<Params, FitEvaluation> {
  onThreads(pool: Pool): AsyncObjective<Params, FitEvaluation>;
}

/** The network and inputs that parameters make, with what takes gradients in both back to the parameters. */
export interface Composed {
  readonly model: LowTensorRankRNN;
  readonly inputs: Tensor3;
  /** of the head and of a custom loss */
  readonly customParams: Params;
  adjoint(run: LossAndGradient<LowTensorRankRNN>): Params;
}

/** All parts of a fit at some parameters: inputs, trial factors, weights. */
export function compose(
  { inputs, trialFactors, setting, loss }: Pick<FitProblem, "inputs" | "trialFactors" | "setting" | "loss">,
  params: Params,
): Composed {
  const inputNames = inputs.names,
    customNames = Object.keys(loss?.params ?? {}),
    freeNames = Object.keys(params).filter((name) => !inputNames.includes(name) && !customNames.includes(name));
  const [drive, adjointOfInputs] = inputs.model(pick(params, inputNames)),
    [model, adjointOfModel] = smoothModel(pick<FreeParams>(params, freeNames), trialFactors, setting);
  return {
    model,
    inputs: drive,
    customParams: pick(params, customNames),
    adjoint: ({ customGradients, gradients, inputGradients }) => ({
      ...customGradients,
      ...adjointOfModel(gradients),
      ...adjointOfInputs(inputGradients),
    }),
  };
}

/**
 * The loss over the training entries, its gradient in the parameters of all parts, and the same loss over the
 * validation entries.
 */
export function fitObjective(where: string, problem: FitProblem): FitObjective {
  const { activity, train, validation, conditions, dt, precision, loss } = problem,
    learnsInputs = problem.inputs.names.length > 0;
  const question = (params: Params) => {
    const { model, inputs, customParams, adjoint } = compose(problem, params);
    const batch: Batch = {
      inputs,
      targets: activity,
      mask: train,
      ...(validation ? { validation } : {}),
      conditions,
    };
    const options: LossOptions = { dt, precision, ...(loss ? { loss: withParams(loss, customParams) } : {}) };
    const answer = (run: LossAndGradient<LowTensorRankRNN>): FitEvaluation => {
      const validationLoss = run.validationLoss ?? run.loss,
        evaluation = { loss: run.loss, gradients: adjoint(run), validationLoss };
      if (Number.isFinite(validationLoss)) return markDivergence(evaluation);
      return { ...evaluation, divergence: { reason: `the loss over the validation entries became ${validationLoss}` } };
    };
    return { model, batch, options, answer };
  };
  const objective = (params: Params): FitEvaluation => {
    const { model, batch, options, answer } = question(params);
    return evaluationOf(evaluateGradient(where, model, batch, options), answer);
  };
  const onThreads = (pool: Pool) => {
    const gradient = gradientOnThreads(pool);
    return async (params: Params): Promise<FitEvaluation> => {
      const { model, batch, options, answer } = question(params);
      // copies that the fit made
      const fixed = learnsInputs ? (["targets"] as const) : (["targets", "inputs"] as const);
      return evaluationOf(await gradient(where, model, batch, options, fixed), answer);
    };
  };
  return Object.assign(objective, { onThreads });
}
