import { fail, readOptions } from "../base";
import { kernelFields } from "../parts";
import { gaussianTrialFactors } from "../parts";
import { trialCovariance, type TrialKernel } from "../parts";
import type { TrialFactors } from "../parts";

/** The option `network.trialKernel` as a prior: smooth over the trials of each epoch, or a custom one. */
export function readTrialFactors(
  where: string,
  given: Partial<TrialKernel> | TrialFactors,
  trials: number,
  epochs: readonly number[],
): TrialFactors {
  if (typeof given !== "function") {
    const kernel = kernelOf(where, given, trials),
      trialIds = Array.from({ length: trials }, (_, k) => k),
      smooth = gaussianTrialFactors(trialCovariance(trialIds, kernel, epochs));
    return Object.assign(smooth, {
      description: { kind: "gaussianTrialFactors", ...kernel },
    });
  }
  if (given.trials !== trials)
    fail(where, {
      expected: `trial factors of ${trials} trials, those of the activity`,
      got: String(given.trials),
      fix: "Build them for as many trials as the activity has.",
    });
  return given;
}

/** The kernel with its defaults: a length of a fifth of the trials. */
export function kernelOf(where: string, given: Partial<TrialKernel>, trials: number): TrialKernel {
  const { length = Math.max(1, trials / 5), sigma, alpha } = readOptions(where, given, kernelFields, "trialKernel");
  return { length, sigma, alpha };
}
