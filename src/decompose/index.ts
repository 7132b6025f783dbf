/** decompose: CP by alternating least squares, with constraints; Tucker; new slices of a known model. */
export type { AlsModel, LeastSquares, Swept } from "./als-model";
export { thresholdOf } from "./threshold";
export { noExtrapolation, type Extrapolation } from "./extrapolation";
export type { CpCompression, CpResult, CpStart, StartKind } from "./cp-result";
export { describeConstraint, satisfying, type ConstraintDescription, type CpConstraint } from "./constraint";
export { updateFactor, type UpdateFactor } from "./update-factor";
export { als, leastSquares, type AlsState } from "./als";
export { checkConstraint, cpTable, type CpMethod, type CpOptions } from "./cp-options";
export { checkPenalties } from "./check-call";
export { cpAls, cpAlsSweeps } from "./cp-als";
export { nonNegative, type NonNegativeOptions } from "./non-negative";
export { orthogonal } from "./orthogonal";
export { ridgePenalty } from "./ridge-penalty";
export { smoothAlong } from "./smooth-along";
export { constraintFrom } from "./constraint-from";
export { cpOptionsFrom, type CpData } from "./cp-options-from";
export { transform } from "./transform";
export { tucker, type TuckerOptions, type TuckerResult } from "./tucker";
