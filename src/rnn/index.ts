/** rnn: the model classes (full rank, low rank, low tensor rank); simulate, loss and gradient. */
export { defaultSetting, type Connectivity, type Network, type Setting, type SharedParams } from "./network";
export { meanSquaredError, poissonLoss, type Loss, type MeanSquaredError, type PoissonLoss } from "./loss";
export { FullRankRNN, type FullRankParams } from "./full-rank";
export { LowRankRNN, type LowRankParams } from "./low-rank";
export { LowTensorRankRNN, type LowTensorRankParams } from "./low-tensor-rank";
export type { RandomSpec } from "./draw";
export type { ModelJson } from "./plain";
export { modelFromJson } from "./from-json";
export type { Batch, ProcessNoise, RunOptions } from "./batch";
export { simulate, type Simulation } from "./simulate";
export { backpropagate, lossAndGradient, type Backpropagation, type LossAndGradient, type LossOptions } from "./loss-and-gradient";
