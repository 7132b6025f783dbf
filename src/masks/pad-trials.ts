import { fail, show } from "../base";
import { checkTensor, zerosFor, type Matrix, type Tensor3 } from "../tensor";

/** Trials of different lengths, as long as the longest. */
export interface PaddedTrials {
  /** (trials × time × neurons), NaN after the end of each trial */
  readonly activity: Tensor3;
  /** 1 up to the end of each trial, 0 after it */
  readonly mask: Tensor3;
}

/**
 * Trials of different lengths as one tensor and the mask that a fit takes with it: what comes after the end of a trial
 * is never read.
 *
 * @param trials - a matrix for each trial, (time × neurons)
 * @throws {@link LtrnnError} when trials are no matrices of one number of neurons, or none has a bin
 * @remarks O(trials · longest · neurons).
 * @example padTrials([tensor([2, 1], [1, 2]), tensor([1, 1], [3])]).activity.data // Float64Array [1, 2, 3, NaN]
 */
export function padTrials(trials: readonly Matrix[]): PaddedTrials {
  const where = "padTrials";
  if (!Array.isArray(trials) || trials.length === 0)
    fail(where, {
      expected: "trials to be an array of matrices (time × neurons), at least one",
      got: show(trials),
      fix: "Pass one matrix for each trial.",
    });
  const list = Array.from(trials as readonly unknown[], (trial, k) => {
    checkTensor(where, `trials[${k}]`, trial as Matrix, 2);
    return trial as Matrix;
  });
  const neurons = list[0].shape[1],
    time = list.reduce((longest, { shape }) => Math.max(longest, shape[0]), 0),
    other = list.findIndex(({ shape }) => shape[1] !== neurons);
  if (other >= 0)
    fail(where, {
      expected: `${neurons} neurons in every trial, as in the first`,
      got: `${list[other].shape[1]} in trials[${other}]`,
      fix: "Order each trial as (time × neurons), with the same neurons in all.",
    });
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
