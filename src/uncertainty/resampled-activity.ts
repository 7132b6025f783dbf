import type { Random } from "../base";
import { zeros, type Tensor3 } from "../tensor";
import type { OwnDirections } from "./own-directions";
import type { TrialGroups } from "./resample-blocks";
import type { ScoreScale } from "./residual-scores";

/** What residuals are taken from and given to. */
export interface Resampled {
  readonly prediction: Tensor3;
  /** what the fit left (trials × time × neurons) */
  readonly scores: Float64Array;
  readonly scale: ScoreScale;
  /** what each trial took of it by what it has of its own */
  readonly own: OwnDirections;
  /** 1 where the fit saw the activity, to train or to validate */
  readonly observed: Float64Array;
  readonly groups: TrialGroups;
  /** what scores are multiplied by: the parameters that trials share took something of them too */
  readonly inflation: number;
}

/**
 * Activity as it might have been: the prediction of each trial, with what the fit left of its donor and noise where the
 * donor's own parameters took it. Where an entry of the donor was not observed, that of the next trial in its group is
 * taken which was.
 */
export function resampledActivity(from: Resampled, donors: Int32Array, random: Random): Tensor3 {
  const { prediction, observed, groups, inflation, scale } = from,
    neurons = prediction.shape[2],
    size = prediction.shape[1] * neurons,
    scores = completed(from, size, random),
    drawn = zeros(prediction.shape);
  for (const group of groups) {
    const placeOf = new Map(group.map((k, place) => [k, place]));
    for (const k of group) {
      const donor = placeOf.get(donors[k]) as number;
      for (let i = 0; i < size; i++) {
        const to = k * size + i;
        if (observed[to] === 0) continue;
        let at = donor;
        while (observed[group[at] * size + i] === 0) at = (at + 1) % group.length; // ends at trial k at last
        drawn.data[to] = scale.entry(inflation * scores[group[at] * size + i], prediction.data[to], to % neurons);
      }
    }
  }
  return drawn;
}

/** Scores with new noise along the directions of what each trial has of its own. */
function completed({ scores, own: { directions, count, taken } }: Resampled, size: number, random: Random) {
  const whole = scores.slice();
  for (let at = 0; at < taken.length; at++) {
    const by = taken[at] * random.normal(),
      trial = Math.floor(at / count) * size;
    if (by !== 0) for (let i = 0; i < size; i++) whole[trial + i] += by * directions[at * size + i];
  }
  return whole;
}
