/** train: joins a network, a task and an optimizer into a stream of snapshots; records the weight tensor. */
export {
  advice,
  train,
  type AsyncObjective,
  type Evaluation,
  type Objective,
  type Snapshot,
  type TrainOptions,
  type TrainStatus,
} from "./train";
export {
  networkObjective,
  trajectoryObjective,
  type Batches,
  type StepOptions,
  type Trainable,
} from "./network-objective";
export { recordWeights, type WeightRecord } from "./record-weights";
