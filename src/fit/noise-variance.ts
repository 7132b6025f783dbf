import { isCustom, type Loss } from "../losses";
import type { Tensor3 } from "../tensor";
import type { FitProblem } from "./fit-problem";
import type { FitRun } from "./fit-result";
import { partsWithEnergies } from "./penalties";
import { observedCount } from "./read-masks";

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

/** Whether neighboring trials tell the noise: with a squared error, where no share of the variance was given. */
export const noiseFrom = (loss: Loss, share: number | undefined): FitProblem["noiseFrom"] =>
  share === undefined && !isCustom(loss) && loss.description.kind === "meanSquaredError" ? "neighbors" : "told";

/**
 * The variance of the noise that priors are weighed by: the given share of the activity's, or what neighboring trials
 * show. Losses on counts are likelihoods, noise included: theirs is 1, or the share of it.
 */
export function noiseFor(loss: Loss, share: number | undefined, variance: number, ofNeighbors: () => number): number {
  if (noiseFrom(loss, share) === "neighbors") return ofNeighbors();
  return !isCustom(loss) && loss.targets === "counts" ? (share ?? 1) : (share ?? 0) * variance;
}

/** A noise below this share of the one before is clearly another one. */
const clearly = 0.7;

/**
 * The weight of priors from where a start has converged: by the variance of what it leaves of the activity, where that
 * is clearly less than neighboring trials show, whose differences hold what varies from trial to trial too. A fit takes
 * as much of the noise as it has parameters, so that share of the entries counts with the noise as before.
 */
export function lighterWeight(problem: FitProblem, { params, best, priorWeight }: FitRun): number | undefined {
  const { noiseFrom, priorWeight: before } = problem;
  if (noiseFrom === "told" || priorWeight !== undefined || !best || !hasPriors(problem)) return undefined;
  const parameters = Object.values(params).reduce((sum, p) => sum + (p?.data.length ?? 0), 0),
    weight = (2 * best.loss + parameters * before) / observedCount(problem.train);
  return weight < clearly * before ? weight : undefined;
}

const hasPriors = (problem: FitProblem): boolean => partsWithEnergies(problem).some(([{ prior }]) => prior);
