import type { Evaluation } from "../optim";
import { lossAt } from "../losses";
import { evaluateGradient, gradientOnThreads, type Batch, type LossOptions } from "../run";
import type { LowTensorRankRNN } from "../models";
import type { LossAndGradient } from "../run";
import type { Params, Tensor3 } from "../tensor";
import type { Pool } from "../threads";
import { evaluationOf, markDivergence, type AsyncObjective, type Objective } from "../train";
import { compose, type Composed } from "./compose";
import { innovationIn, observedOf } from "./observed-of";
import { curvatureOf } from "./curvature";
import { countsOf, drawnBatch, observedOfTrials, trialsOfUpdate, updatesBetweenScores, type Draws } from "./draws";
import { seenBatch } from "./seen-batch";
import type { FitProblem } from "./fit-problem";
import { partPenalty, withPenalty } from "./penalties";

/** The objective, its gradients, and the loss by which starts and steps are chosen. */
export interface FitEvaluation extends Evaluation {
  /** over the training entries, without priors and penalties */
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
 * validation entries. Where updates draw trials or noise, both losses are those of all trials without noise, at every
 * tenth update; between, no step is kept.
 */
export function fitObjective(where: string, problem: FitProblem): FitObjective {
  const { activity, train, validation, initialStates, dt, precision, loss, ratePenalty, penaltyWeight, draws } =
      problem,
    learnsInputs = problem.inputs.names.length > 0,
    steady = draws === undefined,
    seen = seenBatch(problem),
    observed = draws ? observedOfTrials(train) : [];
  // held, since engines forget what they compiled of functions that are gone, and would compile them at every update
  let latest: Composed;
  let checked = false; // activity and masks, by the first evaluation: they stay the same
  const drawnAt = (drawn: Draws, inputs: Tensor3, step: number) => {
    const all: Batch = {
      inputs,
      targets: activity,
      mask: train,
      conditions: initialStates.rows,
      ...observedOf(problem),
    };
    const trials = trialsOfUpdate(drawn, observed, step);
    return { ...drawnBatch(all, trials), counts: countsOf(observed, trials) };
  };
  /** At a step: with what it draws; without one: of all trials, without noise. */
  const callAt = (params: Params, step?: number) => {
    latest = compose(problem, params);
    const { model, inputs, customParams, adjoint } = latest,
      drawn = step === undefined ? undefined : draws;
    const { batch, spread, counts } = drawn
      ? drawnAt(drawn, inputs, step ?? 0)
      : { batch: seen.with(inputs), spread: seen.spread, counts: seen.counts };
    const options: LossOptions = {
      dt,
      precision,
      ...innovationIn(problem),
      loss: lossAt(loss, customParams),
      ...(penaltyWeight > 0 ? { ratePenalty } : {}),
      ...(drawn && drawn.sigma > 0 ? { noise: { sigma: drawn.sigma, seed: drawn.seed, draw: step } } : {}),
    };
    const evaluationFrom = (run: LossAndGradient<LowTensorRankRNN>): FitEvaluation => {
      const penalty = partPenalty(problem, params),
        loss = run.loss + (penalty?.value ?? 0),
        validationLoss = run.validationLoss ?? loss,
        gradients = adjoint({ ...run, inputGradients: spread(run.inputGradients) });
      const evaluation = {
        loss,
        gradients: penalty ? withPenalty(gradients, penalty.gradients) : gradients,
        dataLoss: run.loss - (run.penalty ?? 0),
        validationLoss,
        validated: validation !== undefined,
      };
      if (Number.isFinite(validationLoss)) return markDivergence(evaluation);
      return { ...evaluation, divergence: { reason: `the loss over the validation entries became ${validationLoss}` } };
    };
    return { model, batch, options, evaluationFrom, counted: checked ? counts : undefined };
  };
  const evaluate = (params: Params, step?: number): FitEvaluation => {
    const { model, batch, options, evaluationFrom, counted } = callAt(params, step),
      run = evaluateGradient(where, model, batch, options, counted);
    checked ||= step === undefined;
    return evaluationOf(run, evaluationFrom);
  };
  const objective = (params: Params, step: number): FitEvaluation => {
    if (steady) return evaluate(params);
    return scored(evaluate(params, step), isScored(step) ? evaluate(params) : undefined);
  };
  const onThreads = (pool: Pool) => {
    const gradient = gradientOnThreads(pool);
    const ask = async (params: Params, step?: number): Promise<FitEvaluation> => {
      const { model, batch, options, evaluationFrom, counted } = callAt(params, step);
      // copies that the fit made
      const always = ["targets", "observed", "observedMask"] as const,
        fixed = learnsInputs ? always : ([...always, "inputs"] as const);
      const run = await gradient(where, model, batch, options, steady ? fixed : [], counted);
      checked ||= step === undefined;
      return evaluationOf(run, evaluationFrom);
    };
    const split = async (params: Params, step: number): Promise<FitEvaluation> => {
      if (steady) return ask(params);
      return scored(await ask(params, step), isScored(step) ? await ask(params) : undefined);
    };
    const curvature = (params: Params, step: number) =>
      curvatureOf(problem, (posed) => fitObjective(where, posed).onThreads(pool), params, step);
    return Object.assign(split, { curvature, steady });
  };
  const curvature = (params: Params, step: number) =>
    curvatureOf(problem, (posed) => fitObjective(where, posed), params, step);
  return Object.assign(objective, { onThreads, curvature, steady });
}

const isScored = (step: number): boolean => step % updatesBetweenScores === 0;

/** The gradient of what an update drew, with the losses of all trials where there are any. */
function scored(drawn: FitEvaluation, whole: FitEvaluation | undefined): FitEvaluation {
  if (drawn.divergence || !whole) return { ...drawn, validationLoss: Number.NaN };
  if (whole.divergence) return whole;
  return { ...drawn, dataLoss: whole.dataLoss, validationLoss: whole.validationLoss };
}
