/** gcp: generalized CP, by losses of entries such as the likelihood of counts, within bounds. */
export type { GcpData, GcpLoss, GcpLossDescription, GcpLossName } from "./gcp-loss";
export { gcpLoss, readGcpLoss } from "./loss-from";
export type { EpochMemory, GcpMemory, GcpResult, GcpStart, LbfgsbMemory } from "./gcp-result";
export { gcpTable, type GcpBounds, type GcpMethod, type GcpOptions, type GcpPenalties } from "./gcp-options";
export { gcp, gcpSteps } from "./gcp";
export { gcpOptionsFrom, type GcpRunData } from "./gcp-options-from";
export { gcpGradient, type GcpGradient } from "./gcp-gradient";
