import { fail, readOptions, show, type FieldsOf, exp, log, log1p } from "../base";
import { labelRows, type Labels } from "../masks";
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

export const trialKernelFields = {
  length: { is: "number", above: 0, needed: true },
  sigma: { is: "number", above: 0, most: 1e150, fallback: 1 },
  alpha: { is: "number", above: 0, fallback: 1 },
} as const satisfies FieldsOf<TrialKernel>;

/** The same, each with a default that depends on the activity. */
export const kernelFields = {
  length: { is: "number", above: 0 },
  sigma: { is: "number", least: 1e-100, most: 1e100, fallback: 1 },
  alpha: { is: "number", above: 0, fallback: 1 },
} as const satisfies FieldsOf<Partial<TrialKernel>>;

/** More trials than this would take more than 2 GiB for one covariance. */
const mostTrials = 16384;

/**
 * The rational quadratic covariance of trial factors: `sigma² (1 + d² / (2 alpha length²))^-alpha` for trials d apart,
 * and zero between epochs, so that factors may jump where the task changes.
 *
 * @param trialIds - when each trial took place, in trials
 * @param epochs - a label per trial, a number, text or boolean; absent: all in one
 * @returns (trials × trials), symmetric
 * @throws {@link LtrnnError} when the length is not positive, or labels and trials differ in number
 * @remarks Within a few rounding errors for every alpha: by `exp(-alpha log1p(…))`.
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36: the prior of their code
 * @example trialCovariance([0, 1], { length: 1 }).data // [1, 0.6666666666666666, 0.6666666666666666, 1]
 */
export function trialCovariance(trialIds: readonly number[], kernel: TrialKernel, epochs?: Labels): Matrix {
  const where = "trialCovariance",
    ids = readTrialIds(where, trialIds),
    { length, sigma, alpha } = readOptions(where, kernel, trialKernelFields, "kernel"),
    { rows } = labelRows(where, "epochs", epochs, ids.length);
  const n = ids.length,
    covariance = zeros([n, n]);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      if (rows[i] !== rows[j]) continue;
      const value = sigma * sigma * rationalQuadratic(Math.abs(ids[i] - ids[j]), length, alpha);
      covariance.data[i * n + j] = covariance.data[j * n + i] = value;
    }
  return covariance;
}

/**
 * `(1 + d² / (2 alpha length²))^-alpha`, without the rounding of the sum, which a large alpha would raise to a power.
 */
function rationalQuadratic(distance: number, length: number, alpha: number): number {
  if (distance === 0) return 1;
  const ratio = distance / length,
    excess = (ratio * ratio) / (2 * alpha);
  // where the excess overflows, 1 is lost beside it
  const logOfSum = Number.isFinite(excess) ? log1p(excess) : 2 * (log(distance) - log(length)) - log(2 * alpha);
  return exp(-alpha * logOfSum);
}

function readTrialIds(where: string, trialIds: unknown): readonly number[] {
  if (!Array.isArray(trialIds) && !(ArrayBuffer.isView(trialIds) && !(trialIds instanceof DataView)))
    fail(where, {
      expected: "trialIds to be an array of numbers, one per trial",
      got: show(trialIds),
      fix: "Pass when each trial took place, such as [0, 1, 2].",
    });
  const { length } = trialIds as ArrayLike<unknown>;
  if (length < 1 || length > mostTrials)
    fail(where, {
      expected: `trialIds of 1 to ${mostTrials} trials`,
      got: String(length),
      fix: length < 1 ? "Pass at least one trial." : "Take fewer trials: the covariance grows with their square.",
    });
  const ids = Array.from(trialIds as ArrayLike<unknown>),
    bad = ids.findIndex((id) => !Number.isFinite(id) || Math.abs(id as number) > 1e150);
  if (bad >= 0)
    fail(where, {
      expected: "finite numbers as trialIds, at most 1e150",
      got: `${show(ids[bad])} at position ${bad}`,
      fix: "Pass when each trial took place, such as [0, 1, 2].",
    });
  return ids as number[];
}
