import { fail, type FieldsOf, readOptions, safeUnit } from "../base";
import { checkFinite, checkMask, checkSameShape, checkTensor, checkTensor3, type Tensor3 } from "../tensor";
import { largestUnder, unitMeans } from "./unit-means";

/** Which entries a score is about. */
export interface ScoreMasks {
  /** entries that means are taken over, 1 in and 0 out: those that were trained on */
  readonly train: Tensor3;
  /** entries that are scored */
  readonly over: Tensor3;
}

const fields = {
  train: { is: "checked", check: checkTensor3, needed: true },
  over: { is: "checked", check: checkTensor3, needed: true },
} as const satisfies FieldsOf<ScoreMasks>;

/**
 * Variance explained over the entries of a mask, `1 - sum (x - x̂)² / sum (x - mean)²`: the mean is that of each unit
 * over its training entries.
 *
 * @param activity - (trials × time × units); entries outside both masks are not read
 * @throws {@link LtrnnError} when shapes differ, an entry that is read is not finite, a unit to be scored has no
 * training entry, or entries differ from their means by rounding only
 * @remarks The score does not depend on the unit of the activity, nor on an offset common to all entries.
 * @example varianceExplained(tensor([1, 2, 1], [1, 3]), tensor([1, 2, 1], [1, 3]), { train: tensor([1, 2, 1], [1, 0]),
 * over: tensor([1, 2, 1], [0, 1]) }) // 1
 */
export function varianceExplained(activity: Tensor3, prediction: Tensor3, masks: ScoreMasks): number {
  return varianceExplainedIn("varianceExplained", activity, prediction, masks);
}

/** {@link varianceExplained} for another public function: errors carry that function's name. */
export function varianceExplainedIn(where: string, activity: Tensor3, prediction: Tensor3, masks: ScoreMasks): number {
  checkTensor(where, "activity", activity, 3);
  checkSameShape(where, "prediction", prediction, activity.shape, "activity");
  const { train, over } = readOptions(where, masks, fields, "masks");
  checkMask(where, "train", train, activity.shape, "activity");
  checkMask(where, "over", over, activity.shape, "activity");
  checkFinite(where, "activity", activity, train);
  checkFinite(where, "activity", activity, over);
  checkFinite(where, "prediction", prediction, over);
  const means = unitMeans(activity, train);
  checkTrained(where, means, over);
  const total = squaresAbout(activity, over, (index) => means[index % means.length], largestUnder(activity, over)),
    error = squaresAbout(
      activity,
      over,
      (index) => prediction.data[index],
      Math.max(largestUnder(activity, over), largestUnder(prediction, over)),
    );
  const rounding = roundingSquares(activity, means, over, total.scale);
  if (!(total.sum > rounding))
    fail(where, {
      expected: "entries with variance about their means",
      got: total.sum === 0 ? "entries equal to their means" : "entries that differ from their means by rounding only",
      fix: "Score entries of units that vary, or leave constant units out.",
    });
  const ratio = total.scale / error.scale,
    unexplained = (error.sum / total.sum) * ratio * ratio;
  if (!Number.isFinite(unexplained))
    fail(where, {
      expected: "predictions in the unit of the activity",
      got: `magnitudes up to ${largestUnder(prediction, over)} for activity up to ${largestUnder(activity, over)}`,
      fix: "Bring the prediction to the activity's unit.",
    });
  return 1 - unexplained;
}

/**
 * The sum of squared differences from a reference over the entries of a mask, in a scale in which no square overflows.
 */
function squaresAbout(x: Tensor3, over: Tensor3, reference: (index: number) => number, largest: number) {
  const scale = safeUnit(largest);
  let sum = 0;
  for (let index = 0; index < x.data.length; index++)
    if (over.data[index] !== 0) {
      const difference = scale * x.data[index] - scale * reference(index);
      sum += difference * difference;
    }
  return { sum, scale };
}

/** The sum of squares that rounding alone can make: a few units in the last place of each unit's largest entry. */
function roundingSquares({ data }: Tensor3, means: Float64Array, over: Tensor3, scale: number): number {
  const units = means.length,
    largest = new Float64Array(units),
    counts = new Float64Array(units);
  for (let index = 0; index < data.length; index++) {
    if (over.data[index] === 0) continue;
    const unit = index % units;
    counts[unit]++;
    largest[unit] = Math.max(largest[unit], scale * Math.abs(data[index]), scale * Math.abs(means[unit]));
  }
  return counts.reduce((sum, count, unit) => {
    const rounding = 8 * Number.EPSILON * largest[unit];
    return sum + count * rounding * rounding;
  }, 0);
}

function checkTrained(where: string, means: Float64Array, over: Tensor3): void {
  const scored = over.data.findIndex((entry, index) => entry !== 0 && Number.isNaN(means[index % means.length]));
  if (scored >= 0)
    fail(where, {
      expected: "a training entry of every unit that is scored",
      got: `none of unit ${scored % means.length}`,
      fix: "Leave that unit out of over, or add it to train.",
    });
  if (!over.data.includes(1))
    fail(where, {
      expected: "at least one entry to score",
      got: "a mask over without any",
      fix: "Set over to 1 where predictions are to be scored.",
    });
}
