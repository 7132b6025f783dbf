/** fit: an ltrRNN to recordings, composed of parts: trial factors, inputs, decoders; starts and their race. */
export { fitLowTensorRank, fitLowTensorRankSteps } from "./fit-low-tensor-rank";
export type { FitNetwork, FitOptions, FitTraining } from "./fit-options";
export type { BestStep, FitCheckpoint, FitRun, FitStart, LowTensorRankFit } from "./fit-result";
export {
  gaussianTrialFactors,
  type GaussianParams,
  type GaussianTrialFactors,
  type TrialFactorOptions,
} from "./gaussian-trial-factors";
export type { InputModel } from "./input-model";
export type { Part, PartDescription } from "./part";
export { smoothModel, type FreeParams, type SmoothModel } from "./smooth-model";
export { trialCovariance, type TrialKernel } from "./trial-covariance";
export type { TrialFactors } from "./trial-factors";
