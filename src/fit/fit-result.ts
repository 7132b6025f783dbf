import type { Provenance, Status } from "../base";
import type { Label } from "../masks";
import type { OptimizerDescription } from "../optim";
import type { LowTensorRankRNN } from "../models";
import type { ChangingInputs } from "../parts";
import type { Explained } from "../scores";
import type { Params, Tensor3 } from "../tensor";
import type { TrainingDivergence } from "../train";
import type { Gauge } from "./canonical-gauge";
import type { FitMatch } from "./match-fits";

/** The outcome of a start. */
export interface FitStart {
  readonly seed: number;
  /** updates made */
  readonly steps: number;
  /**
   * the lowest loss, in the activity's unit squared, or in the unit of another loss; Infinity where it diverged at once
   */
  readonly validationLoss: number;
  /** "exhausted" also where it was dropped */
  readonly status: Status;
  /** whether it was dropped after a stage, because others were better */
  readonly dropped: boolean;
  /** with the status "diverged": where and why */
  readonly divergence?: TrainingDivergence;
  /** in the activity's unit squared, or as a custom loss counts */
  readonly trace: Trace;
}

/** How another start agrees with the best one. */
export interface Replicability extends FitMatch {
  readonly seed: number;
  /** updates made before its best step */
  readonly step: number;
}

/** A step of a start that can be the result. */
export interface BestStep {
  readonly step: number;
  readonly loss: number;
  readonly validationLoss: number;
  readonly params: Params;
}

/** The losses of a start, update by update, with priors and penalties. */
export interface Trace {
  readonly losses: readonly number[];
  /** empty without validation entries; null at updates that drew what they saw, but for every tenth */
  readonly validationLosses: readonly (number | null)[];
}

/** The state of a start. */
export interface FitRun {
  readonly seed: number;
  /** updates made */
  readonly step: number;
  readonly params: Params;
  /** the optimizer's; undefined before the first update */
  readonly memory: unknown;
  readonly status: Status;
  readonly dropped: boolean;
  readonly divergence?: TrainingDivergence;
  /** what priors are multiplied by since the start had converged with the noise of neighboring trials, if it has */
  readonly priorWeight?: number;
  /** the loss some updates ago, by which the start is seen to move still */
  readonly mark?: { readonly step: number; readonly loss: number } | undefined;
  /** of computing so far, in all processes; no result depends on it */
  readonly seconds: number;
  /** the loss after every update, from 0 on, and that over the validation entries where there are any */
  readonly trace: Trace;
  /** the step with the lowest validation loss; absent before the first evaluation */
  readonly best?: BestStep;
}

/** All that a fit needs to continue, in standard units. Plain data. */
export interface FitCheckpoint {
  /** the problem that is fitted: another one is refused */
  readonly problem: Readonly<Record<string, unknown>>;
  readonly optimizer: OptimizerDescription;
  /** updates of each start at most */
  readonly steps: number;
  readonly runs: readonly FitRun[];
}

/**
 * A fitted low-tensor-rank RNN: the best step so far by validation. Progress report, result and checkpoint in one; all
 * but the model's methods is plain data.
 */
export interface LowTensorRankFit {
  /** factors, input weights, initial states (a row per condition), bias and decoder, in the activity's unit */
  readonly model: LowTensorRankRNN;
  /** components that change over trials: the first columns of the factors; static ones follow */
  readonly rank: number;
  /**
   * the gauge, a choice of sign, order and scale: how components were brought to canonical form, and which could be
   * rotated
   */
  readonly gauge: Gauge;
  /**
   * the agreement of the best start with each other one at its best step, in the order of `starts` without the best:
   * low where starts were dropped early or found other minima; empty while the fit runs
   */
  readonly replicability: readonly Replicability[];
  /** the inputs (trials × time × inputs), the bins of the preparatory period first */
  readonly inputs: Tensor3;
  /**
   * factors of the inputs that change over trials, up to sign and order, which are canonical: the largest entries of v
   * and of the input weights are positive, and the strongest comes first. Absent: none do
   */
  readonly changingInputs?: ChangingInputs;
  /** bins before the first recorded one */
  readonly preparation: number;
  /** row of x0 that each trial takes: pass it on to simulate */
  readonly conditions: readonly number[];
  /** the label of each condition, in the type that it came in */
  readonly conditionLabels: readonly Label[];
  /** which of these each trial is */
  readonly trialConditions: readonly number[];
  readonly dt: number;
  /**
   * (trials × time × neurons) in the recorded bins, also where nothing was observed, in the activity's unit: with a
   * loss on counts, the counts that are expected in each bin
   */
  readonly prediction: Tensor3;
  /** with a loss on counts: the same over its `binWidth`, in Hz where that is in seconds */
  readonly firingRates?: Tensor3;
  /** trained parameters of the head and of the loss; none where neither has any */
  readonly customParams: Params;
  /** with a negative binomial loss that learns them: the dispersion of each neuron, or the one that all share */
  readonly dispersion?: readonly number[];
  /** neurons whose training entries do not vary: fitted by their mean */
  readonly constantNeurons: readonly number[];
  /** trials without a training entry: their factors are determined by those of other trials and the prior */
  readonly unseenTrials: readonly number[];
  /**
   * share of the variance that lies beyond the activation's range, which the identity decoder cannot explain; mostly 0
   */
  readonly outOfReach: number;
  /**
   * half the mean squared error over the training entries, or the given loss, at this step; for counts in nats per
   * entry
   */
  readonly loss: number;
  /** over the validation entries; equal to `loss` where there are none */
  readonly validationLoss: number;
  /** how much of the activity the prediction explains: variance, or the Poisson deviance of counts */
  readonly explained: {
    readonly training: Explained;
    readonly validation?: Explained;
  };
  /** updates made before this step, in the start it comes from */
  readonly bestStep: number;
  /** of computing so far, over all starts and all processes; no result depends on it */
  readonly seconds: number;
  /** updates made so far, over all starts, and their largest number */
  readonly steps: number;
  readonly stepsAtMost: number;
  readonly starts: readonly FitStart[];
  /** "exhausted" when all updates were made, which is how most fits end */
  readonly status: Status;
  /** the state from which another call continues, with this fit as its `start` */
  readonly checkpoint: FitCheckpoint;
  readonly provenance: Provenance;
}
