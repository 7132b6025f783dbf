/** fit: an ltrRNN to recordings, composed of parts: trial factors, inputs, decoders; starts and their race. */
export type { BestStep, FitCheckpoint, FitRun, FitStart, LowTensorRankFit } from "./fit-result";
export type { Part, PartDescription } from "./part";
export type { InputModel } from "./input-model";
export { trialCovariance, type TrialKernel } from "./trial-covariance";
export type { TrialFactors } from "./trial-factors";
export type { FitNetwork, FitOptions, FitTraining } from "./fit-options";
export {
  gaussianTrialFactors,
  type GaussianParams,
  type GaussianTrialFactors,
  type TrialFactorOptions,
} from "./gaussian-trial-factors";
export { smoothModel, type FreeParams, type SmoothModel } from "./smooth-model";
export { fitLowTensorRank, fitLowTensorRankSteps } from "./fit-low-tensor-rank";
