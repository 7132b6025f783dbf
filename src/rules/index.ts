/** rules: learning rules other than the gradient, as objectives of `train`: local, truncated, by perturbation. */
export type { LearningRule, PerturbedRun, RuleEstimate, RuleRun } from "./learning-rule";
export type { FeedbackOptions } from "./feedback";
export { rflo } from "./rflo";
export { eProp } from "./e-prop";
export { feedbackAlignment } from "./feedback-alignment";
export { truncatedBptt, type TruncationOptions } from "./truncated-bptt";
export { nodePerturbation, type PerturbationOptions } from "./node-perturbation";
export { rewardHebb, type RewardHebbOptions } from "./reward-hebb";
export { ruleObjective, type RuleEvaluation, type RuleOptions } from "./rule-objective";
