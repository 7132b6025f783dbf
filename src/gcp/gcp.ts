import { cancels, canonicalForm, cpOf } from "../factored";
import { boundedDescent } from "../optim";
import type { Tensor } from "../tensor";
import type { GcpOptions } from "./gcp-options";
import { planOf, type FirstPoint, type GcpPlan } from "./gcp-plan";
import type { EpochMemory, GcpResult, LbfgsbMemory } from "./gcp-result";
import { race, type GcpState, type RacedState } from "./race";
import { sampledEpochs } from "./sampled-epochs";

/**
 * Generalized CP decomposition: a CP model m of a tensor, fitted by any loss of entries, such as the likelihood of
 * counts or of zeros and ones. The sum of losses over the observed entries is minimized over all factors at once,
 * within bounds, by L-BFGS-B; beyond 10^7 entries by Adam on gradients of samples.
 *
 * @param x - two modes or more; observed entries of the kind that the loss takes: counts, zeros and ones, numbers of at
 * least 0, or any finite ones
 * @param rank - number of components
 * @throws {@link LtrnnError} when the loss is not defined for x, such as for counts below 0, or options do not fit
 * @remarks O(entries · rank) a gradient, in one pass that stores neither the model nor the derivatives. A run can end
 * in a poor local minimum: compare several by the option `starts`.
 * @see Hong, Kolda & Duersch (2020), Generalized canonical polyadic tensor decomposition, SIAM Review 62; Kolda & Hong
 * (2020), Stochastic gradients for large-scale tensor decomposition, SIAM J. Math. Data Sci. 2
 * @example gcp(tensor([2, 2], [1, 2, 2, 4]), 1, { loss: "poisson" }).relativeError < 1e-3 // true
 */
export function gcp(x: Tensor, rank: number, options: GcpOptions = {}): GcpResult {
  const plan = planOf("gcp", x, rank, options);
  let end: RacedState | undefined;
  for (const state of run(plan)) end = state;
  return resultOf(plan, end as RacedState);
}

/**
 * The stepwise form of {@link gcp}: it yields after every step, or epoch of samples. Wrong calls are refused at once.
 *
 * @throws {@link LtrnnError} as gcp
 * @remarks One more pass over x at every step than gcp, for the error that is reported.
 * @example [...gcpSteps(tensor([2, 2], [1, 0, 0, 1]), 1, { loss: "bernoulli", steps: 3 })].length // 3
 */
export function gcpSteps(x: Tensor, rank: number, options: GcpOptions = {}): Generator<GcpResult> {
  const plan = planOf("gcpSteps", x, rank, options);
  return (function* () {
    for (const state of run(plan)) yield resultOf(plan, state);
  })();
}

function* run(plan: GcpPlan): Generator<RacedState> {
  const runFrom = (from: FirstPoint) => (plan.solver === "adam" ? runSampled(plan, from) : runBounded(plan, from));
  if (plan.points.length > 1)
    yield* race(
      plan.points.map((from) => ({ ...from, run: runFrom(from) })),
      plan.steps,
    );
  else for (const state of runFrom(plan.points[0])) yield { ...state, stage: "steps", starts: [] };
}

function* runBounded({ problem, steps, tolerance }: GcpPlan, from: FirstPoint): Generator<GcpState> {
  const start = from.point(),
    remembered = start.memory as LbfgsbMemory | undefined;
  for (const { x, first, pairs, idle, trace, status, reason } of boundedDescent(
    problem.evaluate,
    { x: start.variables, pairs: remembered?.pairs ?? [], idle: remembered?.idle ?? 0 },
    problem.bounds,
    { steps, tolerance, first: remembered?.first },
  ))
    yield { variables: x, trace, status, reason, memory: { solver: "lbfgsb", first, pairs, idle } };
}

function* runSampled(plan: GcpPlan, from: FirstPoint): Generator<GcpState> {
  const start = from.point(),
    memory = start.memory as EpochMemory | undefined,
    trace: number[] = [];
  for (const state of sampledEpochs(
    plan.problem,
    { variables: start.variables, ...(memory ? { memory } : {}) },
    plan,
  )) {
    trace.push(state.loss);
    const end =
      state.ending ??
      (trace.length > plan.steps ? { status: "exhausted" as const, reason: "epochs ran out" } : undefined);
    if (trace.length > 1 || end)
      yield {
        variables: state.variables,
        trace,
        status: end?.status ?? "running",
        reason: end?.reason ?? "",
        memory: state.memory,
      };
    if (end) return;
  }
}

function resultOf({ where, problem, upright, provenance }: GcpPlan, state: RacedState): GcpResult {
  const { variables, trace, reason, memory, stage, starts } = state,
    raw = problem.factorsOf(variables.slice()),
    cp = cpOf(raw, new Float64Array(problem.rank).fill(1)),
    ended = state.status === "converged" || state.status === "exhausted";
  return {
    ...canonicalForm(where, cp, [], undefined, upright),
    loss: problem.lossAt(variables),
    relativeError: problem.relativeErrorAt(variables),
    trace: [...trace],
    steps: trace.length - 1,
    stage,
    status: ended && cancels(cp) ? "degenerate" : state.status,
    reason,
    starts,
    raw: raw.map(({ shape, data }) => ({ shape, data: data.slice() })),
    memory,
    provenance,
  };
}
