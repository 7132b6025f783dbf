/** kernels: hot loops, each beside its adjoint, in plain TypeScript; `assembly/` holds their twins in SIMD. */
export type { ActivationFunction } from "./activation-function";
export { activations, type Activation } from "./activation-names";
export { activationOf } from "./activations";
export {
  checkActivationForm,
  describeActivation,
  isCustomActivation,
  type AnyActivation,
  type CustomActivation,
} from "./custom-activation";
export { activationCurve } from "./activation-curve";
export { checkActivation } from "./check-activation";
export { outerRoom, type Kernels, type Precision } from "./kernel-set";
export { adoptKernelModule, kernelModule } from "./simd";
export { kernelsFor } from "./kernels-for";
export { contractionKernels } from "./contraction-kernels";
export { addGramOfColumns, addLeft, addRight } from "./block-products";
export { contraction, type Completion, type Contraction } from "./contraction";
export { listedMttkrp3 } from "./listed-mttkrp";
export { gramOfMode } from "./gram-of-mode";
export { modelPanels, type ModelPanel } from "./model-panels";
export { modelPass, type PanelVisit } from "./model-pass";
export { countGroups, keptGroups, type CountGroups } from "./count-groups";
export { countsVisit, type CountsLoss } from "./counts-visit";
export { packGradients, packPanel, unpackPanel, type Rows } from "./panel";
export { describePlant, type Plant } from "./plant";
export { checkPlantParts } from "./check-plant-parts";
export { integrators, type Integrator } from "./integrators";
export type { PlannedInnovation, ScanGradients, ScanSetting, ScanWeights } from "./scan-setting";
export { scan } from "./scan";
export { scanGradients } from "./scan-gradients";
export { scanSnapshot } from "./scan-snapshot";
export { scanMemory } from "./scan-memory";
export { compareEntries, type Comparison, type EntryLossFunction, type PanelTargets } from "./compare";
export type { NonFinite } from "./non-finite";
export { panelScan, type PanelScan } from "./panel-scan";
