/** uncertainty: how well a fit knows what it found: the posterior of its trial factors. */
export {
  trialFactorUncertainty,
  type TrialFactorUncertainty,
  type TrialFactorUncertaintyOptions,
} from "./trial-factor-uncertainty";
