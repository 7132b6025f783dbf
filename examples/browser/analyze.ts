import {
  conditionMean,
  explained,
  fitLowTensorRankSteps,
  holdOut,
  observedMask,
  smoothedConditionMean,
  trialPca,
  type LowTensorRankFit,
  type ScoredRow,
  type Tensor3,
} from "ltrnn";
import { expectedCounts } from "./expected-counts";
import { lookInto, type Insight } from "./look-into";
import type { Recording } from "./select-recording";

/** How a recording is fitted. */
export interface Settings {
  readonly rank: number;
  readonly units: number;
  readonly loss: "meanSquaredError" | "poisson";
  /** updates of each of two starts, at most */
  readonly updates: number;
  readonly seed: number;
  readonly threads: number;
}

/** Where a fit stands, and what can be seen of it. Plain data. */
export interface Findings {
  readonly fit: LowTensorRankFit;
  /** of baselines and of the fit, which is tested once, at its end */
  readonly scores: readonly ScoredRow[];
  /** what they are shares of: of counts the Poisson deviance */
  readonly explains: "variance" | "deviance";
  readonly insight: Insight;
}

/** Only progress, between findings. */
export type Progress = Pick<LowTensorRankFit, "steps" | "stepsAtMost" | "seconds" | "status">;

/** Fit a recording beside baselines on the same held-out boxes. The last thing it yields is findings. */
export async function* analyze(
  { activity, conditions, epochs }: Recording,
  { rank, units, loss, updates, seed, threads }: Settings,
  { start, signal }: { readonly start?: LowTensorRankFit; readonly signal?: AbortSignal } = {},
): AsyncGenerator<Progress | Findings> {
  const [trials, bins] = activity.shape,
    half = [...boxOf([2, 1], trials, bins), Infinity] as const,
    { train, validation, test } = holdOut(observedMask(activity), { half, seed });
  const of = { train, validation, ...(conditions ? { conditions } : {}) };
  const counts = loss === "poisson",
    deviance = counts ? "poisson" : "variance";
  const score = (prediction: Tensor3, over: Tensor3) =>
    explained(activity, prediction, { train, over, deviance }).total;
  const baselines = Object.entries({
    "mean of each condition": conditionMean(activity, of),
    "the same, smoothed over trials": smoothedConditionMean(activity, of),
    "PCA of trials": trialPca(activity, of),
  }).map(([model, { prediction }]): ScoredRow => {
    const shown = counts ? expectedCounts(prediction, activity, train) : prediction;
    return { model, axes: {}, fold: 0, validation: score(shown, validation), test: score(shown, test) };
  });
  const steps = fitLowTensorRankSteps(activity, rank, {
    mask: train,
    validation,
    ...(conditions ? { conditions } : {}),
    ...(epochs ? { epochs } : {}),
    network: { units },
    training: { loss, steps: updates, threads, ...(signal ? { signal } : {}) },
    seed,
    ...(start ? { start } : {}),
  });
  const findingsOf = (fit: LowTensorRankFit): Findings => {
    const own: ScoredRow = {
      model: "low-tensor-rank network",
      axes: { rank },
      fold: 0,
      validation: score(fit.prediction, validation),
      test: fit.status === "running" || fit.status === "aborted" ? null : score(fit.prediction, test),
    };
    return {
      fit,
      scores: [...baselines, own],
      explains: counts ? "deviance" : "variance",
      insight: lookInto(fit, activity, train, epochs),
    };
  };
  let next = 0; // looks take a third of the time at most
  for await (const fit of steps) {
    const begin = performance.now();
    if (fit.status === "running" && begin < next) {
      yield { steps: fit.steps, stepsAtMost: fit.stepsAtMost, seconds: fit.seconds, status: fit.status };
      continue;
    }
    yield findingsOf(fit);
    const end = performance.now();
    next = end + Math.max(500, 2 * (end - begin));
  }
}

/** Half widths of boxes, made smaller until one is a tenth of the recording at most. */
function boxOf([a, b]: readonly [number, number], trials: number, bins: number): readonly [number, number] {
  if ((a === 0 && b === 0) || (2 * a + 1) * (2 * b + 1) <= 0.1 * trials * bins) return [a, b];
  return a >= b ? boxOf([a - 1, b], trials, bins) : boxOf([a, b - 1], trials, bins);
}
