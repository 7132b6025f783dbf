import type { Precision } from "../kernels";
import {
  gradientOnThreads,
  lossAndGradient,
  withParams,
  type Batch,
  type Head,
  type LossAndGradient,
  type LossOptions,
  type LowTensorRankRNN,
  type OwnLoss,
  type Setting,
} from "../rnn";
import type { Evaluation } from "../optim";
import { zeros, type Params, type Tensor3 } from "../tensor";
import type { Pool } from "../threads";
import { divergedEvaluation, markDivergence, type AsyncObjective, type Objective } from "../train";
import { smoothModel, type FreeParams } from "./free-params";
import type { TrialFactors } from "./trial-factors";

/** What a fit is made to explain, and with what. */
export interface FitProblem {
  /** (trials × time × neurons); read only where one of the masks is 1 */
  readonly activity: Tensor3;
  readonly train: Tensor3;
  readonly validation?: Tensor3;
  /** row of x0 and of the learned inputs that each trial takes */
  readonly conditions: readonly number[];
  /** known inputs (trials × time × inputs); absent: they are learned */
  readonly inputs?: Tensor3;
  readonly trialFactors: TrialFactors;
  readonly setting: Setting;
  readonly dt: number;
  readonly precision: Precision;
  /** what makes the prediction of the outputs, where it is no decoder of the library's */
  readonly head?: Head;
  /** on the outputs, with the head and the activity's unit in it; absent: half the mean squared error in standard units */
  readonly loss?: OwnLoss;
}

/** The training loss with all that a fit watches. */
export interface FitEvaluation extends Evaluation {
  /** over the validation set; over the training set where there is none */
  readonly validationLoss: number;
  readonly model: LowTensorRankRNN;
  /** of the head and of a loss of one's own */
  readonly ownParams: Params;
}

/** The inputs of every trial: known, or those of its condition. */
export function inputsOf({ inputs, conditions }: FitProblem, u?: Tensor3): Tensor3 {
  if (!u) return inputs!;
  const [, steps, n] = u.shape,
    out = zeros([conditions.length, steps, n]),
    size = steps * n;
  conditions.forEach((condition, trial) =>
    out.data.set(u.data.subarray(condition * size, (condition + 1) * size), trial * size),
  );
  return out;
}

/** In one call, or split over the threads of a pool. */
export interface FitObjective extends Objective<FreeParams & Params, FitEvaluation> {
  onThreads(pool: Pool): AsyncObjective<FreeParams & Params, FitEvaluation>;
}

/** The loss over the training entries, its gradient in the free parameters and in those of a head or loss of one's own, and the same loss over the validation entries. */
export function fitObjective(problem: FitProblem): FitObjective {
  const { activity, train, validation, conditions, trialFactors, setting, dt, precision, loss } = problem;
  const at = (all: FreeParams & Params) => {
    const pick = (own: boolean): Params =>
      Object.fromEntries(Object.entries(all).filter(([name]) => (loss?.params[name] !== undefined) === own));
    const free = pick(false) as FreeParams,
      ownParams = pick(true),
      { model, adjoint } = smoothModel(free, trialFactors, setting);
    const batch: Batch = {
      inputs: inputsOf(problem, free.u),
      targets: activity,
      mask: train,
      heldOut: validation,
      conditions,
    };
    const options: LossOptions = { dt, precision, ...(loss ? { loss: withParams(loss, ownParams) } : {}) };
    const answer = (run: LossAndGradient<LowTensorRankRNN>): FitEvaluation => {
      const gradients = {
        ...run.ownGradients,
        ...adjoint(run.gradients),
        ...(free.u ? { u: byCondition(run.inputGradients, conditions, free.u) } : {}),
      };
      return markDivergence({
        loss: run.loss,
        gradients,
        validationLoss: run.heldOutLoss ?? run.loss,
        model,
        ownParams,
      });
    };
    return { model, batch, options, answer };
  };
  const objective = (all: FreeParams & Params) => {
    const { model, batch, options, answer } = at(all);
    try {
      return answer(lossAndGradient(model, batch, options));
    } catch (error) {
      return divergedEvaluation<FitEvaluation>("fitLowTensorRank", error);
    }
  };
  const onThreads = (pool: Pool) => {
    const gradient = gradientOnThreads(pool);
    return async (all: FreeParams & Params) => {
      const { model, batch, options, answer } = at(all);
      try {
        return answer(await gradient(model, batch, options, all.u ? ["inputs"] : [])); // learned inputs change, and what was recorded does not
      } catch (error) {
        return divergedEvaluation<FitEvaluation>("fitLowTensorRank", error);
      }
    };
  };
  return Object.assign(objective, { onThreads });
}

function byCondition(gradients: Tensor3, conditions: readonly number[], u: Tensor3): Tensor3 {
  const out = zeros(u.shape),
    size = u.shape[1] * u.shape[2];
  conditions.forEach((condition, trial) => {
    for (let s = 0; s < size; s++) out.data[condition * size + s] += gradients.data[trial * size + s];
  });
  return out;
}
