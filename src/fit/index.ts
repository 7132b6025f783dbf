/** fit: an ltrRNN to recordings: smooth trial factors, inputs, decoders, masks; baselines to compare with. */
export { fitLowTensorRank, fitLowTensorRankSteps, type FitStart, type LowTensorRankFit } from "./fit-low-tensor-rank";
export type { FitOptions } from "./fit-options";
export { holdOut, observedMask, varianceExplained, type HoldOut, type HoldOutOptions } from "./hold-out";
export { smoothModel, type FreeParams } from "./free-params";
export { gaussianTrialFactors, type TrialFactors } from "./trial-factors";
export { trialCovariance, type TrialKernel } from "./trial-covariance";
export { conditionMean, smoothedConditionMean } from "./condition-mean";
export { trialPca } from "./trial-pca";
export type { Baseline, BaselineOptions } from "./baseline";
