import { fail, type FieldsOf, log, readOptions, safeUnit, square } from "../base";
import { checkLabels, labelRows, type Label, type Labels } from "../masks";
import { checkFinite, checkMask, checkSameShape, checkTensor, checkTensor3, type Tensor3 } from "../tensor";
import { largestUnder, unitMeans } from "./unit-means";

/** What {@link explained} scores. */
export interface ExplainedOptions {
  /** entries that means are taken over, 1 in and 0 out: those that were trained on */
  readonly train: Tensor3;
  /** entries that are scored */
  readonly over: Tensor3;
  /** a label per trial; absent: all are of one condition */
  readonly conditions?: Labels;
  /**
   * "variance": squared differences; "poisson": the Poisson deviance of counts, whose prediction is their expected
   * value. Default "variance"
   */
  readonly deviance?: "variance" | "poisson";
}

/**
 * Shares of variance, or of deviance, that a prediction explains: 1 is everything, 0 is as good as each neuron's mean,
 * negative is worse than the mean. `null` where nothing is scored, or what is scored does not differ from the means.
 */
export interface Explained {
  readonly total: number | null;
  /** of each neuron */
  readonly neurons: readonly (number | null)[];
  /** of each trial */
  readonly trials: readonly (number | null)[];
  /** of each condition, in the order of `conditionLabels` */
  readonly conditions: readonly (number | null)[];
  readonly conditionLabels: readonly Label[];
}

const fields = {
  train: { is: "checked", check: checkTensor3, needed: true },
  over: { is: "checked", check: checkTensor3, needed: true },
  conditions: { is: "checked", check: checkLabels },
  deviance: { is: "name", of: ["variance", "poisson"], fallback: "variance" },
} as const satisfies FieldsOf<ExplainedOptions>;

/**
 * How much of the activity a prediction explains, in total, and by neuron, trial and condition: `1 - deviance(x,
 * prediction) / deviance(x, mean)`, the mean that of each neuron over its training entries.
 *
 * @param activity - (trials × time × neurons); entries outside both masks are not read
 * @throws {@link LtrnnError} when shapes differ, an entry that is read is not finite, or, for a Poisson deviance, a
 * count or an expected value is negative
 * @remarks Deviances of trials and conditions are compared with those of the means over all trials. A neuron without a
 * count in training is left out of a Poisson deviance, as one without training entries is of either.
 * @see McCullagh & Nelder (1989), Generalized Linear Models, section 2.3, for the deviance
 * @example explained(tensor([2, 1, 1], [1, 3]), tensor([2, 1, 1], [1, 2]), { train: tensor([2, 1, 1], [1, 1]),
 * over: tensor([2, 1, 1], [1, 1]) }).trials // [1, 0]
 */
export function explained(activity: Tensor3, prediction: Tensor3, options: ExplainedOptions): Explained {
  return explainedIn("explained", activity, prediction, options);
}

/** {@link explained} for another public function: errors carry that function's name. */
export function explainedIn(
  where: string,
  activity: Tensor3,
  prediction: Tensor3,
  options: ExplainedOptions,
): Explained {
  checkTensor(where, "activity", activity, 3);
  checkSameShape(where, "prediction", prediction, activity.shape, "activity");
  const { train, over, conditions, deviance } = readOptions<ExplainedOptions, typeof fields>(where, options, fields),
    [trials, time, neurons] = activity.shape;
  checkMask(where, "train", train, activity.shape, "activity");
  checkMask(where, "over", over, activity.shape, "activity");
  checkFinite(where, "activity", activity, train);
  checkFinite(where, "activity", activity, over);
  checkFinite(where, "prediction", prediction, over);
  const { rows, labels } = labelRows(where, "conditions", conditions, trials),
    means = unitMeans(activity, train),
    size = means.reduce((largest, mean) => Math.max(largest, Math.abs(mean) || 0), largestUnder(activity, over)),
    unit = safeUnit(size),
    unitLeft = safeUnit(Math.max(size, largestUnder(prediction, over))),
    { ratio, of } =
      deviance === "poisson" ? { ratio: 1, of: poissonDeviance } : { ratio: unit / unitLeft, of: squareIn };
  if (deviance === "poisson") checkCounts(where, activity, prediction, over);
  const all = tally(1, ratio),
    perNeuron = tally(neurons, ratio),
    perTrial = tally(trials, ratio),
    perCondition = tally(labels.length, ratio);
  for (let i = 0; i < over.data.length; i++) {
    const neuron = i % neurons,
      trial = Math.floor(i / (time * neurons));
    if (over.data[i] === 0 || Number.isNaN(means[neuron])) continue;
    if (deviance === "poisson" && means[neuron] === 0) continue; // its mean says that it never fires
    const x = activity.data[i],
      left = of(x, prediction.data[i], unitLeft),
      whole = of(x, means[neuron], unit);
    all.add(0, left, whole);
    perNeuron.add(neuron, left, whole);
    perTrial.add(trial, left, whole);
    perCondition.add(rows[trial], left, whole);
  }
  return {
    total: all.shares()[0],
    neurons: perNeuron.shares(),
    trials: perTrial.shares(),
    conditions: perCondition.shares(),
    conditionLabels: labels,
  };
}

/** Residual and total deviances of `groups` groups; the unit of totals is `ratio` times that of residuals. */
function tally(groups: number, ratio: number) {
  const left = new Float64Array(groups),
    whole = new Float64Array(groups);
  return {
    add(group: number, leftOver: number, of: number) {
      left[group] += leftOver;
      whole[group] += of;
    },
    shares: () =>
      Array.from(whole, (total, group) => {
        const share = 1 - (left[group] / total) * ratio * ratio;
        return total > 0 && Number.isFinite(share) ? share : null;
      }),
  };
}

/** A squared difference, in a unit in which it neither overflows nor underflows. */
const squareIn = (x: number, mean: number, unit: number): number => square(unit * x - unit * mean);

/** `2 (x log(x / mean) - (x - mean))`, 2 mean where x is 0; Infinity where the mean is 0 and x is not. */
function poissonDeviance(x: number, mean: number): number {
  if (x === 0) return 2 * mean;
  return mean === 0 ? Number.POSITIVE_INFINITY : 2 * (x * log(x / mean) - (x - mean));
}

function checkCounts(where: string, activity: Tensor3, prediction: Tensor3, over: Tensor3): void {
  for (const [name, x] of Object.entries({ activity, prediction })) {
    const bad = x.data.findIndex((value, i) => over.data[i] !== 0 && value < 0);
    if (bad >= 0)
      fail(where, {
        expected: `${name} of at least 0, for a Poisson deviance`,
        got: `${x.data[bad]} at entry ${bad}`,
        fix: 'Pass counts and their expected values, or take deviance "variance".',
      });
  }
}
