/** coupled: CP decompositions of several tensors that share the factor of one mode. */
export type { CoupledCpResult, CoupledExtrapolation } from "./coupled-result";
export type { CoupledConstraints, CoupledOptions } from "./coupled-options";
export { coupledCp, coupledCpSweeps } from "./coupled-cp";
