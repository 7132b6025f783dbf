/** parts: what a fit is composed of, each a value with its adjoint: priors of trial factors, inputs, weights. */
export { checkPart, pick, standardNormal, type Part, type PartDescription } from "./part";
export { normalPrecisions } from "./normal-precisions";
export type { FreeWeights, WeightPart } from "./weight-part";
export { maskedWeights, type MaskedWeightsOptions } from "./masked-weights";
export { daleWeights, type DaleWeightsOptions } from "./dale-weights";
export type { ChangingInputs, FlexibleInputs, InputModel } from "./input-model";
export type { DrivenBins } from "./driven-bins";
export { knownInputs } from "./known-inputs";
export type { TrialKernelName } from "./correlation";
export type { TrialKernel } from "./trial-kernel";
export { trialCovariance } from "./trial-covariance";
export type { PredictedFactors, RefusedPrediction, TrialFactors, TrialPrediction, TrialPrior } from "./trial-factors";
export { prefixNames, withoutPrefix } from "./prefixed";
export type { TrialProcess } from "./gaussian-process";
export {
  gaussianTrialFactors,
  type GaussianParams,
  type GaussianTrialFactors,
  type TrialFactorOptions,
} from "./gaussian-trial-factors";
export { kernelFields, smoothFactors, type SmoothFactors } from "./smooth-factors";
export { freeTrialFactors, type FreeFactorParams } from "./free-trial-factors";
export { fixedTrialFactors, type FixedFactorParams } from "./fixed-trial-factors";
export {
  piecewiseConstantTrialFactors,
  type PiecewiseConstantParams,
} from "./piecewise-constant-trial-factors";
export {
  randomWalkTrialFactors,
  type RandomWalkOptions,
  type RandomWalkParams,
} from "./random-walk-trial-factors";
export { trialFactorsFrom } from "./trial-factors-from";
export { checkTimeKernel, smoothCourses, type Courses, type TimeKernel } from "./smooth-courses";
export { conditionInputs, type ConditionInputParams } from "./condition-inputs";
export { changingInputs } from "./changing-inputs";
export { controllerInputs, type Controller } from "./controller-inputs";
export { inputsSideBySide } from "./inputs-side-by-side";
export { penalizedInputs, type InputPenalty } from "./penalized-inputs";
export { penalizedTrialFactors } from "./penalized-trial-factors";
export { conditionStates, trialStates, type InitialStates } from "./initial-states";
export type { Decoder, DecoderFreedom, DecoderKind, Readout } from "./decoder";
export { decoderOf } from "./decoder";
export { decoderKind, decoderNames, type DecoderName } from "./decoders";
export { networkPart, type NetworkPart, type NetworkParts } from "./network-part";
export { smoothModel, type FreeParams } from "./smooth-model";
