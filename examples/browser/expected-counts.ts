import type { Tensor3 } from "ltrnn";

/**
 * Predictions as expected counts: a Poisson deviance has no place for a count that was expected never, so that each is
 * at least a hundredth of its neuron's mean over the training entries.
 */
export function expectedCounts({ shape, data }: Tensor3, activity: Tensor3, train: Tensor3): Tensor3 {
  const neurons = shape[2],
    sums = new Float64Array(neurons),
    entries = new Float64Array(neurons);
  for (let i = 0; i < data.length; i++)
    if (train.data[i] !== 0) {
      sums[i % neurons] += activity.data[i];
      entries[i % neurons]++;
    }
  const least = sums.map((sum, neuron) => Math.max(1e-9, sum / Math.max(1, entries[neuron]) / 100));
  return { shape, data: data.map((x, i) => Math.max(x, least[i % neurons])) };
}
