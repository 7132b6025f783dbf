import type { FieldsOf } from "../base";
import type { Precision } from "../kernels";
import { readLoss, type Loss, type LossDescription, type LossName } from "../losses";
import { checkOptimizer, type GradientTransform } from "../optim";
import { ratePenaltyFields, type RatePenalty } from "../run";

/** Terms added to the loss. With a squared error, the loss is in units of the activity's variance. */
export interface FitPenalties {
  /**
   * the share of the activity's variance that is noise. It weighs the priors of trial factors, inputs and initial
   * states: 0 is no prior. Default half the mean squared difference of neighboring trials of one condition, or, where
   * every trial has an initial state, the part of these differences that bends over time, if that is less; a start that
   * has converged with residuals below 0.7 of it continues with their size. With a custom loss the default is 0. With
   * losses on counts, it multiplies the weight that their likelihood gives to the priors; default 1
   */
  readonly noiseShare?: number;
  /** `l1 mean |x| + l2 mean x² / 2` of rates, over units and bins up to the last one of each trial; default none */
  readonly rates?: RatePenalty;
  /** the same for trial factors; default none */
  readonly trialFactors?: RatePenalty;
}

/** What is drawn again at every update. */
export interface FitDraws {
  /** share of the trials in each update; steps are compared on all trials, at every tenth update. Default 1 */
  readonly trialShare?: number;
  /**
   * process noise in training: the stationary standard deviation of a state without recurrence. The prediction has no
   * noise. Default 0
   */
  readonly noise?: number;
}

/** How a fit is trained. */
export interface FitTraining {
  /**
   * largest number of updates of each start. Default 1000, or 2000 where no inputs are learned; with a custom loss, a
   * head, or updates that draw trials or noise it is 300, whether inputs are learned or not
   */
  readonly steps?: number;
  /**
   * random starts; the worse half is dropped after each fifth of the updates, at most 100, or 150 where no inputs are
   * learned. Default 2, or 3 where none are
   */
  readonly starts?: number;
  /**
   * default L-BFGS on parameters that are scaled by the curvature of the loss, after 200 updates of Adam with an
   * orthogonal decoder or controllers; with a custom loss, a head or updates that draw trials or noise, Adam on a
   * cosine, gradients clipped. On resuming, the one of the earlier fit
   */
  readonly optimizer?: GradientTransform;
  /**
   * a start has converged when its updates lower the loss by less than this share of it on average; default 2e-6, or 0
   * (all updates are made) with an optimizer that does not search along lines
   */
  readonly tolerance?: number;
  /**
   * the loss between activity and outputs. For spike counts "poisson", or the result of a function such as
   * {@link poissonLoss}; otherwise a loss of entries or a custom one, such as `tfjsLoss` makes, on the prediction in
   * the activity's unit: its targets are the activity, its mask is the training mask, and its parameters are trained
   * too. The same loss over the entries of `validation` chooses starts and the best step. Default half the mean squared
   * error
   */
  readonly loss?: Loss | LossDescription | LossName;
  /** the precision of the states; default "float64" */
  readonly precision?: Precision;
  /** threads that trials are split over; default 1. Workers end with the fit. See docs/choose.md for when it pays */
  readonly threads?: number;
  /** default none */
  readonly penalties?: FitPenalties;
  /** default all trials, without noise */
  readonly draws?: FitDraws;
  /** stops the fit, with status "aborted"; default none */
  readonly signal?: AbortSignal;
}

/** The type and default of every option of training. */
export const fitTrainingFields = {
  steps: { is: "whole number", least: 1, most: 9007199254740991 },
  starts: { is: "whole number", least: 1, most: 10_000 },
  optimizer: { is: "checked", check: checkOptimizer },
  tolerance: { is: "number", least: 0, below: 1 },
  loss: { is: "checked", check: readLoss },
  precision: { is: "name", of: ["float64", "float32"], fallback: "float64" },
  threads: { is: "whole number", least: 1, most: 1024, fallback: 1 },
  penalties: {
    is: "record",
    of: {
      noiseShare: { is: "number", least: 0, most: 1 },
      rates: { is: "record", of: ratePenaltyFields, fallback: {} },
      trialFactors: { is: "record", of: ratePenaltyFields, fallback: {} },
    },
    fallback: {},
  },
  draws: {
    is: "record",
    of: {
      trialShare: { is: "number", above: 0, most: 1, fallback: 1 },
      noise: { is: "number", least: 0, fallback: 0 },
    },
    fallback: {},
  },
  signal: { is: "AbortSignal" },
} as const satisfies FieldsOf<FitTraining>;
