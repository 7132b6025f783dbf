/** run: a network over trials: simulation, losses with their gradients, on one thread or several. */
export { noiseFields, type Observed, type ProcessNoise, type RunOptions } from "./run-options";
export { batchFields, type Batch } from "./batch";
export { ratePenaltyFields, type RatePenalty } from "./rate-penalty";
export { planRun, type Plan } from "./plan";
export { learnedLossOf, type LossOptions } from "./plan-gradient";
export { isOverflow, orThrow } from "./overflow";
export { runPanels } from "./run-panels";
export { simulate, type Simulation } from "./simulate";
export { collect, type Kept } from "./collect";
export { writeGradients } from "./custom-on-panels";
export { namedGradients } from "./named-gradients";
export type { LossAndGradient } from "./gradient";
export { checkGradientCall, evaluateGradient, lossAndGradient } from "./loss-and-gradient";
export { trialLosses, type TrialLosses, type TrialLossOptions } from "./trial-losses";
export { backpropagate, evaluateTrajectory, type Backpropagation } from "./backpropagate";
export { gradientOnThreads, openThreads, type BatchPart, type GradientOnThreads } from "./threaded-gradient";
