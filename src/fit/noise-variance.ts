import { isCustom, type Loss } from "../losses";
import { parameterCount, type Tensor3 } from "../tensor";
import type { FitProblem } from "./fit-problem";
import type { FitRun } from "./fit-result";
import { partsWithEnergies } from "./penalties";
import { observedCount } from "./read-masks";

/**
 * The variance of the activity's noise, estimated from neighboring trials of one condition: half the mean squared
 * difference over entries in the training mask of both. Slow changes over trials add little to it. 0 where no condition
 * has two trials.
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
 * The same for noise that is independent over time, where neighboring trials differ by more than noise: a twelfth of
 * the mean squared second difference over time of their difference. Smooth differences, such as those from initial
 * states, add little. Infinity where no two trials share three observed bins in a row.
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
 * Whether the noise is estimated from neighboring trials: with a squared error, if no share of the variance was given.
 */
export const noiseFrom = (loss: Loss, share: number | undefined): FitProblem["noiseFrom"] =>
  share === undefined && !isCustom(loss) && loss.description.kind === "meanSquaredError" ? "neighbors" : "given";

/**
 * The variance of the noise that weighs priors: the given share of the activity's variance, or the estimate from
 * neighboring trials. Losses on counts are likelihoods, which include the noise: for them it is 1, or the given share.
 */
export function noiseFor(loss: Loss, share: number | undefined, variance: number, ofNeighbors: () => number): number {
  if (noiseFrom(loss, share) === "neighbors") return ofNeighbors();
  return !isCustom(loss) && loss.targets === "counts" ? (share ?? 1) : (share ?? 0) * variance;
}

/** Noise below this share of the previous estimate counts as clearly smaller. */
const clearly = 0.7;

/**
 * The weight of priors after a start has converged: by the variance of its residuals, where that is clearly less than
 * the estimate from neighboring trials, whose differences include real variation from trial to trial. Parameters also
 * fit noise, so a share of the entries, as many as there are parameters, counts with the previous estimate.
 */
export function lighterWeight(problem: FitProblem, { params, best, priorWeight }: FitRun): number | undefined {
  const { noiseFrom, priorWeight: before } = problem;
  if (noiseFrom === "given" || priorWeight !== undefined || !best || !hasPriors(problem)) return undefined;
  const weight = (2 * best.loss + parameterCount(params) * before) / observedCount(problem.train);
  return weight < clearly * before ? weight : undefined;
}

const hasPriors = (problem: FitProblem): boolean => partsWithEnergies(problem).some(([{ prior }]) => prior);
