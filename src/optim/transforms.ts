/** The transforms of the library: one is a file, a line here, and its kind where descriptions are looked up. */
export { chain, chainKind } from "./chain";
export { scaleByRate, scaleByRateKind } from "./scale-by-rate";
export { clipByNorm, clipByNormKind } from "./clip-by-norm";
export { accumulate, accumulateKind } from "./accumulate";
export { scaleByAdam, scaleByAdamKind, type AdamMemory, type Betas } from "./scale-by-adam";
export { scaleByRms, scaleByRmsKind, type RmsMemory, type RmsOptions } from "./scale-by-rms";
export { decayWeights, decayWeightsKind, type DecayOptions } from "./decay-weights";
export type { CurvaturePair } from "./curvature-pairs";
export { lbfgs, lbfgsKind, type LbfgsMemory, type LbfgsOptions } from "./lbfgs";
export {
  scaleByCurvature,
  scaleByCurvatureKind,
  type CurvatureScaleMemory,
  type CurvatureScaleOptions,
} from "./scale-by-curvature";
export { followedBy, followedByKind, type FollowedByMemory, type FollowedByOptions } from "./followed-by";
export { sgd } from "./sgd";
export { momentum, type MomentumOptions } from "./momentum";
export { adam } from "./adam";
export { adamW, type AdamWOptions } from "./adam-w";
export { rmsProp, type RmsPropOptions } from "./rms-prop";
