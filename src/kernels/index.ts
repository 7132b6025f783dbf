/** kernels: hot loops, each beside its adjoint. */
export { activate, activateAdjoint, activations, tanh, type Activation } from "./activation";
export { lanes, packPanel, unpackPanel } from "./panel";
export type { Plant } from "./plant";
export { addOuter, addProduct, transposed } from "./product";
export { fullRecurrence, lowRankRecurrence, type LowRankGradients, type Recurrence } from "./recurrence";
export { scan } from "./scan";
export { scanBuffers, type ScanBuffers, type ScanGradients, type ScanSetting, type ScanWeights } from "./scan-buffers";
