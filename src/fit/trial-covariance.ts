import { checkAbove, fail, power } from "../base";
import { zeros, type Matrix } from "../tensor";

/** How trial factors vary over trials: a Gaussian process, the same for every component. */
export interface TrialKernel {
  /** length scale, in trials */
  readonly length: number;
  /** standard deviation of a factor about its constant; default 1 */
  readonly sigma?: number;
  /** exponent of the rational quadratic; default 1, and larger values come near a squared exponential */
  readonly alpha?: number;
}

/**
 * The rational quadratic covariance of trial factors: `sigma² (1 + d² / (2 alpha length²))^-alpha` for trials d apart, and zero between epochs,
 * so that factors may jump where the task changes.
 *
 * @param trialIds - when each trial took place, in trials
 * @param epochs - a label per trial; absent: all in one
 * @returns (trials × trials), symmetric
 * @throws {@link LtrnnError} when the length is not positive, or labels and trials differ in number
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36: the prior of their code
 * @example trialCovariance([0, 1], { length: 1 }).data // [1, 0.6666666666666666, 0.6666666666666666, 1]
 */
export function trialCovariance(
  trialIds: readonly number[],
  { length, sigma = 1, alpha = 1 }: TrialKernel,
  epochs?: readonly number[],
): Matrix {
  checkAbove("trialCovariance", "length", length, 0);
  checkAbove("trialCovariance", "sigma", sigma, 0);
  checkAbove("trialCovariance", "alpha", alpha, 0);
  if (epochs && epochs.length !== trialIds.length)
    fail("trialCovariance", {
      expected: `${trialIds.length} epoch labels, one per trial`,
      got: String(epochs.length),
      fix: "Label every trial.",
    });
  const n = trialIds.length,
    cov = zeros([n, n]);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const d = trialIds[i] - trialIds[j];
      if (!epochs || epochs[i] === epochs[j])
        cov.data[i * n + j] = sigma * sigma * power(1 + (d * d) / (2 * alpha * length * length), -alpha);
    }
  return cov;
}
