/** kernels: hot loops, each beside its adjoint; `assembly/` holds their SIMD twins. */
export { activations, type Activation } from "./activation";
export { contraction, type Completion, type Contraction } from "./contraction";
export { outerRoom, type Kernels, type Precision } from "./kernel-set";
export { kernelsFor } from "./kernels-for";
export { adoptKernelModule, kernelModule } from "./simd";
export { packGradients, packPanel, unpackPanel, type Rows } from "./panel";
export type { Plant } from "./plant";
export { checkPlant } from "./check-plant";
export { scan } from "./scan";
export { scanGradients } from "./scan-gradients";
export { scanSnapshot } from "./scan-snapshot";
export { scanMemory, type ScanMemory } from "./scan-memory";
export { integrators, type Integrator, type ScanGradients, type ScanSetting, type ScanWeights } from "./scan-setting";
