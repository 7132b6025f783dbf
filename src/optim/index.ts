/** optim: gradient transforms, `chain`, learning-rate schedules, and their descriptions as plain data. */
export type { Schedule, ScheduleDescription, ScheduleFunction } from "./schedule";
export {
  describeOptimizer,
  nameOf,
  type DescribedSearch,
  type DescribedTransform,
  type Ending,
  type Evaluation,
  type GradientTransform,
  type OptimizerDescription,
  type Span,
  type SyncTransform,
  type Update,
  type UpdateContext,
} from "./transform";
export { applyUpdates, updated } from "./apply-updates";
export * from "./schedules";
export { scheduleFrom } from "./schedule-from";
export * from "./transforms";
export { checkMemory, checkOptimizer, sameOptimizer } from "./resume";
export { optimizerFrom, optimizerOf } from "./optimizer-from";
export type { Bounds } from "./cauchy-point";
export { lbfgsB, projectedGradient, type BoundedState, type Evaluated } from "./lbfgs-b";
export { boundedDescent } from "./bounded-descent";
