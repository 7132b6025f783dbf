/** parts: what a fit is composed of, each a value with its adjoint: priors of trial factors, inputs, weights. */
export { checkPart, pick, standardNormal, type Part, type PartDescription } from "./part";
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
export { conditionStates, trialStates, type InitialStates } from "./initial-states";
export { networkPart, type NetworkPart, type NetworkParts } from "./network-part";
export { smoothModel, type FreeParams } from "./smooth-model";
