/** decompose: CP and Tucker decompositions; core consistency; matching of factors. */
export { canonical, cpToTensor, type Cp } from "./cp";
export { cpAdvice, cpAls, cpAlsSweeps, type CpOptions, type CpResult, type CpStatus } from "./cp-als";
export { tucker, tuckerToTensor, type TuckerOptions, type TuckerResult } from "./tucker";
export { coreConsistency } from "./core-consistency";
export { factorMatchScore, matchComponents, type FactorMatch } from "./factor-match-score";
export { rotatedIncrements } from "./rotated-increments";
