/** decompose: CP and Tucker decompositions, constraints and diagnostics; matching of factors. */
export { canonical, cpToTensor, type Cp } from "./cp";
export { cpAls, cpAlsSweeps } from "./cp-als";
export type { CpCompression, CpOptions, CpResult, CpStatus } from "./cp-options";
export type { Momentum } from "./iterate";
export type { CpStart } from "./race";
export type { StartKind } from "./cp-starts";
export { nonNegative, orthogonal, ridgePenalty, smoothAlong, type CpConstraint } from "./constraints";
export { transform } from "./cp-transform";
export { cpFromArrays, cpToArrays } from "./cp-arrays";
export {
  componentVariance,
  congruenceMatrix,
  cpDegeneracy,
  leverage,
  type ComponentVariance,
  type Degeneracy,
} from "./cp-diagnostics";
export { tucker, tuckerToTensor, type TuckerOptions, type TuckerResult } from "./tucker";
export { coreConsistency } from "./core-consistency";
export { factorMatchScore, matchComponents, type FactorMatch } from "./factor-match-score";
