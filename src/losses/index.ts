/** losses: what outputs and targets are compared by, one file each; heads; how a loss acts on panels. */
export {
  checkCustomLoss,
  lossValueOf,
  withParams,
  type CustomEvaluation,
  type CustomLoss,
  type Seen,
} from "./custom-loss";
export {
  describeLoss,
  isCustom,
  lossParamsOf,
  type EntryLoss,
  type LearnedLoss,
  type Loss,
  type LossDescription,
} from "./loss";
export type { CountOptions, LinkName } from "./link";
export { meanSquaredError, type MeanSquaredError } from "./squared-error";
export { poissonLoss, type PoissonLoss, type PoissonOptions } from "./poisson";
export { dispersionAt, type DispersionOption } from "./dispersion";
export {
  negativeBinomialLoss,
  type NegativeBinomialLoss,
  type NegativeBinomialOptions,
} from "./negative-binomial";
export {
  innovationFields,
  innovationNames,
  innovationOf,
  plannedInnovation,
  type CountInnovation,
  type InnovationName,
} from "./innovation";
export type { LossName } from "./kinds";
export { isShipped, lossAt, lossFrom, readLoss } from "./loss-from";
export { expectedTargets } from "./expected-targets";
export type { Head } from "./head";
export { headLoss } from "./head-loss";
export { checkCounts, countTargets, readTargets, type Counts, type Targets } from "./targets";
export { lossOverflow, panelLoss, type LossValues, type Overflow, type PanelLoss } from "./panel-loss";
export { evaluateCustom } from "./evaluate-custom";
export { countTable, expectedCounts, type CountTable, type ExpectedCounts } from "./modulated-counts";
