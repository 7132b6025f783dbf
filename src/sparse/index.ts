/** sparse: tensors of mostly zeros by coordinates and values, and their CP decomposition. */
export { sparseFrom, sparseOf, sparseToTensor, type SparseTensor } from "./sparse-tensor";
export { sparseContract, sparseInner } from "./sparse-products";
export { sparseMttkrp } from "./sparse-mttkrp";
export type { SparseCpResult } from "./sparse-cp-result";
export type { SparseCpOptions } from "./sparse-plan";
export { cpAlsSparse, cpAlsSparseSweeps } from "./cp-als-sparse";
export type { SparsePoissonOptions, SparsePoissonResult } from "./sparse-poisson-plan";
export { cpPoissonSparse, cpPoissonSparseSteps } from "./cp-poisson-sparse";
