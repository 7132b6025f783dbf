/** slices: sliceTCA, components that are a vector over one mode times a slice over the others. */
export type { SliceComponents, SliceRanks, SliceTca, SliceTcaResult } from "./slice-model";
export { sliceTcaToTensor } from "./invariance";
export type { SliceTcaOptions } from "./slice-options";
export { sliceTca, sliceTcaSweeps } from "./slice-tca";
export type { SliceTcaCounts, SliceTcaPoissonOptions, SliceTcaPoissonResult } from "./slice-poisson-options";
export { sliceTcaPoisson, sliceTcaPoissonSteps, sliceTcaRates } from "./slice-tca-poisson";
