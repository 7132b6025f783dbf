/** tasks: a seed and a few numbers in, trials (inputs, targets, plants) out. */
export type { Task, TaskBatch } from "./task";
export { checkPlant, type CheckPlantOptions, type PlantCheck } from "./check-plant";
export { lateralError } from "./lateral-error";
export { pointMass, type PointMassOptions } from "./point-mass";
export type { ArmSegment } from "./arm-dynamics";
export { twoJointArm, type TwoJointArmOptions } from "./two-joint-arm";
export { armTorques, type ArmMotion } from "./arm-torques";
export { delayedFeedback } from "./delayed-feedback";
export { plantFrom } from "./plant-from";
export { batchOnPlant } from "./batch-on-plant";
export { reaching, type ReachingOptions } from "./reaching";
