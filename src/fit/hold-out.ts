import { checkAbove, checkWhole, fail, provenance, type Provenance } from "../base";
import { blockMask, checkSameShape, checkTensor, type Tensor3 } from "../tensor";

/** How much is held out, in which boxes. */
export interface HoldOutOptions {
  /** half widths of a box in trials, time and units; Infinity takes the whole mode */
  readonly half: readonly [trials: number, time: number, units: number];
  /** entries around each box that belong to no set, per mode; default none */
  readonly guard?: readonly [trials: number, time: number, units: number];
  /** of the entries, to test; default 0.1 */
  readonly test?: number;
  /** of the entries, to stop and to choose by; default 0.1 */
  readonly validation?: number;
  /** default 0 */
  readonly seed?: number;
}

/** Three disjoint sets of entries, 1 in and 0 out: fit on the first, stop and choose by the second, report the third, and read it once. */
export interface HoldOut {
  readonly train: Tensor3;
  readonly validation: Tensor3;
  readonly test: Tensor3;
  readonly provenance: Provenance;
}

/** 0 where an entry is missing, NaN, and 1 elsewhere: an infinity is no missing value, and the fit will name it. @example observedMask(tensor([1, 1, 2], [NaN, 3])).data // Float64Array [0, 1] */
export const observedMask = (activity: Tensor3): Tensor3 => ({
  shape: activity.shape,
  data: activity.data.map((x) => (Number.isNaN(x) ? 0 : 1)),
});

/**
 * Split the observed entries of activity into training, validation and test sets, in boxes: never single entries, which smooth activity would give away.
 *
 * @param observed - (trials × time × units), 1 observed and 0 missing, as {@link observedMask} makes it
 * @throws {@link LtrnnError} when boxes do not fit, or a set holds nothing
 * @remarks O(entries). Boxes that overlap go to the test set.
 * @example holdOut(observedMask(zeros([40, 20, 5])), { half: [2, 2, Infinity] }).test.shape // [40, 20, 5]
 */
export function holdOut(
  observed: Tensor3,
  { half, guard = [0, 0, 0], test = 0.1, validation = 0.1, seed = 0 }: HoldOutOptions,
): HoldOut {
  checkTensor("holdOut", "observed", observed, 3);
  checkAbove("holdOut", "seed", seed, -Infinity);
  guard.forEach((g) => checkWhole("holdOut", "each guard", g, 0));
  const halfTrain = half.map((h, mode) => h + guard[mode]);
  const tests = blockMask(observed.shape, { halfTest: half, halfTrain, fraction: test, seed });
  const stops = blockMask(observed.shape, { halfTest: half, halfTrain, fraction: validation, seed: seed + 0.5 }); // seeds are any numbers: this one is nobody else's
  const and = (...masks: readonly Tensor3[]): Tensor3 => ({
    shape: observed.shape,
    data: observed.data.map((o, at) => (o !== 0 && masks.every((mask) => mask.data[at] !== 0) ? 1 : 0)),
  });
  const split = {
    train: and(tests.train, stops.train),
    validation: and(stops.test, tests.train),
    test: and(tests.test),
  };
  for (const [name, mask] of Object.entries(split))
    if (!mask.data.includes(1))
      fail("holdOut", {
        expected: `observed entries in the ${name} set`,
        got: "none",
        fix: "Take smaller boxes, other fractions or another seed.",
      });
  return {
    ...split,
    provenance: provenance("holdOut", seed, { half: [...half], guard: [...guard], test, validation }),
  };
}

/**
 * Variance explained over the entries of a mask, `1 - sum (x - x̂)² / sum (x - mean)²`: the mean is that of each unit over its training entries.
 *
 * @param activity - (trials × time × units); entries outside both masks are not read
 * @throws {@link LtrnnError} when shapes differ, the mask is empty, or a unit to be scored has no training entry
 * @example varianceExplained(tensor([1, 2, 1], [1, 3]), tensor([1, 2, 1], [1, 3]), { train: tensor([1, 2, 1], [1, 0]), over: tensor([1, 2, 1], [0, 1]) }) // 1
 */
export function varianceExplained(
  activity: Tensor3,
  prediction: Tensor3,
  { train, over }: { readonly train: Tensor3; readonly over: Tensor3 },
): number {
  checkTensor("varianceExplained", "activity", activity, 3);
  for (const [name, x] of Object.entries({ prediction, train, over }))
    checkSameShape("varianceExplained", name, x, activity.shape);
  const means = unitMeans(activity, train),
    units = activity.shape[2];
  let error = 0,
    total = 0;
  activity.data.forEach((x, at) => {
    if (over.data[at] === 0) return;
    error += (x - prediction.data[at]) ** 2;
    total += (x - means[at % units]) ** 2;
  });
  if (!(total > 0) || !Number.isFinite(error))
    fail("varianceExplained", {
      expected: "entries with variance, and finite predictions of them",
      got: `sum of squares ${total}, of errors ${error}`,
      fix: "Score a mask with observed entries of units that were trained on.",
    });
  return 1 - error / total;
}

/** The mean of each unit over the entries of a mask; NaN for a unit without any. */
export function unitMeans(activity: Tensor3, mask: Tensor3): Float64Array {
  const units = activity.shape[2],
    sums = new Float64Array(units),
    counts = new Float64Array(units);
  activity.data.forEach((x, at) => {
    if (mask.data[at] === 0) return;
    sums[at % units] += x;
    counts[at % units]++;
  });
  return sums.map((sum, unit) => sum / counts[unit]);
}
