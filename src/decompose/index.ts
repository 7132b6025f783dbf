/** decompose: CP by alternating least squares, with constraints; Tucker; new slices of a known model. */
export { contractMode, gramOf } from "./mode-kernels";
export { leadingVectorsOf } from "./leading-vectors";
export { joined, remaining } from "./remaining";
export { dimensionTree, splitOf } from "./dimension-tree";
export type { AlsModel, LeastSquares, Swept } from "./als-model";
export { checkObserved } from "./check-observed";
export { checkCpStart } from "./check-start";
export { innerProduct, relativeErrorOf, squaresOf } from "./relative-error";
export { thresholdOf } from "./threshold";
export { keepSweep, noExtrapolation, startsBelow, undoSweep, type Extrapolation } from "./extrapolation";
export { checkMatrices } from "./check-matrices";
export { checkMemory } from "./check-memory";
export {
  describeConstraint,
  satisfying,
  uprightModes,
  type ConstraintDescription,
  type CpConstraint,
} from "./constraint";
export { updateFactor, type UpdateFactor } from "./update-factor";
export type { CpCompression, CpResult, CpStart, StartKind } from "./cp-result";
export { als, leastSquares, type AlsState } from "./als";
export { filled } from "./masked-least-squares";
export { checkConstraint, cpTable, type CpMethod, type CpOptions } from "./cp-options";
export { checkPenalties, checkProblem } from "./check-call";
export { givenStart, startInUnit } from "./given-start";
export { sizedStart } from "./sized-start";
export { scaledStart, type NamedStart } from "./scaled-start";
export { startCp, type StartCpOptions } from "./start-cp";
export { cpAls, cpAlsSweeps } from "./cp-als";
export { nonNegative, type NonNegativeOptions } from "./non-negative";
export { orthogonal } from "./orthogonal";
export { ridgePenalty } from "./ridge-penalty";
export { smoothAlong } from "./smooth-along";
export {
  hardSparsity,
  l1Penalty,
  l2Penalty,
  monotone,
  simplex,
  softSparsity,
  unimodal,
  unitNorm,
  type HardSparsityOptions,
  type SignOptions,
} from "./proximal-constraints";
export { box, l2Ball, totalVariation, type BoxOptions, type TotalVariationOptions } from "./bounded-columns";
export { constraintFrom } from "./constraint-from";
export { proximal } from "./proximal";
export { cpOptionsFrom, type CpData } from "./cp-options-from";
export { transform } from "./transform";
export type { TuckerRanks } from "./tucker-ranks";
export { hosvd, type HosvdResult } from "./hosvd";
export type { SketchOptions } from "./sketched-directions";
export { sthosvd, type SthosvdOptions } from "./sthosvd";
export type { TuckerOptions } from "./tucker-options";
export type { TuckerStart } from "./tucker-run";
export { tucker, tuckerSweeps, type TuckerResult } from "./tucker";
export type { NonNegativeTuckerResult } from "./non-negative-tucker-result";
export type { NonNegativeTuckerOptions } from "./non-negative-tucker-plan";
export { nonNegativeTucker, nonNegativeTuckerSweeps } from "./non-negative-tucker";
export { tuckerStream, type TuckerStream, type TuckerStreamOptions, type TuckerStreamResult } from "./tucker-stream";
