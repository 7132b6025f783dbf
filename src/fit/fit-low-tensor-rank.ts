import type { Tensor3 } from "../tensor";
import type { FitOptions } from "./fit-options";
import type { LowTensorRankFit } from "./fit-result";
import { fitSteps, fitToEnd } from "./fit-steps";

/**
 * Fit a low-tensor-rank RNN (ltrRNN) to activity recorded over learning: `tau dx/dt = -x + W^(k) phi(x) + W_in u + b`
 * with `W^(k) = sum_r c_r(k) a_r b_r'`, trial factors smooth over trials (a Gaussian process, whitened), and initial
 * states and inputs that differ between conditions. Neurons are a linear readout of the rates with a bias, the rates
 * themselves, or what a head makes of them. The objective is the loss over the mask (default half the mean squared
 * error) minus the logarithm of the priors, weighed by the noise; the result is the step with the lowest loss over
 * `validation`.
 *
 * @param activity - (trials × time × neurons), in the order the trials took place; one Euler step per bin
 * @param rank - number of components of the weight tensor
 * @throws {@link LtrnnError} when shapes or labels disagree, an observed entry is not finite, masks overlap, the
 * activation cannot reach the activity, or threads are requested where they are not available
 * @remarks Activity and known inputs are fitted in standard units, so the result does not depend on their units.
 * O(updates · trials · time · units · (rank + inputs + neurons)). A start that diverges is listed in `starts` and
 * dropped.
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), Low Tensor Rank Learning of Neural Dynamics, NeurIPS 36
 * @example (await fitLowTensorRank(zeros([4, 6, 3]), 1, { decoder: "identity", training: { steps: 2,
 * starts: 1 } })).prediction.shape // [4, 6, 3]
 */
export function fitLowTensorRank(activity: Tensor3, rank: number, options?: FitOptions): Promise<LowTensorRankFit> {
  return fitToEnd("fitLowTensorRank", activity, rank, options);
}

/**
 * The stepwise form of {@link fitLowTensorRank}: it yields the best fit so far, after every ten updates of a start.
 * Each step is progress, result and checkpoint: passed as `start` to another call, it continues to the same bits.
 *
 * @throws {@link LtrnnError} as fitLowTensorRank
 * @example (await last(fitLowTensorRankSteps(zeros([4, 6, 3]), 1, { decoder: "identity", training: { steps: 2,
 * starts: 1 } }))).status // "converged"
 */
export function fitLowTensorRankSteps(
  activity: Tensor3,
  rank: number,
  options?: FitOptions,
): AsyncGenerator<LowTensorRankFit> {
  return fitSteps("fitLowTensorRankSteps", activity, rank, options);
}
