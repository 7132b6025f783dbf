/** theory: rank bounds and certificates, each with its reason, and null models to compare results with. */
export type { HoldingBound, RefusedBound } from "./rank-bound";
export { learningSubspace, type LearningSubspace, type LearningSubspaceOptions } from "./learning-subspace";
export { checkSpread, type RuleOf, type RuleSpread, type SpanOf } from "./learning-assumptions";
export type { LearningInitial, LearningSetup, LearningSpecials } from "./learning-setup";
export {
  learningRankBound,
  type HoldingLearningBound,
  type LearningRankBound,
} from "./learning-rank-bound";
export { learningSetupOf, type LearningRun } from "./learning-setup-of";
export type { Certificate, CertificateState } from "./certificate";
export {
  trajectoryCertificate,
  type CertificateOptions,
  type TrainingStep,
  type TrajectoryCertificate,
} from "./trajectory-certificate";
export { weightChanges } from "./weight-changes";
export { rotatedIncrements } from "./rotated-increments";
export { cpRankBounds, type CpRankBounds, type CpRankBoundsOptions } from "./cp-rank-bounds";
export type { KoszulFlattening } from "./koszul-flattening";
export type { KoszulMargins } from "./koszul-conditions";
export { koszulUnique, type KoszulAttempt, type KoszulOptions, type KoszulUniqueness } from "./koszul-unique";
export { koszulCp, type KoszulCp, type KoszulCpOptions } from "./koszul-cp";
// ranks from sizes alone: written in linalg, exported here
export { genericRank, kRank, kruskalUnique, maximalRankAtMost, type KruskalUniqueness } from "../linalg";
export { gradientRankBound, type GradientRankBound, type GradientTrajectory } from "./gradient-rank-bound";
export { latentDimensionBound, type LatentDimensionSetup } from "./latent-dimension-bound";
export { activationRankBound } from "./activation-rank-bound";
export { chebyshevRankBound, type ChebyshevRankBound, type ChebyshevSetup } from "./chebyshev-rank-bound";
export type { OverlapBlocks, OverlapTask } from "./overlap-gradient";
export type { OverlapState } from "./overlap-state";
export { overlapParams, type LinearLowRankParams } from "./overlap-vectors";
export type { OverlapOptions } from "./overlap-run";
export { overlapDescent, type OverlapDescentOptions } from "./overlap-descent";
export { overlapFlow, type OverlapFlowOptions } from "./overlap-flow";
export type { ComparedBound, HoldingComparedBound } from "./compared-bound";
export {
  compareRanks,
  type CompareRanksOptions,
  type RankComparison,
  type RankComparisonRow,
  type RankHistory,
} from "./compare-ranks";
