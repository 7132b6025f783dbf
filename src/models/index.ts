/** models: the model classes (full rank, low rank, low tensor rank), what a network is, and their JSON. */
export {
  defaultSetting,
  type Change,
  type Connectivity,
  type Network,
  type NetworkRecord,
  type Setting,
  type SharedParams,
  type Some,
} from "./network";
export { describeSetting, hasUnitTimeConstants, oneTau, smallestTau } from "./setting";
export type { FullRankInitialization, Initialization } from "./initialization";
export type { RandomSpec } from "./random-spec";
export type { JsonSetting, ModelFunctions } from "./setting-json";
export type { ModelJson } from "./model-json";
export { checkShared } from "./check-params";
export type { CpOfWeights } from "./factors-of-cp";
export { FullRankRNN, type FullRankParams, type FullRankSpec } from "./full-rank";
export { LowRankRNN, type LowRankParams } from "./low-rank";
export { LowTensorRankRNN, type FromCpOptions, type LowTensorRankParams } from "./low-tensor-rank";
export { modelFromJson } from "./model-from-json";
export { checkNetwork, networkRecord } from "./check-network";
