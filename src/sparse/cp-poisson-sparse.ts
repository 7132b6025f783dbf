import { fail, type Status } from "../base";
import { canonicalForm, cpOf } from "../factored";
import { boundedDescent } from "../optim";
import type { Matrix } from "../tensor";
import {
  sparsePoissonPlan,
  startOf,
  type SparsePoissonOptions,
  type SparsePoissonPlan,
  type SparsePoissonResult,
} from "./sparse-poisson-plan";
import type { SparseTensor } from "./sparse-tensor";

/**
 * CP decomposition of sparse counts, such as spikes in narrow bins, by their Poisson likelihood: factors are
 * non-negative, and the model is the expected count of every entry. Time and memory grow with the listed entries, not
 * with the size of the tensor, since the sum of all expected counts is a product of column sums. It minimizes the loss
 * of `gcp` with "poisson" on the whole tensor, by L-BFGS-B.
 *
 * @param x - counts, two modes or more
 * @param rank - number of components
 * @throws {@link LtrnnError} when x is not a sparse tensor of counts, or has none, the start does not fit, or an option
 * is refused
 * @remarks O(steps · listed entries · modes · rank) operations.
 * @see Chi & Kolda (2012), On tensors, sparsity, and nonnegative factorizations, SIAM J. Matrix Anal. Appl. 33; Hong,
 * Kolda & Duersch (2020), Generalized canonical polyadic tensor decomposition, SIAM Review 62
 * @example cpPoissonSparse(sparseOf(tensor([2, 2], [2, 4, 1, 2])), 1).weights.data.length // 1
 */
export function cpPoissonSparse(
  x: SparseTensor,
  rank: number,
  options: SparsePoissonOptions = {},
): SparsePoissonResult {
  const plan = sparsePoissonPlan("cpPoissonSparse", x, rank, options),
    ends = Array.from({ length: plan.starts }, (_, start) => {
      let end: State | undefined;
      for (const state of run(plan, start)) end = state;
      return end as State;
    }),
    best = ends.reduce((p, q) => (lastOf(q.trace) < lastOf(p.trace) ? q : p));
  return resultOf(plan, best, plan.starts > 1 ? ends.map(({ trace }) => lastOf(trace)) : []);
}

/**
 * The stepwise form of {@link cpPoissonSparse} from one start: it yields after every step. Wrong calls are refused at
 * once.
 *
 * @throws {@link LtrnnError} as cpPoissonSparse, and for more than one start
 * @example [...cpPoissonSparseSteps(sparseOf(tensor([2, 2], [2, 0, 1, 5])), 1, { steps: 2, tolerance: 0 })].length
 * // 2
 */
export function cpPoissonSparseSteps(
  x: SparseTensor,
  rank: number,
  options: SparsePoissonOptions = {},
): Generator<SparsePoissonResult> {
  const where = "cpPoissonSparseSteps",
    plan = sparsePoissonPlan(where, x, rank, options);
  if (plan.starts > 1)
    fail(where, {
      expected: "one start",
      got: `${plan.starts} starts`,
      fix: "Run each seed, or let cpPoissonSparse compare them.",
    });
  return (function* () {
    for (const state of run(plan, 0)) yield resultOf(plan, state, []);
  })();
}

interface State {
  readonly factors: readonly Matrix[];
  readonly trace: readonly number[];
  readonly status: Status;
  readonly reason: string;
}

function* run(plan: SparsePoissonPlan, start: number): Generator<State> {
  const { problem, perEntry, steps, tolerance } = plan,
    first = startOf(plan, start),
    bounds = { lower: new Float64Array(problem.variables), upper: first.map(() => Infinity) };
  for (const { x, trace, status, reason } of boundedDescent(problem.evaluate, { x: first }, bounds, {
    steps,
    tolerance,
  }))
    yield { factors: problem.factorsOf(x.slice()), trace: trace.map((loss) => loss * perEntry), status, reason };
}

const lastOf = (trace: readonly number[]): number => trace[trace.length - 1];

function resultOf(
  { where, rank, provenance: made }: SparsePoissonPlan,
  { factors, trace, status, reason }: State,
  starts: readonly number[],
): SparsePoissonResult {
  return {
    ...canonicalForm(where, cpOf(factors, new Float64Array(rank).fill(1)), []),
    loss: lastOf(trace),
    trace,
    steps: trace.length - 1,
    status,
    reason,
    starts,
    provenance: made,
  };
}
