import type { Random } from "../base";
import { zeros, type Tensor3 } from "../tensor";
import type { OwnDirections } from "./own-directions";
import type { ScoreScale } from "./residual-scores";

/** What residuals are taken from and given to. */
export interface Resampled {
  readonly prediction: Tensor3;
  /** residuals of the fit (trials × time × neurons) */
  readonly scores: Float64Array;
  readonly scale: ScoreScale;
  /** the noise that each trial's own parameters fitted */
  readonly own: OwnDirections;
  /** 1 where the fit saw the activity, to train or to validate */
  readonly observed: Float64Array;
  /** what scores are multiplied by: the parameters that trials share took something of them too */
  readonly inflation: number;
}

/**
 * Resampled activity: the prediction of each trial, plus its residuals times the sign of its block, plus noise along
 * the directions where the trial's own parameters fitted it.
 */
export function resampledActivity(from: Resampled, signs: Float64Array, random: Random): Tensor3 {
  const { prediction, observed, inflation, scale } = from,
    neurons = prediction.shape[2],
    size = prediction.shape[1] * neurons,
    scores = signed(from, size, signs, random),
    drawn = zeros(prediction.shape);
  for (let i = 0; i < scores.length; i++)
    if (observed[i] !== 0) drawn.data[i] = scale.entry(inflation * scores[i], prediction.data[i], i % neurons);
  return drawn;
}

/** Scores with their signs, and new noise along the directions of what each trial has of its own. */
function signed(
  { scores, own: { directions, count, taken } }: Resampled,
  size: number,
  signs: Float64Array,
  random: Random,
): Float64Array {
  const whole = scores.map((score, i) => signs[Math.floor(i / size)] * score);
  for (let at = 0; at < taken.length; at++) {
    const by = taken[at] * random.normal(),
      trial = Math.floor(at / count) * size;
    if (by !== 0) for (let i = 0; i < size; i++) whole[trial + i] += by * directions[at * size + i];
  }
  return whole;
}
