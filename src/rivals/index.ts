/** rivals: models of other kinds as baselines: CP and sliceTCA over training entries, linear dynamical systems. */
export type { RivalOptions } from "./component-options";
export { linearDynamics } from "./linear-dynamics";
export { maskedCp } from "./masked-cp";
export { sliceComponents, type SliceComponentsOptions } from "./slice-components";
