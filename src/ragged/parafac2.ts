import { als, noExtrapolation, sizedStart, type AlsState } from "../decompose";
import type { Matrix } from "../tensor";
import type { Parafac2Options } from "./parafac2-options";
import { parafac2Plan, type Parafac2Plan } from "./parafac2-plan";
import type { Parafac2Model } from "./parafac2-problem";
import { apart, canonicalParafac2, type Parafac2Raw, type Parafac2Result } from "./parafac2-result";
import { race, type RaceState } from "./race";
import { randomRaggedStart, singularStart } from "./ragged-start";
import { stacked } from "./stacked";

/**
 * PARAFAC2 of trials of different lengths, without padding: trial k, (time_k × units), is `P_k B diag(weights * c_k)
 * A'`, with orthonormal columns in P_k. All trials share the loadings of units (A) and the inner products of time
 * courses (B'B); each trial has its own loadings (c_k) and its own time courses (P_k B).
 *
 * The result has unit columns, components sorted by weight, and a sign for every trial such that its weighted loadings
 * have a sum of at least zero. Its factors are `[c (trials × rank), B (rank × rank), A (units × rank)]`;
 * {@link evolvingFactors} gives `P_k B`, and {@link parafac2ToTrials} the trials of the model.
 *
 * @param trials - a matrix for each trial, (time × units), finite where observed; at least `rank` bins in each
 * @param rank - number of components, at most the number of units
 * @throws {@link LtrnnError} when trials are not such matrices, the rank does not fit, or an option is refused
 * @remarks O(sweeps · entries · rank), and one small eigenvalue problem a trial and sweep. Monotone without
 * constraints: the error never rises.
 * @see Kiers, ten Berge & Bro (1999), PARAFAC2, part I, Journal of Chemometrics 13, 275 (direct fitting)
 * @example parafac2([tensor([2, 2], [1, 2, 2, 4]), tensor([3, 2], [1, 2, 0, 0, 1, 2])], 1).relativeError < 1e-8 // true
 */
export function parafac2(trials: readonly Matrix[], rank: number, options: Parafac2Options = {}): Parafac2Result {
  const plan = parafac2Plan("parafac2", trials, rank, options);
  let end: RunState | undefined;
  for (const state of run(plan)) end = state;
  return resultOf(plan, end as RunState);
}

/**
 * The stepwise form of {@link parafac2}: it yields after every sweep. Wrong calls are refused at once.
 *
 * @throws {@link LtrnnError} as parafac2
 * @example [...parafac2Sweeps([tensor([1, 2], [1, 2]), tensor([2, 2], [1, 2, 2, 4])], 1, { starts: 1,
 * sweeps: 2 })].length // 2
 */
export function parafac2Sweeps(
  trials: readonly Matrix[],
  rank: number,
  options: Parafac2Options = {},
): Generator<Parafac2Result> {
  const plan = parafac2Plan("parafac2Sweeps", trials, rank, options);
  return (function* () {
    for (const state of run(plan)) yield resultOf(plan, state);
  })();
}

type State = Parafac2Model & AlsState;
type RunState = RaceState<State>;

/** Sweep every start for a round and drop the worse half, until one is left; it sweeps until it converges. */
const run = (plan: Parafac2Plan): Generator<RunState> =>
  race({ ...plan, given: plan.given !== undefined, sweepsOf: (index) => sweepsOf(plan, index) });

/** The alternation from one start. */
function sweepsOf(plan: Parafac2Plan, index: number): Generator<State> {
  const { data, rank, problem, given, constraints, of } = plan,
    settings = { threshold: plan.threshold, monotone: plan.monotone, accelerate: plan.accelerate, fixed: [] };
  const start = () => (index === 0 ? singularStart(data, rank) : randomRaggedStart(data, rank, plan.seed + index)),
    weights = new Float64Array(rank).fill(1),
    model: Parafac2Model = given
      ? { factors: given.raw.factors, bases: stacked(given.raw.bases), weights }
      : { factors: sizedStart(start(), constraints, data.norm), weights },
    resumes = given !== undefined && given.extrapolation.of === of;
  const resumed = resumes
    ? { relativeError: given.relativeError, extrapolation: given.extrapolation }
    : { relativeError: Infinity, extrapolation: noExtrapolation(of, model) };
  return als(problem, model, { ...settings, resumed });
}

/** The result that a state of a run stands for. */
function resultOf({ where, data, unit, constraints, provenance }: Parafac2Plan, run: RunState): Parafac2Result {
  const { factors, bases, relativeError, extrapolation } = run.state,
    raw: Parafac2Raw = { factors, bases: apart(bases) };
  return {
    ...canonicalParafac2(where, raw, data.spans, unit, constraints),
    relativeError,
    trace: [...run.trace],
    sweeps: run.trace.length,
    stage: run.stage,
    status: run.status,
    starts: run.starts,
    raw,
    extrapolation,
    provenance,
  };
}
