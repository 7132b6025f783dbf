import type { Evaluation } from "../optim";
import { isCustom, withParams } from "../losses";
import { evaluateGradient, gradientOnThreads, type Batch, type LossOptions } from "../run";
import type { LowTensorRankRNN } from "../models";
import type { LossAndGradient } from "../run";
import type { Params } from "../tensor";
import type { Pool } from "../threads";
import { evaluationOf, markDivergence, type AsyncObjective, type Objective } from "../train";
import { compose } from "./compose";
import { observedOf } from "./observed-of";
import { curvatureOf } from "./curvature";
import type { FitProblem } from "./fit-problem";
import { partPenalty, withPenalty } from "./penalties";

/** What is made small, its gradients, and the loss that starts and steps are chosen by. */
export interface FitEvaluation extends Evaluation {
  /** over the training entries, without what priors add to `loss` */
  readonly dataLoss: number;
  /** over the validation set; over the training set where there is none */
  readonly validationLoss: number;
  /** whether there is a validation set */
  readonly validated: boolean;
}

/** In one call, or split over the threads of a pool. */
export interface FitObjective extends Objective<Params, FitEvaluation> {
  onThreads(pool: Pool): AsyncObjective<Params, FitEvaluation>;
}

/**
 * The loss over the training entries, its gradient in the parameters of all parts, and the same loss over the
 * validation entries.
 */
export function fitObjective(where: string, problem: FitProblem): FitObjective {
  const { activity, train, validation, initialStates, dt, precision, loss, ratePenalty, penaltyWeight } = problem,
    learnsInputs = problem.inputs.names.length > 0;
  const question = (params: Params) => {
    const { model, inputs, customParams, adjoint } = compose(problem, params);
    const batch: Batch = {
      inputs,
      targets: activity,
      mask: train,
      ...(validation ? { validation } : {}),
      conditions: initialStates.rows,
      ...observedOf(problem),
    };
    const options: LossOptions = {
      dt,
      precision,
      loss: isCustom(loss) ? withParams(loss, customParams) : loss,
      ...(penaltyWeight > 0 ? { ratePenalty } : {}),
    };
    const answer = (run: LossAndGradient<LowTensorRankRNN>): FitEvaluation => {
      const penalty = partPenalty(problem, params),
        loss = run.loss + (penalty?.value ?? 0),
        validationLoss = run.validationLoss ?? loss,
        gradients = adjoint(run);
      const evaluation = {
        loss,
        gradients: penalty ? withPenalty(gradients, penalty.gradients) : gradients,
        dataLoss: run.loss - (run.penalty ?? 0),
        validationLoss,
        validated: run.validationLoss !== undefined,
      };
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
    const split = async (params: Params): Promise<FitEvaluation> => {
      const { model, batch, options, answer } = question(params);
      // copies that the fit made
      const always = ["targets", "observed", "observedMask"] as const,
        fixed = learnsInputs ? always : ([...always, "inputs"] as const);
      return evaluationOf(await gradient(where, model, batch, options, fixed), answer);
    };
    const curvature = (params: Params, step: number) =>
      curvatureOf(problem, (posed) => fitObjective(where, posed).onThreads(pool), params, step);
    return Object.assign(split, { curvature, steady: true });
  };
  const curvature = (params: Params, step: number) =>
    curvatureOf(problem, (posed) => fitObjective(where, posed), params, step);
  return Object.assign(objective, { onThreads, curvature, steady: true });
}
