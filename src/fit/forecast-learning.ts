import { failingAs, inNameOf, provenance, type Provenance, type Status } from "../base";
import { kernelMean } from "../baselines";
import { explainedIn } from "../scores";
import type { Tensor3 } from "../tensor";
import { fitLowTensorRank } from "./fit-low-tensor-rank";
import type { ForecastLearningOptions } from "./forecast-learning-options";
import type { LowTensorRankFit } from "./fit-result";
import { behindKnown, between, chosenWidth, knownTrials, lastValues, trialsAfter } from "./learning-baselines";
import { poseForecast } from "./pose-forecast";
import { predictTrials } from "./predict-trials";

/** A predictor of later trials: the fit, or a baseline. */
export type LearningForecaster = "prior" | "lastFactors" | "lastValue" | "kernel" | "noLearning";

/** One row of the table. */
export interface LearningForecastRow {
  readonly forecaster: LearningForecaster;
  /** explained share of the variance of all later trials, relative to each neuron's mean over the known ones */
  readonly score: number | null;
  /** the same in every block of trials, the nearest first */
  readonly blocks: readonly (number | null)[];
  /** null where there is no forecast, and why */
  readonly prediction: Tensor3 | null;
  readonly reason: string | null;
}

/** Learning forecast beyond the trials that are known. Plain data, but for the fit's model. */
export interface LearningForecast {
  /**
   * "prior": the fit, its trial factors following their prior; "lastFactors": the fit, the factors those of the last
   * known trial; "lastValue": the last known trial of the condition; "kernel": the smoothed condition mean, carried on;
   * "noLearning": the condition mean
   */
  readonly rows: readonly LearningForecastRow[];
  readonly fit: LowTensorRankFit;
  /** the width of the kernel */
  readonly width: number;
  readonly status: Status;
  readonly provenance: Provenance;
}

/**
 * Forecast learning: fit the first trials, continue the trial factors by their prior, predict later trials, and compare
 * with the last value, kernel extrapolation and no learning, all scored on the same entries.
 *
 * @param activity - (trials × time × neurons), in the order the trials took place; later trials are used for scores
 * only
 * @param rank - of the weights
 * @throws {@link LtrnnError} when shapes or labels disagree, no trial is to come, a condition to come is not known, or
 * the fit would refuse its options
 * @remarks The cost is one fit of the known trials, and two runs of the later ones. A prior that does not determine new
 * trials gives a row without a prediction, with the reason.
 * @see Rasmussen & Williams (2006), Gaussian Processes for Machine Learning, section 2.2
 * @example (await forecastLearning(tensor([6, 2, 1], [1, 2, 1, 2, 1, 3, 1, 3, 1, 4, 1, 4]), 1, { known: 4,
 * fit: { network: { units: 2 }, training: { steps: 2, starts: 1 } } })).rows.length // 5
 */
export async function forecastLearning(
  activity: Tensor3,
  rank: number,
  options: ForecastLearningOptions,
): Promise<LearningForecast> {
  const where = "forecastLearning",
    problem = poseForecast(where, activity, options),
    { known, block, widths, train, future, labels } = problem,
    trials = activity.shape[0];
  const fit = await inNameOf(where, () => fitLowTensorRank(knownTrials(activity, known), rank, problem.fit)),
    width = chosenWidth(where, activity, train, known, labels, widths),
    ahead = (times: readonly number[]) =>
      failingAs(where, () => predictTrials(fit, { times, conditions: labels.slice(known), ...problem.toCome })),
    toCome = Array.from({ length: trials - known }, (_, k) => known + k);
  const scored = (forecaster: LearningForecaster, prediction: Tensor3): LearningForecastRow => {
    const whole = behindKnown(activity, prediction),
      score = (from: number, to: number) =>
        explainedIn(where, activity, whole, { train, over: between(future, from, to) }).total,
      size = block ?? trials - known,
      starts = Array.from({ length: Math.ceil((trials - known) / size) }, (_, i) => known + i * size);
    return {
      forecaster,
      score: score(known, trials),
      blocks: starts.map((start) => score(start, Math.min(trials, start + size))),
      prediction,
      reason: null,
    };
  };
  const ofFit = (forecaster: LearningForecaster, times: readonly number[]): LearningForecastRow => {
    const said = ahead(times);
    return said.status === "predicted"
      ? scored(forecaster, said.prediction)
      : { forecaster, score: null, blocks: [], prediction: null, reason: said.because };
  };
  const mean = (sigma: number) => trialsAfter(kernelMean(where, activity, train, labels, sigma), known);
  return {
    rows: [
      ofFit("prior", toCome),
      ofFit(
        "lastFactors",
        toCome.map(() => known - 1),
      ),
      scored("lastValue", lastValues(activity, train, labels, known, mean(Number.POSITIVE_INFINITY))),
      scored("kernel", mean(width)),
      scored("noLearning", mean(Number.POSITIVE_INFINITY)),
    ],
    fit,
    width,
    status: fit.status,
    provenance: provenance(
      where,
      fit.provenance.seed,
      { known, widths: [...widths], block: block ?? null },
      { fit: fit.provenance },
    ),
  };
}
