/** theory: rank bounds and certificates, each with its reason. */
export type { HoldingBound, RefusedBound } from "./rank-bound";
export { learningSubspace, type LearningSubspace, type LearningSubspaceOptions } from "./learning-subspace";
export {
  learningRankBound,
  type HoldingLearningBound,
  type LearningRankBound,
  type LearningSetup,
} from "./learning-rank-bound";
export {
  trajectoryCertificate,
  type Certificate,
  type CertificateState,
  type TrainingStep,
} from "./trajectory-certificate";
export { weightChanges } from "./weight-changes";
export {
  cpRankBounds,
  genericRank,
  maximalRankAtMost,
  type CpRankBounds,
  type CpRankBoundsOptions,
} from "./cp-rank-bounds";
export { kRank, kruskalUnique, type KruskalUniqueness } from "../linalg";
export { gradientRankBound, type GradientRankBound } from "./gradient-rank-bound";
export { latentDimensionBound, type LatentDimensionSetup } from "./latent-dimension-bound";
export {
  activationRankBound,
  chebyshevRankBound,
  type ChebyshevRankBound,
  type ChebyshevSetup,
} from "./activation-rank-bound";
export {
  overlapDescent,
  overlapFlow,
  overlapParams,
  type LinearLowRankParams,
  type OverlapOptions,
  type OverlapState,
} from "./overlap-dynamics";
export type { OverlapBlocks, OverlapTask } from "./overlap-gradient";
export { compareRanks, type RankComparison, type RankComparisonRow, type RankHistory } from "./compare-ranks";
