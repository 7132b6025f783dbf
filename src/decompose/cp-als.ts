import type { Status } from "../base";
import { cancels, cpOf } from "../factored";
import type { Tensor } from "../tensor";
import { als, type AlsState } from "./als";
import type { CpOptions } from "./cp-options";
import { planOf, type CpPlan } from "./cp-plan";
import { resultOf, type CpResult, type RunState } from "./cp-result";
import { firstModel } from "./first-model";

/**
 * CP decomposition (CANDECOMP/PARAFAC) of a tensor of any number of modes by alternating least squares: each sweep
 * solves for the factor of every mode in turn.
 *
 * The result has unit columns, components sorted by weight, and the largest entry of every column positive in all modes
 * but the last, unless a constraint fixes signs; `raw` keeps the factors before this normalization.
 *
 * @param x - two modes or more, finite where observed
 * @param rank - number of components
 * @throws {@link LtrnnError} when x is not finite or the start does not fit
 * @remarks O(sweeps · entries · rank): two passes over x a sweep, for any number of modes, and three in two sweeps of
 * three long ones; with a mask, exact least squares cost rank / 2 times more. A run can end in a poor local minimum:
 * see the option `starts`.
 * @see Kolda & Bader (2009), Tensor decompositions and applications, SIAM Review 51, section 3.4; the error from the
 * last MTTKRP as in TensorLy
 * @example cpAls(cpToTensor({ weights: tensor([1], [2]), factors: [tensor([2, 1], [1, 0]), tensor([2, 1], [0, 1])] }),
 * 1).weights.data // Float64Array [2]
 */
export function cpAls(x: Tensor, rank: number, options: CpOptions = {}): CpResult {
  const plan = planOf("cpAls", x, rank, options);
  let end: RunState | undefined;
  for (const state of run(plan)) end = state;
  return resultOf(plan, end as RunState);
}

/**
 * The stepwise form of {@link cpAls}: it yields after every sweep. Wrong calls are refused at once.
 *
 * @throws {@link LtrnnError} as cpAls
 * @example [...cpAlsSweeps(zeros([2, 2, 2]), 1, { sweeps: 3 })].length // 1: zero is reached at once
 */
export function cpAlsSweeps(x: Tensor, rank: number, options: CpOptions = {}): Generator<CpResult> {
  const plan = planOf("cpAlsSweeps", x, rank, options);
  return (function* () {
    for (const state of run(plan)) yield resultOf(plan, state);
  })();
}

/** Choose where to start, then sweep over x until the error settles or sweeps run out. */
function* run(plan: CpPlan): Generator<RunState> {
  const { model, origin, resumed } = yield* firstModel(plan),
    trace: number[] = [];
  for (const state of als(plan.problem, model, { ...plan, resumed })) {
    trace.push(state.relativeError);
    const isLast = state.settled || trace.length === plan.sweeps;
    yield { ...state, trace, stage: "sweeps", status: isLast ? outcomeOf(state) : "running", origin };
    if (isLast) return;
  }
}

/** "degenerate" takes precedence over the other two: whether the error settled is in the `trace`. */
function outcomeOf({ factors, weights, singular, settled }: AlsState): Status {
  if (singular || cancels(cpOf(factors, weights))) return "degenerate";
  return settled ? "converged" : "exhausted";
}
