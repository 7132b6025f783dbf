import type { Random } from "../base";
import type { LossDescription } from "../losses";
import type { Tensor3 } from "../tensor";
import { countDistribution } from "./count-distribution";
import { normalPlace, normalQuantile } from "./normal-distribution";

/** The residuals of the fit, entry by entry, on a scale on which they can be added to other predictions. */
export interface ScoreScale {
  /** of an entry of a neuron about its prediction */
  score(activity: number, prediction: number, random: Random, neuron: number): number;
  /** the entry with this score about another prediction */
  entry(score: number, prediction: number, neuron: number): number;
  /** standard deviation of the noise at a prediction, up to a factor that all entries share */
  deviation(prediction: number, neuron: number): number;
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
  const all = dispersionsIn(loss),
    of = (neuron: number) => (all.length === 1 ? all[0] : all[neuron]);
  return {
    score: (count, mean, random, neuron) =>
      normalQuantile(countDistribution(mean, of(neuron)).place(count, random.uniform())),
    entry: (score, mean, neuron) => countDistribution(mean, of(neuron)).quantile(normalPlace(score)),
    deviation: (mean, neuron) => Math.sqrt(mean + of(neuron) * mean * mean),
  };
}

/** Of a loss on counts as it was fitted: one dispersion for all neurons, or one for each; 0 of a Poisson's. */
export function dispersionsIn({ dispersion }: LossDescription): readonly number[] {
  if (Array.isArray(dispersion)) return dispersion as readonly number[];
  return [typeof dispersion === "number" ? dispersion : 0];
}

/** Scores of all observed entries; 0 elsewhere. */
export function scoresOf(
  scale: ScoreScale,
  activity: Tensor3,
  prediction: Tensor3,
  observed: Float64Array,
  random: Random,
): Float64Array {
  const neurons = activity.shape[2];
  return observed.map((seen, i) =>
    seen === 0 ? 0 : scale.score(activity.data[i], prediction.data[i], random, i % neurons),
  );
}
