import { fail, exp, safeUnit } from "../base";
import { labelRows, type Labels } from "../masks";
import { largestUnder, unitMeans } from "../scores";
import { zeros, type Tensor3 } from "../tensor";

/**
 * Means of conditions over the entries of a mask, with Gaussian weights in trials; with an infinite width all trials
 * have the same weight.
 *
 * One pseudo-trial of the plain condition mean stands behind every estimate of a finite width.
 */
export function kernelMean(
  where: string,
  activity: Tensor3,
  train: Tensor3,
  conditions: Labels | undefined,
  width: number,
): Tensor3 {
  const [trials, time, neurons] = activity.shape,
    size = time * neurons,
    scale = safeUnit(largestUnder(activity, train));
  const { rows, labels } = labelRows(where, "conditions", conditions, trials),
    means = trainedMeans(where, activity, train).map((mean) => scale * mean),
    out = zeros(activity.shape);
  const plain = new Float64Array(size),
    sums = new Float64Array(size),
    weights = new Float64Array(size);
  const addTrial = (trial: number, weight: number) => {
    for (let s = 0, index = trial * size; s < size; s++, index++) {
      if (train.data[index] === 0) continue;
      sums[s] += weight * scale * activity.data[index];
      weights[s] += weight;
    }
  };
  labels.forEach((_, condition) => {
    const members = rows.flatMap((row, trial) => (row === condition ? [trial] : []));
    sums.fill(0);
    weights.fill(0);
    for (const trial of members) addTrial(trial, 1);
    for (let s = 0; s < size; s++) plain[s] = weights[s] > 0 ? sums[s] / weights[s] : means[s % neurons];
    for (const trial of members) {
      sums.set(plain);
      weights.fill(1);
      if (width !== Infinity) for (const other of members) addTrial(other, gaussian((trial - other) / width));
      for (let s = 0; s < size; s++) out.data[trial * size + s] = sums[s] / weights[s] / scale;
    }
  });
  return out;
}

const gaussian = (deviation: number): number => exp(-(deviation * deviation) / 2);

/** The mean of every neuron; one without training entries is refused. */
function trainedMeans(where: string, activity: Tensor3, train: Tensor3): Float64Array {
  const means = unitMeans(activity, train),
    silent = means.findIndex(Number.isNaN);
  if (silent >= 0)
    fail(where, {
      expected: "training entries of every neuron",
      got: `none of neuron ${silent}`,
      fix: "Leave that neuron out, or train on some of its entries.",
    });
  return means;
}
