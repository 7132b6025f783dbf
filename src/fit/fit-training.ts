import type { FieldsOf } from "../base";
import type { Precision } from "../kernels";
import { readLoss, type Loss, type LossDescription, type LossName } from "../losses";
import { checkOptimizer, type GradientTransform } from "../optim";
import { ratePenaltyFields, type RatePenalty } from "../run";

/** What is added to the loss, which with a squared error is in units of the activity's variance. */
export interface FitPenalties {
  /**
   * how much of the activity's variance is noise, as a share: priors of trial factors, inputs and initial states pull
   * as strongly as this noise allows, and 0 is not at all. Default half the mean squared difference of neighboring
   * trials of one condition, or, where every trial has an initial state, what of these differences bends over time
   * where that is less; a start that has converged and left less than 0.7 of it goes on with what it left. With a
   * custom loss 0. Losses on counts know their noise: with them it is a share of what
   * their likelihood asks for, default 1
   */
  readonly noiseShare?: number;
  /** `l1 mean |x| + l2 mean x² / 2` over trials up to their last bin, time and units; default nothing */
  readonly rates?: RatePenalty;
  /** the same for trial factors; default nothing */
  readonly trialFactors?: RatePenalty;
}

/** What is drawn anew at every update. */
export interface FitDraws {
  /** share of the trials that an update sees; steps are compared on all trials, at every tenth. Default 1 */
  readonly trialShare?: number;
  /**
   * process noise in training: the stationary standard deviation of a state without recurrence. The prediction is
   * without it. Default 0
   */
  readonly noise?: number;
}

/** How a fit is trained. */
export interface FitTraining {
  /**
   * updates of each start, at most; default 1000, 2000 where no inputs are learned, and with a custom loss, a head or
   * updates that draw trials or noise 300
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
   * a start has converged when its updates lower the loss by less than this share of it on average; default 2e-6, and 0
   * (updates are made to the last) with an optimizer that does not search along lines
   */
  readonly tolerance?: number;
  /**
   * what compares activity and outputs. For spike counts "poisson", or a loss such as {@link poissonLoss} gives; else
   * a loss of entries or a custom one, such as `tfjsLoss` makes, on the prediction in the activity's unit: its targets
   * are the activity, its mask the training mask, its parameters train along. Over the entries of `validation` it also
   * chooses starts and the best step. Default half the mean squared error
   */
  readonly loss?: Loss | LossDescription | LossName;
  /** what the states are computed in; default "float64" */
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

/** What every option of training may be, and its default. */
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
