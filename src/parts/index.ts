/** parts: what a fit is composed of, each a value with its adjoint: priors of trial factors, inputs, weights. */
export { checkPart, pick, type Part, type PartDescription } from "./part";
export type { InputModel } from "./input-model";
export { conditionInputs, type ConditionInputParams } from "./condition-inputs";
export { knownInputs } from "./known-inputs";
export { kernelFields, trialCovariance, type TrialKernel } from "./trial-covariance";
export type { TrialFactors } from "./trial-factors";
export {
  gaussianTrialFactors,
  type GaussianParams,
  type GaussianTrialFactors,
  type TrialFactorOptions,
} from "./gaussian-trial-factors";
export { smoothModel, type FreeParams, type SmoothModel } from "./smooth-model";
