/** uncertainty: how well a fit knows what it found: the posterior of trial factors, a bootstrap of everything. */
export {
  trialFactorUncertainty,
  type TrialFactorUncertainty,
  type TrialFactorUncertaintyOptions,
} from "./trial-factor-uncertainty";
export type { Percentiles } from "./percentiles";
export type { SeenParameters } from "./seen-parameters";
export type { BootstrapIntervals, BootstrapSample, FitBootstrap } from "./fit-bootstrap";
export type { BootstrapOptions } from "./bootstrap-options";
export { bootstrapFit, bootstrapFitSteps } from "./bootstrap-fit";
