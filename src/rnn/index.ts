/** rnn: the model classes (full rank, low rank, low tensor rank); simulate, loss and gradient. */
export {
  checkShared,
  defaultSetting,
  type Connectivity,
  type Network,
  type Setting,
  type SharedParams,
} from "./network";
export {
  meanSquaredError,
  poissonLoss,
  type Loss,
  type MeanSquaredError,
  type PoissonLoss,
  type ShippedLoss,
} from "./loss";
export { FullRankRNN, type FullRankParams } from "./full-rank";
export { LowRankRNN, type LowRankParams } from "./low-rank";
export { LowTensorRankRNN, type LowTensorRankParams } from "./low-tensor-rank";
export type { RandomSpec } from "./draw";
export type { ModelJson } from "./plain";
export { modelFromJson } from "./from-json";
export { planRun, type Batch, type ProcessNoise, type RunOptions } from "./batch";
export { headLoss } from "./head-loss";
export { collect, meetGradients, namedGradients, type Kept } from "./output-gradients";
export { runPanels, type Panel } from "./engine";
export { withParams, type Head, type OwnEvaluation, type OwnLoss, type Seen } from "./own-loss";
export { simulate, type Simulation } from "./simulate";
export type { LossAndGradient, LossOptions } from "./gradient";
export { backpropagate, checkGradientCall, lossAndGradient, type Backpropagation } from "./loss-and-gradient";
export { gradientOnThreads, openThreads, type BatchPart, type GradientOnThreads } from "./threaded-gradient";
