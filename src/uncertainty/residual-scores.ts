import type { Random } from "../base";
import type { LossDescription } from "../losses";
import type { Tensor3 } from "../tensor";
import { countDistribution } from "./count-distribution";
import { normalPlace, normalQuantile } from "./normal-distribution";

/** What the fit left of the activity, entry by entry, on a scale on which it can be moved to other predictions. */
export interface ScoreScale {
  /** of an entry about its prediction */
  score(activity: number, prediction: number, random: Random): number;
  /** the entry with this score about another prediction */
  entry(score: number, prediction: number): number;
  /** standard deviation of the noise at a prediction, up to a factor that all entries share */
  deviation(prediction: number): number;
}

/**
 * Differences; of counts the normal numbers that have the place of the count in the distribution expected of it, drawn
 * within its own step (the randomized quantile residual of Dunn & Smyth 1996).
 */
export function scoreScale(loss: LossDescription): ScoreScale {
  if (loss.kind === "meanSquaredError")
    return {
      score: (activity, prediction) => activity - prediction,
      entry: (score, prediction) => prediction + score,
      deviation: () => 1,
    };
  const dispersion = typeof loss.dispersion === "number" ? loss.dispersion : 0;
  return {
    score: (count, mean, random) => normalQuantile(countDistribution(mean, dispersion).place(count, random.uniform())),
    entry: (score, mean) => countDistribution(mean, dispersion).quantile(normalPlace(score)),
    deviation: (mean) => Math.sqrt(mean + dispersion * mean * mean),
  };
}

/** Scores of all observed entries; 0 elsewhere. */
export function scoresOf(
  scale: ScoreScale,
  activity: Tensor3,
  prediction: Tensor3,
  observed: Float64Array,
  random: Random,
): Float64Array {
  return observed.map((seen, i) => (seen === 0 ? 0 : scale.score(activity.data[i], prediction.data[i], random)));
}
