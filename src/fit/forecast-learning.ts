import { fail, failingAs, inNameOf, isRecord, provenance, readOptions, show } from "../base";
import type { Provenance, Status } from "../base";
import { kernelMean } from "../baselines";
import { labelRows, type Label } from "../masks";
import { explainedIn } from "../scores";
import { checkFinite, checkMask, checkTensor, type Tensor3 } from "../tensor";
import { fitLowTensorRank } from "./fit-low-tensor-rank";
import type { FitOptions } from "./fit-options";
import { forecastLearningFields, type ForecastLearningOptions } from "./forecast-learning-options";
import type { LowTensorRankFit } from "./fit-result";
import { behindKnown, between, chosenWidth, knownTrials, lastValues, trialsAfter } from "./learning-baselines";
import { predictTrials } from "./predict-trials";

/** What forecasts trials to come: the fit, or what it has to beat. */
export type LearningForecaster = "prior" | "lastFactors" | "lastValue" | "kernel" | "noLearning";

/** One row of the table. */
export interface LearningForecastRow {
  readonly forecaster: LearningForecaster;
  /** share of variance explained of all trials to come, about each neuron's mean over the known ones */
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
 * Forecast learning: fit the first trials, let the trial factors follow their prior, and predict the trials to come,
 * beside the last value, kernel extrapolation and no learning, all scored on the same entries.
 *
 * @param activity - (trials × time × neurons), in the order the trials took place; those to come are read to score only
 * @param rank - of the weights
 * @throws {@link LtrnnError} when shapes or labels disagree, no trial is to come, a condition to come is not known, or
 * the fit would refuse its options
 * @remarks A fit of the known trials, and two runs of those to come. A prior that says nothing of new trials is a row
 * without a prediction, with its reason.
 * @see Rasmussen & Williams (2006), Gaussian Processes for Machine Learning, section 2.2
 * @example (await forecastLearning(tensor([6, 2, 1], [1, 2, 1, 2, 1, 3, 1, 3, 1, 4, 1, 4]), 1, { known: 4,
 * fit: { network: { units: 2 }, training: { steps: 2, starts: 1 } } })).rows.length // 5
 */
export async function forecastLearning(
  activity: Tensor3,
  rank: number,
  options: ForecastLearningOptions,
): Promise<LearningForecast> {
  const where = "forecastLearning";
  checkTensor(where, "activity", activity, 3);
  const {
      known,
      mask,
      conditions,
      widths,
      block,
      fit: given,
    } = readOptions<ForecastLearningOptions, typeof forecastLearningFields>(
      where,
      options ?? (null as never),
      forecastLearningFields,
    ),
    trials = activity.shape[0],
    observed = mask ?? allOnes(activity);
  checkMask(where, "mask", observed, activity.shape, "activity");
  checkFinite(where, "activity", activity, observed);
  if (known >= trials || widths.length === 0)
    fail(where, {
      expected: `known below ${trials}, the number of trials, and a width`,
      got: `${known} and ${widths.length} widths`,
      fix: "Leave trials to forecast.",
    });
  const { rows, labels } = labelRows(where, "conditions", conditions, trials),
    strange = rows.findIndex((row, trial) => trial >= known && !rows.slice(0, known).includes(row));
  if (strange >= 0)
    fail(where, {
      expected: "a known trial of every condition to come",
      got: `none of condition ${show(labels[rows[strange]])}, of trial ${strange}`,
      fix: "Know more trials, or leave that condition out.",
    });
  const train = between(observed, 0, known),
    future = between(observed, known, trials),
    labelled = rows.map((row) => labels[row]),
    { epochs, inputs, ...rest } = given as FitOptions,
    drive = isRecord(inputs) && "shape" in inputs ? (inputs as unknown as Tensor3) : undefined;
  if (epochs && epochs.length !== trials)
    fail(where, { expected: `${trials} epochs, one per trial`, got: String(epochs.length), fix: "Label all trials." });
  if (drive && drive.shape[0] !== trials)
    fail(where, {
      expected: `inputs of ${trials} trials`,
      got: String(drive.shape[0]),
      fix: "Pass those of all trials.",
    });
  const epochList = epochs ? (Array.from(epochs as ArrayLike<Label>) as Label[]) : undefined,
    fit = await inNameOf(where, () =>
      fitLowTensorRank(knownTrials(activity, known), rank, {
        ...rest,
        ...(inputs === undefined ? {} : { inputs: drive ? knownTrials(drive, known) : inputs }),
        ...(epochList ? { epochs: epochList.slice(0, known) } : {}),
        mask: knownTrials(observed, known),
        conditions: labelled.slice(0, known),
      }),
    ),
    width = chosenWidth(where, activity, train, known, labelled, widths),
    ahead = (times: readonly number[]) =>
      failingAs(where, () =>
        predictTrials(fit, {
          times,
          conditions: labelled.slice(known),
          ...(epochList ? { epochs: epochList.slice(known) } : {}),
          ...(drive ? { inputs: trialsAfter(drive, known) } : {}),
        }),
      ),
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
  const mean = (sigma: number) => trialsAfter(kernelMean(where, activity, train, labelled, sigma), known);
  return {
    rows: [
      ofFit("prior", toCome),
      ofFit(
        "lastFactors",
        toCome.map(() => known - 1),
      ),
      scored("lastValue", lastValues(activity, train, labelled, known, mean(Number.POSITIVE_INFINITY))),
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

const allOnes = ({ shape, data }: Tensor3): Tensor3 => ({ shape, data: new Float64Array(data.length).fill(1) });
