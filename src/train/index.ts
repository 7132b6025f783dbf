/** train: joins a network, a task and an optimizer into a stream of snapshots; records the weight tensor. */
export type { AsyncObjective, Objective, ObjectiveDescription } from "./objective";
export type { Best, BestOptions } from "./best";
export type { LearningCurve, Snapshot, TrainingDivergence } from "./snapshot";
export { train, type TrainOptions } from "./train";
export {
  checkTrainable,
  isSteady,
  gradientCallOf,
  type Batches,
  type BatchOfStep,
  type OptionsOfStep,
  type StepOptions,
  type Trainable,
} from "./trainable";
export { miniBatches, pickTrials, type MiniBatches, type MiniBatchOptions } from "./mini-batches";
export { evaluationOf, markDivergence } from "./diverged";
export { describeNetwork } from "./describe-network";
export { networkObjective, type NetworkEvaluation } from "./network-objective";
export { trajectoryObjective, type TrajectoryEvaluation } from "./trajectory-objective";
export { trainedParams, type TrainedParamsOptions } from "./trained-params";
export { reparametrized, type ParameterPart, type Reparametrized } from "./reparametrized";
export { recordWeights, type WeightRecord } from "./record-weights";
export { recordChanges, type ChangeRecord, type RecordOptions } from "./record-changes";
