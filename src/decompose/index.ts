/** decompose: CP by alternating least squares, with constraints; Tucker; new slices of a known model. */
export type { Extrapolation } from "./extrapolation";
export type { CpCompression, CpResult, CpStart, StartKind } from "./cp-result";
export type { ConstraintDescription, CpConstraint } from "./constraint";
export { cpTable, type CpMethod, type CpOptions } from "./cp-options";
export { cpAls, cpAlsSweeps } from "./cp-als";
export { nonNegative, type NonNegativeOptions } from "./non-negative";
export { orthogonal } from "./orthogonal";
export { ridgePenalty } from "./ridge-penalty";
export { smoothAlong } from "./smooth-along";
export { constraintFrom } from "./constraint-from";
export { cpOptionsFrom, type CpData } from "./cp-options-from";
export { transform } from "./transform";
export { tucker, type TuckerOptions, type TuckerResult } from "./tucker";
