/** sparse: tensors of mostly zeros by coordinates and values, and their CP decomposition. */
export { sparseOf, sparseToTensor, type SparseTensor } from "./sparse-tensor";
export type { SparseCpResult } from "./sparse-cp-result";
export { cpAlsSparse, type SparseCpOptions } from "./cp-als-sparse";
