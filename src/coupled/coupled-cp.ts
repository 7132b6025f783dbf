import { raced } from "../base";
import type { Tensor } from "../tensor";
import type { CoupledOptions } from "./coupled-options";
import { coupledPlan, type CoupledPlan } from "./coupled-plan";
import type { CoupledCpResult } from "./coupled-result";
import { firstRunner, sweepOnce } from "./coupled-runner";
import { resultOf } from "./result-of";

/**
 * CP decompositions of several tensors, such as sessions or areas, that share the factor of one mode: each tensor has
 * its own weights, and its own factors in its other modes, of any number and size (coupled matrix and tensor
 * factorization).
 *
 * It minimizes the weighted mean of the squared relative errors of the tensors by alternating least squares, so that a
 * large recording does not outweigh a small one. Without constraints the error never rises, and slow sweeps are
 * extrapolated along their last change. A result given as `start` continues to the same bits as a run that was never
 * stopped.
 *
 * @param tensors - two modes or more each, finite where observed
 * @param shared - the mode of each tensor that is shared; it has the same size in all
 * @throws {@link LtrnnError} when sizes of the shared mode differ, the rank does not fit, or an option is refused
 * @remarks O(sweeps · entries of all tensors · rank).
 * @see Acar, Kolda & Dunlavy (2011), All-at-once optimization for coupled matrix and tensor factorizations, KDD MLG
 * @example coupledCp([tensor([2, 1], [3, 4]), tensor([1, 2], [6, 8])], [0, 1], 1).shared.data
 * // Float64Array [0.6, 0.8], up to rounding
 */
export function coupledCp(
  tensors: readonly Tensor[],
  shared: readonly number[],
  rank: number,
  options: CoupledOptions = {},
): CoupledCpResult {
  const plan = coupledPlan("coupledCp", tensors, shared, rank, options);
  let end: CoupledCpResult | undefined;
  for (const state of run(plan)) end = state;
  return end as CoupledCpResult;
}

/**
 * The stepwise form of {@link coupledCp}: it yields after every sweep. Wrong calls are refused at once.
 *
 * @throws {@link LtrnnError} as coupledCp
 * @example [...coupledCpSweeps([tensor([2, 2], [1, 2, 3, 4])], [0], 1, { sweeps: 2, starts: 1 })].length // 2
 */
export function coupledCpSweeps(
  tensors: readonly Tensor[],
  shared: readonly number[],
  rank: number,
  options: CoupledOptions = {},
): Generator<CoupledCpResult> {
  return run(coupledPlan("coupledCpSweeps", tensors, shared, rank, options));
}

/** Sweep every start for a round and drop the worse half, until one is left. */
function* run(plan: CoupledPlan): Generator<CoupledCpResult> {
  const runners = Array.from({ length: plan.starts }, (_, i) => firstRunner(plan, i)),
    race = raced(runners, { round: 30, most: plan.sweeps }, (runner) => sweepOnce(plan, runner));
  for (const { racer, stage } of race) yield resultOf(plan, racer, runners, stage);
}
