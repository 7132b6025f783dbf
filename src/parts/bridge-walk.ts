import type { Labels } from "../masks";
import { zeros, type Matrix } from "../tensor";
import { rowsAmong, type TrialEpochs } from "./trial-epochs";
import { refusedPrediction, type TrialPrediction } from "./trial-factors";
import { readTimes } from "./trial-times";

/** A walk where it is known. */
interface Walk {
  readonly times: readonly number[];
  readonly epochs: TrialEpochs;
  readonly sigma: number;
  readonly c: Matrix;
}

/**
 * A random walk at other times, given where it was: before and after all known times the nearest value, with variance
 * `sigma² |t - nearest|`; between two known times, t0 and t1, the line through both, with variance
 * `sigma² (t - t0) (t1 - t) / (t1 - t0)` (the Brownian bridge).
 */
export function bridgeWalk(
  where: string,
  { times, epochs, sigma, c }: Walk,
  newTimes: readonly number[],
  newEpochs: Labels | undefined,
): TrialPrediction {
  const at = readTimes(where, "times", newTimes),
    rows = rowsAmong(where, epochs, newEpochs, at.length),
    unknown = rows.indexOf(-1);
  if (unknown >= 0)
    return refusedPrediction(
      `new trial ${unknown} is of an epoch without known trials, whose first value nothing tells`,
      "Leave epochs out of the walk, or predict in known ones.",
    );
  const rank = c.shape[1],
    mean = zeros([at.length, rank]),
    variance = zeros([at.length, rank]);
  for (const [i, time] of at.entries()) {
    const { earlier, later } = neighbors(time, times, epochs.rows, rows[i]),
      gap = earlier >= 0 && later >= 0 ? times[later] - times[earlier] : 0,
      near = earlier >= 0 ? earlier : later,
      share = gap > 0 ? (time - times[earlier]) / gap : 0;
    const spread =
      gap > 0
        ? share * (times[later] - time)
        : gap === 0 && earlier >= 0 && later >= 0
          ? 0
          : Math.abs(time - times[near]);
    for (let r = 0; r < rank; r++) {
      const from = c.data[near * rank + r];
      mean.data[i * rank + r] = gap > 0 ? from + share * (c.data[later * rank + r] - from) : from;
      variance.data[i * rank + r] = sigma * sigma * spread;
    }
  }
  return { status: "predicted", mean, variance };
}

/** The trials of a row that come last until this time, and first from it on; -1 where there is none. */
function neighbors(time: number, times: readonly number[], rows: readonly number[], row: number) {
  let earlier = -1,
    later = -1;
  for (let k = 0; k < times.length; k++) {
    if (rows[k] !== row) continue;
    if (times[k] <= time && (earlier < 0 || times[k] > times[earlier])) earlier = k;
    if (times[k] >= time && (later < 0 || times[k] < times[later])) later = k;
  }
  return { earlier, later };
}
