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
export {
  abrupt,
  alternating,
  curriculum,
  gradual,
  type AbruptOptions,
  type AlternatingOptions,
  type Curriculum,
  type CurriculumPhase,
  type GradualOptions,
} from "./curriculum";
export type { ChoiceOptions } from "./choice-trials";
export type { EvidenceOptions } from "./evidence-options";
export { perceptualDecision, type PerceptualDecisionOptions } from "./perceptual-decision";
export { contextIntegration, type ContextIntegrationOptions } from "./context-integration";
export { parametricWorkingMemory, type ParametricWorkingMemoryOptions } from "./parametric-working-memory";
export { delayedMatch, type DelayedMatchOptions } from "./delayed-match";
export { goNoGo, type GoNoGoOptions } from "./go-no-go";
export { flipFlop, type FlipFlopOptions } from "./flip-flop";
export { sineWave, type SineWaveOptions } from "./sine-wave";
export { linearTeacher, type LinearTeacher, type LinearTeacherOptions } from "./linear-teacher";
export { taskScore } from "./task-score";
