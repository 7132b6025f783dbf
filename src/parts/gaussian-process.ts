import { fail, isRecord } from "../base";
import type { Labels } from "../masks";
import type { Matrix } from "../tensor";
import { checkCovariance, largestVariance } from "./check-covariance";
import type { PartDescription } from "./part";
import { covarianceOf } from "./trial-covariance";
import { labelsOf, readEpochs, type TrialEpochs } from "./trial-epochs";
import { readKernel, type ReadKernel, type TrialKernel } from "./trial-kernel";
import { readTimes, repeatedTimes } from "./trial-times";

/** A Gaussian process at the times of trials. */
export interface TrialProcess extends TrialKernel {
  /** when each trial took place, in any unit: gaps and any order are allowed */
  readonly times: readonly number[];
}

/** The covariance of trials, with what is known of other ones. */
export interface GaussianProcess {
  /** (trials × trials) */
  readonly covariance: Matrix;
  readonly epochs: TrialEpochs;
  /** what new trials are predicted by; absent for a covariance by itself */
  readonly process?: { readonly kernel: ReadKernel; readonly times: readonly number[] };
  readonly description: PartDescription;
}

/** How factors are made from a covariance. */
interface GaussianOptions {
  readonly epochs: Labels | undefined;
  readonly constants: "shared" | "perEpoch";
}

/** A process or a covariance, checked. */
export function readGaussian(where: string, given: TrialProcess | Matrix, options: GaussianOptions): GaussianProcess {
  const perEpoch = options.constants === "perEpoch";
  if (perEpoch && options.epochs === undefined)
    fail(where, {
      expected: 'epochs with constants: "perEpoch"',
      got: "none",
      fix: "Pass a label per trial as epochs, or leave constants out.",
    });
  return isRecord(given) && !("shape" in given || "data" in given)
    ? ofProcess(where, given as TrialProcess, options)
    : ofCovariance(where, given as Matrix, options);
}

function ofProcess(where: string, { times: given, ...rest }: TrialProcess, options: GaussianOptions): GaussianProcess {
  const times = readTimes(where, "process.times", given),
    kernel = readKernel(where, rest, "process"),
    epochs = readEpochs(where, "epochs", options.epochs, times.length),
    repeated = kernel.noise > 0 ? [] : repeatedTimes(times, epochs.rows);
  return {
    covariance: covarianceOf(kernel, times, epochs.rows),
    epochs,
    process: { kernel, times },
    description: {
      kind: "gaussianTrialFactors",
      ...kernel.description,
      times,
      ...(epochs.given ? { epochs: labelsOf(epochs) } : {}),
      ...(repeated.length > 0 ? { repeatedTimes: repeated } : {}),
    },
  };
}

function ofCovariance(where: string, covariance: Matrix, options: GaussianOptions): GaussianProcess {
  checkCovariance(where, covariance);
  if (options.epochs !== undefined && options.constants === "shared")
    fail(where, {
      expected: 'epochs of a covariance with constants: "perEpoch" only, since the covariance says what is independent',
      got: 'epochs with constants: "shared"',
      fix: "Leave epochs out, or pass a process { times, kernel, length } in place of the covariance.",
    });
  const epochs = readEpochs(where, "epochs", options.epochs, covariance.shape[0]);
  return {
    covariance,
    epochs,
    description: {
      kind: "gaussianTrialFactors",
      covariance,
      ...(epochs.given ? { epochs: labelsOf(epochs) } : {}),
    },
  };
}

/** The default addition to the diagonal, against rounding; a basis needs none. */
export const usualJitter = (covariance: Matrix, basis: number | undefined): number =>
  basis === undefined ? 1e-6 * largestVariance(covariance) : 0;
