import { fail, provenance } from "../base";
import { checkSameShape, checkTensor, zeros, type Tensor3 } from "../tensor";
import { bestOf, type Baseline, type BaselineOptions } from "./baseline";
import { unitMeans } from "./hold-out";
import { labelRows } from "./labels";

/**
 * The mean over training trials of each condition, time bin by time bin; where a condition was never seen at a time, the mean of the neuron.
 *
 * @param activity - (trials × time × neurons); read where `train` is 1 only
 * @throws {@link LtrnnError} when shapes or labels disagree, or a neuron has no training entry
 * @example conditionMean(zeros([4, 3, 2]), { train: observedMask(zeros([4, 3, 2])) }).prediction.shape // [4, 3, 2]
 */
export function conditionMean(activity: Tensor3, { train, conditions }: BaselineOptions): Baseline {
  const prediction = kernelMean("conditionMean", activity, train, conditions, Infinity);
  return {
    prediction,
    chosen: null,
    provenance: provenance("conditionMean", null, { conditions: conditions !== undefined }),
  };
}

/**
 * The mean over training trials of each condition, weighted by a Gaussian kernel in trials, so that it follows learning; its width is chosen on the validation set.
 * One pseudo-trial of the plain condition mean stands behind every estimate, for places with no trial near.
 *
 * `widths` are standard deviations to choose from, in trials; 3 to 300 in nine steps, and Infinity, unless told.
 *
 * @throws {@link LtrnnError} as {@link conditionMean}
 * @remarks O(widths · trials² · time · neurons / conditions).
 * @see Nadaraya (1964), On estimating regression, Theory Probab. Appl. 9
 * @example smoothedConditionMean(tensor([2, 2, 1], [1, 2, 1, 2]), { train: tensor([2, 2, 1], [1, 1, 1, 0]), validation: tensor([2, 2, 1], [0, 0, 0, 1]), widths: [5] }).chosen // 5
 */
export function smoothedConditionMean(
  activity: Tensor3,
  {
    train,
    conditions,
    validation,
    widths = [3, 5, 10, 17, 30, 55, 100, 170, 300, Infinity],
  }: BaselineOptions & { readonly validation: Tensor3; readonly widths?: readonly number[] },
): Baseline {
  if (widths.length === 0 || widths.some((width) => !(width > 0)))
    fail("smoothedConditionMean", {
      expected: "positive widths",
      got: `[${widths.join(", ")}]`,
      fix: "Give standard deviations in trials; Infinity is the plain mean.",
    });
  return bestOf("smoothedConditionMean", activity, train, validation, widths, (width) =>
    kernelMean("smoothedConditionMean", activity, train, conditions, width),
  );
}

/** Means of conditions with Gaussian weights in trials; with an infinite width all trials count alike. */
export function kernelMean(
  where: string,
  activity: Tensor3,
  train: Tensor3,
  conditions: readonly number[] | undefined,
  width: number,
): Tensor3 {
  checkTensor(where, "activity", activity, 3);
  checkSameShape(where, "train", train, activity.shape);
  const [trials, time, neurons] = activity.shape,
    size = time * neurons;
  const { rows, labels } = labelRows(where, "conditions", conditions, trials);
  const means = unitMeans(activity, train),
    out = zeros(activity.shape);
  const silent = means.findIndex(Number.isNaN);
  if (silent >= 0)
    fail(where, {
      expected: "training entries of every neuron",
      got: `none of neuron ${silent}`,
      fix: "Leave that neuron out.",
    });
  labels.forEach((_, condition) => {
    const mine = rows.flatMap((row, trial) => (row === condition ? [trial] : []));
    const sums = new Float64Array(size),
      counts = new Float64Array(size),
      plain = new Float64Array(size);
    const addTrial = (trial: number, weight: number) => {
      for (let s = 0, at = trial * size; s < size; s++, at++)
        if (train.data[at] !== 0) {
          sums[s] += weight * activity.data[at];
          counts[s] += weight;
        }
    };
    for (const trial of mine) addTrial(trial, 1);
    for (let s = 0; s < size; s++) plain[s] = counts[s] > 0 ? sums[s] / counts[s] : means[s % neurons];
    for (const trial of mine) {
      if (width === Infinity) {
        out.data.set(plain, trial * size);
        continue;
      }
      sums.set(plain);
      counts.fill(1);
      for (const other of mine) addTrial(other, Math.exp(-((trial - other) ** 2) / (2 * width * width)));
      for (let s = 0; s < size; s++) out.data[trial * size + s] = sums[s] / counts[s];
    }
  });
  return out;
}
