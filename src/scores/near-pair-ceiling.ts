import { type FieldsOf, readOptions, safeUnit, square } from "../base";
import { checkLabels, labelRows, type Labels } from "../masks";
import { checkFinite, checkMask, checkTensor, checkTensor3, type Tensor3 } from "../tensor";
import { unitMeans, largestUnder } from "./unit-means";

/** Which trials are near each other. */
export interface CeilingOptions {
  /** 1 where activity is observed, 0 elsewhere; absent: everywhere */
  readonly mask?: Tensor3;
  /** a label per trial; absent: all are of one condition */
  readonly conditions?: Labels;
  /** largest distance of a pair, in trials; default 10 */
  readonly within?: number;
}

/** An upper limit for predictions of the means of trials. */
export interface Ceiling {
  /** share of variance; null without a pair, or where nothing varies. Noise alone gives about 0 */
  readonly ceiling: number | null;
  /** pairs of trials that were compared */
  readonly pairs: number;
}

const fields = {
  mask: { is: "checked", check: checkTensor3 },
  conditions: { is: "checked", check: checkLabels },
  within: { is: "whole number", least: 1, fallback: 10 },
} as const satisfies FieldsOf<CeilingOptions>;

/**
 * The largest share of variance that can be explained, if near trials of one condition have the same mean: half the
 * squared difference of such a pair is the variance of the noise. Each trial is paired with the next of its condition.
 *
 * @param activity - (trials × time × neurons), in the order the trials took place
 * @throws {@link LtrnnError} when shapes or labels disagree, or an observed entry is not finite
 * @remarks O(entries). Whatever changes from trial to trial counts as noise, so a model of single trials may exceed it.
 * @see Sahani & Linden (2003), How linear are auditory cortical responses? NIPS 15, for the power of signal and noise
 * @example nearPairCeiling(tensor([2, 2, 1], [1, 3, 1, 3])).ceiling // 1
 */
export function nearPairCeiling(activity: Tensor3, options: CeilingOptions = {}): Ceiling {
  const where = "nearPairCeiling";
  checkTensor(where, "activity", activity, 3);
  const { mask, conditions, within } = readOptions<CeilingOptions, typeof fields>(where, options, fields),
    [trials, time, neurons] = activity.shape,
    size = time * neurons;
  if (mask) checkMask(where, "mask", mask, activity.shape, "activity");
  checkFinite(where, "activity", activity, mask);
  const seen = mask ?? { shape: activity.shape, data: new Float64Array(activity.data.length).fill(1) },
    scale = safeUnit(largestUnder(activity, seen)),
    means = unitMeans(activity, seen),
    { rows } = labelRows(where, "conditions", conditions, trials),
    last = new Map<number, number>(),
    x = (i: number) => activity.data[i] * scale;
  let noise = 0,
    whole = 0,
    count = 0,
    pairs = 0;
  for (let k = 0; k < trials; k++) {
    const other = last.get(rows[k]);
    last.set(rows[k], k);
    if (other === undefined || k - other > within) continue;
    let shared = false;
    for (let s = 0; s < size; s++) {
      const [i, j] = [k * size + s, other * size + s],
        mean = means[s % neurons] * scale;
      if (seen.data[i] === 0 || seen.data[j] === 0) continue;
      shared = true;
      noise += square(x(i) - x(j)) / 2;
      whole += (square(x(i) - mean) + square(x(j) - mean)) / 2;
      count++;
    }
    if (shared) pairs++;
  }
  const ceiling = 1 - noise / whole;
  return { ceiling: count > 0 && Number.isFinite(ceiling) ? ceiling : null, pairs };
}
