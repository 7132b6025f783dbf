/** baselines: predictions that know nothing of dynamics: condition means, smoothed or not, and PCA of trials. */
export type { Baseline, BaselineOptions } from "./baseline";
export { conditionMean } from "./condition-mean";
export { kernelMean } from "./kernel-mean";
export { smoothedConditionMean, type SmoothedOptions } from "./smoothed-condition-mean";
export { trialPca, type TrialPcaOptions } from "./trial-pca";
