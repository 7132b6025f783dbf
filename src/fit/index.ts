/** fit: an ltrRNN to recordings: smooth trial factors, inputs, decoders. */
export { fitLowTensorRank, fitLowTensorRankSteps, type FitStart, type LowTensorRankFit } from "./fit-low-tensor-rank";
export type { FitNetwork, FitOptions, FitTraining } from "./fit-options";
export { smoothModel, type FreeParams } from "./free-params";
export { gaussianTrialFactors, type TrialFactorOptions, type TrialFactors } from "./trial-factors";
export { trialCovariance, type TrialKernel } from "./trial-covariance";
