import { fail, readOptions, type FieldsOf } from "../base";
import type { Labels } from "../masks";
import { kernelNames } from "./correlation";
import { gaussianTrialFactors, type GaussianTrialFactors, type TrialFactorOptions } from "./gaussian-trial-factors";
import { checkAlpha, type TrialKernel } from "./trial-kernel";
import { readTimes, timesInOrder } from "./trial-times";

/** Smooth trial factors in plain numbers: those of {@link gaussianTrialFactors}, with every option. */
export interface SmoothFactors
  extends Partial<TrialKernel>,
    Pick<TrialFactorOptions, "constants" | "basis" | "jitter"> {
  /** when each trial took place, in the unit of the length; default 0, 1, 2, … */
  readonly times?: readonly number[];
}

export const kernelFields = {
  kernel: { is: "name", of: kernelNames },
  length: { is: "number", above: 0 },
  sigma: { is: "number", least: 1e-100, most: 1e100 },
  alpha: { is: "number", above: 0 },
  noise: { is: "number", least: 0, most: 1e100 },
  times: { is: "checked", check: readTimes },
  constants: { is: "name", of: ["shared", "perEpoch"] },
  basis: { is: "number", above: 0, below: 1 },
  jitter: { is: "number", least: 0 },
} as const satisfies FieldsOf<SmoothFactors>;

/** The prior given by plain numbers, for a number of trials labeled by epoch. */
export function smoothFactors(
  where: string,
  name: string,
  given: SmoothFactors,
  trials: number,
  epochs: Labels | undefined,
): GaussianTrialFactors {
  const { times: read, constants, basis, jitter, length, ...kernel } = readOptions(where, given, kernelFields, name),
    times = read ?? timesInOrder(trials);
  if (times.length !== trials)
    fail(where, {
      expected: `${name}.times of ${trials} trials, those of the activity`,
      got: String(times.length),
      fix: `Pass when each of the ${trials} trials took place.`,
    });
  checkAlpha(where, name, kernel.kernel ?? "rationalQuadratic", kernel.alpha);
  const process = { ...kernel, length: length ?? (read ? usualLength(times) : Math.max(1, trials / 5)), times };
  return gaussianTrialFactors(process as never, { constants, basis, jitter, epochs } as TrialFactorOptions);
}

/** A fifth of the time that the trials take: their number times the mean gap. */
function usualLength(times: readonly number[]): number {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const time of times) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  const span = last - first;
  return span > 0 ? (span * times.length) / (times.length - 1) / 5 : 1;
}
