import { isCustom, type Loss } from "../losses";
import type { Tensor3 } from "../tensor";

/**
 * The variance of the activity's noise, seen in neighboring trials of one condition: half the mean squared difference
 * of entries that both are trained on. What changes slowly over trials hardly differs between neighbors, so this is the
 * noise, and a little more. 0 where no condition has two trials.
 *
 * @param activity - (trials × time × neurons)
 * @param train - its training mask
 * @param conditions - row of each trial's condition
 */
export function noiseVariance(activity: Tensor3, train: Tensor3, conditions: readonly number[]): number {
  const [, time, neurons] = activity.shape,
    size = time * neurons,
    before = new Map<number, number>();
  let squares = 0,
    count = 0;
  conditions.forEach((condition, trial) => {
    const earlier = before.get(condition);
    before.set(condition, trial);
    if (earlier === undefined) return;
    for (let entry = 0, p = trial * size, q = earlier * size; entry < size; entry++, p++, q++) {
      if (train.data[p] === 0 || train.data[q] === 0) continue;
      const difference = activity.data[p] - activity.data[q];
      squares += difference * difference;
      count++;
    }
  });
  return count === 0 ? 0 : squares / count / 2;
}

/**
 * The same of noise that is independent over time, where neighboring trials differ by more than noise: their difference
 * as it bends over time, a twelfth of its mean squared second difference. What differs between them smoothly, as the
 * echo of initial states, adds little. Infinity where no three bins in a row are seen in two trials.
 */
export function noiseOfBends(activity: Tensor3, train: Tensor3, conditions: readonly number[]): number {
  const [, time, neurons] = activity.shape,
    { data } = activity,
    size = time * neurons,
    before = new Map<number, number>();
  let squares = 0,
    count = 0;
  const seen = (entry: number) => train.data[entry] !== 0;
  conditions.forEach((condition, trial) => {
    const earlier = before.get(condition);
    before.set(condition, trial);
    if (earlier === undefined) return;
    const apart = (earlier - trial) * size;
    for (let entry = trial * size + neurons; entry < (trial + 1) * size - neurons; entry++) {
      const bins = [entry - neurons, entry, entry + neurons];
      if (!bins.every((bin) => seen(bin) && seen(bin + apart))) continue;
      const [first, here, last] = bins.map((bin) => data[bin] - data[bin + apart]),
        bend = first - 2 * here + last;
      squares += bend * bend;
      count++;
    }
  });
  return count === 0 ? Number.POSITIVE_INFINITY : squares / count / 12;
}

/**
 * The variance of the noise that priors are weighed by: the given share of the activity's, or what neighboring trials
 * show. Losses on counts are likelihoods, noise included: theirs is 1, or the share of it.
 */
export function noiseFor(loss: Loss, share: number | undefined, variance: number, ofNeighbors: () => number): number {
  if (isCustom(loss)) return (share ?? 0) * variance;
  if (loss.targets === "counts") return share ?? 1;
  if (share !== undefined) return share * variance;
  return loss.description.kind === "meanSquaredError" ? ofNeighbors() : 0;
}
