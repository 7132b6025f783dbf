import { labelRows, type Labels } from "../masks";
import { zeros, type Matrix } from "../tensor";
import { readKernel, type ReadKernel, type TrialKernel } from "./trial-kernel";
import { readTimes } from "./trial-times";

/**
 * The covariance of trial factors, for trials d apart in time: `sigma²` times
 *
 * - "rationalQuadratic": `(1 + d² / (2 alpha length²))^-alpha`
 * - "rbf": `exp(-d² / (2 length²))`
 * - "matern32": `(1 + s) exp(-s)`, s = sqrt(3) d / length
 * - "matern52": `(1 + s + s² / 3) exp(-s)`, s = sqrt(5) d / length
 *
 * and zero between epochs, so that factors may jump where the task changes; with `noise²` added on the diagonal.
 *
 * @param times - when each trial took place, in any unit: gaps and any order are allowed
 * @param epochs - a label per trial, a number, text or boolean; absent: all in one
 * @returns (trials × trials), symmetric; with two trials of one epoch at one time and no noise, singular
 * @throws {@link LtrnnError} when the length is not positive, alpha is given to another kernel than the rational
 * quadratic, or labels and trials differ in number
 * @remarks Within a few rounding errors for every kernel, alpha and length; correlations never exceed 1.
 * @see Rasmussen & Williams (2006), Gaussian Processes for Machine Learning, section 4.2
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36: the rational quadratic is the prior of their code
 * @example trialCovariance([0, 1], { length: 1 }).data // [1, 0.6666666666666666, 0.6666666666666666, 1]
 */
export function trialCovariance(times: readonly number[], kernel: TrialKernel, epochs?: Labels): Matrix {
  const where = "trialCovariance",
    ids = readTimes(where, "times", times),
    read = readKernel(where, kernel),
    { rows } = labelRows(where, "epochs", epochs, ids.length);
  return covarianceOf(read, ids, rows);
}

/** {@link trialCovariance} of what was read; rows are those of the epochs. */
export function covarianceOf(kernel: ReadKernel, times: readonly number[], rows: readonly number[]): Matrix {
  const n = times.length,
    covariance = zeros([n, n]);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      if (rows[i] !== rows[j]) continue;
      const value = i === j ? kernel.variance : kernel.covariance(Math.abs(times[i] - times[j]));
      covariance.data[i * n + j] = covariance.data[j * n + i] = value;
    }
  return covariance;
}
