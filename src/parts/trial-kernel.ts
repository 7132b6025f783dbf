import { fail, readOptions, type FieldsOf } from "../base";
import { correlations, kernelNames, type TrialKernelName } from "./correlation";

/** How trial factors vary over trials: a Gaussian process over trial times, the same for every component. */
export interface TrialKernel {
  /**
   * how the correlation decreases with distance: "rationalQuadratic" (the default), "rbf" (infinitely smooth),
   * "matern52" (twice differentiable) or "matern32" (once)
   */
  readonly kernel?: TrialKernelName;
  /** length scale, in the unit of trial times */
  readonly length: number;
  /** standard deviation of a factor about its constant; default 1 */
  readonly sigma?: number;
  /** exponent of the rational quadratic; default 1, and larger values come near "rbf" */
  readonly alpha?: number;
  /** standard deviation of independent noise from trial to trial; default 0 */
  readonly noise?: number;
}

const trialKernelFields = {
  kernel: { is: "name", of: kernelNames, fallback: "rationalQuadratic" },
  length: { is: "number", above: 0, needed: true },
  sigma: { is: "number", above: 0, most: 1e150, fallback: 1 },
  alpha: { is: "number", above: 0 },
  noise: { is: "number", least: 0, most: 1e150, fallback: 0 },
} as const satisfies FieldsOf<TrialKernel>;

/** A kernel with its defaults. */
export interface ReadKernel {
  /** of trials at this distance, without the noise */
  covariance(distance: number): number;
  /** of a trial, noise included */
  readonly variance: number;
  readonly noise: number;
  /** the numbers of the kernel */
  readonly description: TrialKernel;
}

/** A kernel, checked: `covariance(d)` is sigma² times its correlation. */
export function readKernel(where: string, given: TrialKernel, name = "kernel"): ReadKernel {
  const { kernel, length, sigma, alpha, noise } = readOptions(where, given, trialKernelFields, name);
  const { at, alpha: usual } = correlations[kernel];
  checkAlpha(where, name, kernel, alpha);
  const exponent = alpha ?? usual ?? 1;
  return {
    covariance: (distance) => sigma * sigma * at(distance, length, exponent),
    variance: sigma * sigma + noise * noise,
    noise,
    description: {
      kernel,
      length,
      sigma,
      ...(usual === undefined ? {} : { alpha: exponent }),
      ...(noise > 0 ? { noise } : {}),
    },
  };
}

/** Refuse an exponent of a kernel that has none. */
export function checkAlpha(where: string, name: string, kernel: TrialKernelName, alpha: number | undefined): void {
  if (alpha !== undefined && correlations[kernel].alpha === undefined)
    fail(where, {
      expected: `${name}.alpha with the kernel "rationalQuadratic" only`,
      got: `${alpha} with "${kernel}"`,
      fix: `Leave ${name}.alpha out, or take that kernel.`,
    });
}
