/** baselines: predictions that know nothing of dynamics: condition means, smoothed or not, and PCA of trials. */
export {
  bestOf,
  checkBaseline,
  choosingFields,
  type Baseline,
  type BaselineOptions,
  type ChoosingOptions,
} from "./baseline";
export { conditionMean } from "./condition-mean";
export { kernelMean } from "./kernel-mean";
export { smoothedConditionMean, type SmoothedOptions } from "./smoothed-condition-mean";
export { reducedRankKernel, type ReducedRankOptions } from "./reduced-rank-kernel";
export { trialPca, type TrialPcaOptions } from "./trial-pca";
