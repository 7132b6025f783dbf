import { random } from "../base";
import type { Counts } from "../losses";
import type { Batch } from "../run";
import { zeros, type Tensor3 } from "../tensor";
import { pickTrials } from "../train";

/** What is drawn again at every update. */
export interface Draws {
  readonly seed: number;
  /** share of the trials that an update sees */
  readonly trialShare: number;
  /** of the states, as {@link ProcessNoise} has it */
  readonly sigma: number;
}

/** Updates between steps that are compared, on all trials and without noise. */
export const updatesBetweenScores = 10;

/** What is drawn by these options; undefined where every update is of the same function. */
export function drawsOf(seed: number, trialShare: number, sigma: number): Draws | undefined {
  return trialShare < 1 || sigma > 0 ? { seed, trialShare, sigma } : undefined;
}

/** The entries of each trial that a mask knows. */
export function observedOfTrials({ shape: [trials, time, neurons], data }: Tensor3): readonly number[] {
  const size = time * neurons;
  return Array.from({ length: trials }, (_, k) => data.subarray(k * size, (k + 1) * size).reduce((a, b) => a + b, 0));
}

/** The trials that an update sees, of those that have entries to train on, in their order; undefined: all. */
export function trialsOfUpdate(
  { seed, trialShare }: Draws,
  observed: readonly number[],
  step: number,
): readonly number[] | undefined {
  if (trialShare === 1) return undefined;
  const seen = Array.from(observed.keys()).filter((k) => observed[k] > 0);
  return random(seed, `trials of update ${step}`)
    .shuffled(seen)
    .slice(0, Math.max(1, Math.round(trialShare * seen.length)))
    .sort((p, q) => p - q);
}

/** What the loss of these trials is a mean over; undefined: of all. */
export const countsOf = (
  observed: readonly number[],
  trials: readonly number[] = Array.from(observed.keys()),
): Counts => ({
  observed: trials.reduce((sum, k) => sum + observed[k], 0),
  validated: 0,
});

/** A batch of some of the trials, and what takes gradients in its inputs to those in all inputs. */
export function drawnBatch(batch: Batch, trials: readonly number[] | undefined) {
  if (!trials) return { batch, spread: (gradients: Tensor3) => gradients };
  const [count] = batch.inputs.shape;
  return {
    batch: pickTrials({ ...batch, trials: Array.from({ length: count }, (_, k) => k) }, trials),
    spread: (gradients: Tensor3) => overAllTrials(gradients, trials, count),
  };
}

/** What belongs to some of the trials, in their places among `count`; zeros for the others. */
export function overAllTrials(
  { shape: [, time, n], data }: Tensor3,
  trials: readonly number[],
  count: number,
): Tensor3 {
  const all = zeros([count, time, n]),
    size = time * n;
  for (const [i, trial] of trials.entries()) all.data.set(data.subarray(i * size, (i + 1) * size), trial * size);
  return all;
}
