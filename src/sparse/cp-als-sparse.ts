import { halving, type Status } from "../base";
import type { AlsState } from "../decompose";
import { canonicalForm, cancels, cpOf } from "../factored";
import type { SparseCpResult } from "./sparse-cp-result";
import { sparsePlan, type Runner, type SparseCpOptions, type SparsePlan } from "./sparse-plan";
import type { SparseTensor } from "./sparse-tensor";

/**
 * CP decomposition by alternating least squares of a tensor of mostly zeros, such as spikes in narrow bins: entries
 * that are not listed are zero; time and memory grow with the listed entries, not with the size of the tensor.
 *
 * The result has the form of that of {@link cpAls}: unit columns, components sorted by weight. The error comes from
 * sums over the listed entries and the factors, so that relative errors below 1e-7 are rounding.
 *
 * @param x - two modes or more
 * @param rank - number of components
 * @throws {@link LtrnnError} when x is not a sparse tensor, the start does not fit, or an option is refused
 * @remarks O(sweeps · listed entries · modes · rank) operations; memory of the factors alone.
 * @see Bader & Kolda (2008), Efficient MATLAB computations with sparse and factored tensors, SIAM J. Sci. Comput. 30
 * @example cpAlsSparse(sparseOf(tensor([2, 2], [2, 0, 0, 0])), 1).weights.data // Float64Array [2], up to rounding
 */
export function cpAlsSparse(x: SparseTensor, rank: number, options: SparseCpOptions = {}): SparseCpResult {
  const plan = sparsePlan("cpAlsSparse", x, rank, options);
  let end: Runner | undefined;
  for (const { runner } of run(plan)) end = runner;
  return resultOf(plan, end as Runner, true);
}

/**
 * The stepwise form of {@link cpAlsSparse}: it yields after every sweep; while starts are compared, the best one so
 * far. Wrong calls are refused at once.
 *
 * @throws {@link LtrnnError} as cpAlsSparse
 * @example [...cpAlsSparseSweeps(sparseOf(tensor([2, 2], [1, 0, 2, 3])), 1, { sweeps: 2, tolerance: 0 })].length // 2
 */
export function cpAlsSparseSweeps(
  x: SparseTensor,
  rank: number,
  options: SparseCpOptions = {},
): Generator<SparseCpResult> {
  const plan = sparsePlan("cpAlsSparseSweeps", x, rank, options);
  return (function* () {
    for (const { runner, ended } of run(plan)) yield resultOf(plan, runner, ended);
  })();
}

/** Sweep every start for a round and drop the worse half, until one is left; yields the best after every sweep. */
function* run({ runners, sweeps }: SparsePlan): Generator<{ readonly runner: Runner; readonly ended: boolean }> {
  const turns = halving(runners, { round: Math.min(20, sweeps), most: sweeps });
  let pending: Runner | undefined; // whether it continues is not known before the next turn
  for (let turn = turns.next(); ; turn = turns.next()) {
    if (turn.done) {
      yield { runner: turn.value, ended: true };
      return;
    }
    if (pending) yield { runner: pending, ended: false };
    const { racer, alive } = turn.value;
    step(racer);
    pending = alive.reduce((p, q) => (q.score < p.score ? q : p));
  }
}

function step(runner: Runner): void {
  const state: AlsState = runner.states.next().value;
  runner.state = state;
  runner.trace.push(state.relativeError);
  runner.score = state.relativeError;
  runner.steps++;
  runner.done = state.settled;
}

function resultOf(
  { where, runners, rank, unit, upright, provenance }: SparsePlan,
  runner: Runner,
  ended: boolean,
): SparseCpResult {
  const { factors, weights, singular, settled, relativeError, extrapolation } = runner.state as AlsState,
    degenerate = singular || cancels(cpOf(factors, weights)),
    status: Status = !ended ? "running" : degenerate ? "degenerate" : settled ? "converged" : "exhausted";
  return {
    ...canonicalForm(where, cpOf(factors, weights), [], new Array<number>(rank).fill(unit), upright),
    relativeError,
    trace: [...runner.trace],
    sweeps: runner.trace.length,
    status,
    starts: runners.length > 1 ? runners.map(({ score }) => score) : [],
    raw: factors,
    extrapolation,
    provenance,
  };
}
