/** optim: gradient transforms, `chain`, learning-rate schedules, and their descriptions as plain data. */
export type { Schedule, ScheduleDescription, ScheduleFunction } from "./schedule";
export {
  nameOf,
  type DescribedTransform,
  type Evaluation,
  type GradientTransform,
  type OptimizerDescription,
  type Span,
  type SyncTransform,
  type Update,
  type UpdateContext,
} from "./transform";
export { checkMemory, checkOptimizer, describeOptimizer, sameOptimizer } from "./resume";
export { chain } from "./chain";
export { scaleByRate } from "./scale-by-rate";
export { clipByNorm } from "./clip-by-norm";
export { accumulate } from "./accumulate";
export { scaleByAdam, type AdamMemory, type Betas } from "./scale-by-adam";
export { sgd } from "./sgd";
export { momentum, type MomentumOptions } from "./momentum";
export { adam } from "./adam";
export { applyUpdates, updated } from "./apply-updates";
export { cosineDecay, type CosineDecay, type CosineDecayOptions } from "./cosine-decay";
export { scheduleFrom } from "./schedule-from";
export { optimizerFrom, optimizerOf } from "./optimizer-from";
