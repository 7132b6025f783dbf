import { fail } from "../base";
import { zerosFor, type Matrix, type Tensor3 } from "../tensor";
import { checkTrials } from "./check-trials";

/** Trials of different lengths, as long as the longest. */
export interface PaddedTrials {
  /** (trials × time × neurons), NaN after the end of each trial */
  readonly activity: Tensor3;
  /** 1 up to the end of each trial, 0 after it */
  readonly mask: Tensor3;
}

/**
 * Trials of different lengths as one tensor, with the mask to fit it with: what comes after the end of a trial is never
 * read.
 *
 * @param trials - a matrix for each trial, (time × neurons)
 * @throws {@link LtrnnError} when trials are not matrices with the same number of neurons, or none has a bin
 * @remarks O(trials · longest · neurons).
 * @example padTrials([tensor([2, 1], [1, 2]), tensor([1, 1], [3])]).activity.data // Float64Array [1, 2, 3, NaN]
 */
export function padTrials(trials: readonly Matrix[]): PaddedTrials {
  const where = "padTrials";
  const list = checkTrials(where, trials),
    neurons = list[0].shape[1],
    time = list.reduce((longest, { shape }) => Math.max(longest, shape[0]), 0);
  if (time === 0 || neurons === 0)
    fail(where, {
      expected: "at least one time bin and one neuron",
      got: `trials of shape (${list[0].shape.join(" × ")})`,
      fix: "Leave empty trials out.",
    });
  const activity = zerosFor(where, [list.length, time, neurons]),
    mask = zerosFor(where, activity.shape);
  for (const [k, { data }] of list.entries()) {
    const first = k * time * neurons,
      end = first + data.length;
    activity.data.set(data, first);
    activity.data.fill(Number.NaN, end, first + time * neurons);
    mask.data.fill(1, first, end);
  }
  return { activity, mask };
}
