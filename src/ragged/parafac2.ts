import { halving, type Status } from "../base";
import { als, noExtrapolation, satisfying, type AlsState } from "../decompose";
import { cancels, cpOf } from "../factored";
import type { Matrix } from "../tensor";
import type { Parafac2Options } from "./parafac2-options";
import { parafac2Plan, type Parafac2Plan } from "./parafac2-plan";
import type { Parafac2Model } from "./parafac2-problem";
import { canonicalParafac2, type Parafac2Raw, type Parafac2Result, type Parafac2Start } from "./parafac2-result";
import { randomRaggedStart, singularStart } from "./ragged-start";

/**
 * PARAFAC2 of trials of different lengths, without padding: trial k, (time_k × units), is
 * `P_k B diag(weights * c_k) A'`, with orthonormal columns in P_k. All trials share what components do over units (A)
 * and how they go together (B'B); each trial has its own loadings (c_k) and its own course of time (P_k B).
 *
 * The result has unit columns, components sorted by weight, and a sign for every trial such that its weighted loadings
 * have a sum of at least zero. Its factors are `[c (trials × rank), B (rank × rank), A (units × rank)]`;
 * {@link evolvingFactors} gives `P_k B`, and {@link parafac2ToTrials} the trials of the model.
 *
 * @param trials - a matrix for each trial, (time × units), finite where observed; at least `rank` bins in each
 * @param rank - number of components, at most the number of units
 * @throws {@link LtrnnError} when trials are no such matrices, the rank does not fit, or an option is refused
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
 * @example [...parafac2Sweeps([tensor([1, 2], [1, 2]), tensor([2, 2], [1, 2, 2, 4])], 1, { starts: 1, sweeps: 2 })].length // 2
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

interface RunState {
  readonly state: State;
  readonly trace: readonly number[];
  readonly stage: Parafac2Result["stage"];
  readonly status: Status;
  readonly starts: readonly Parafac2Start[];
}

/** An alternation from one start. */
interface Runner {
  readonly kind: Parafac2Start["kind"];
  readonly seed: number;
  readonly sweeps: Generator<State>;
  readonly trace: number[];
  state?: State;
  steps: number;
  score: number;
  done: boolean;
}

/** Sweeps of a round of the comparison of starts. */
const roundLength = 30;

/** Sweep every start for a round and leave the worse half behind, until one is left; it sweeps until it settles. */
function* run(plan: Parafac2Plan): Generator<RunState> {
  const { starts: count, sweeps, given } = plan,
    runners = Array.from({ length: count }, (_, i) => runnerOf(plan, i));
  const turns = halving(runners, { round: Math.min(roundLength, sweeps), most: sweeps }),
    report = (runner: Runner, stage: RunState["stage"], ended: boolean): RunState => {
      const state = runner.state as State;
      return {
        state,
        trace: runner.trace,
        stage,
        status: ended ? outcomeOf(state) : "running",
        starts: given || count === 1 ? [] : runners.map(startOf),
      };
    };
  let pending: Runner | undefined; // the last one left has swept, and whether it goes on is not known yet
  for (let turn = turns.next(); ; turn = turns.next()) {
    if (turn.done) return yield report(turn.value, "sweeps", true);
    if (pending) yield report(pending, "sweeps", false);
    const { racer, alive } = turn.value;
    step(racer);
    pending = alive.length === 1 ? racer : undefined;
    if (!pending) yield report(best(alive), "start", false);
  }
}

const best = (runners: readonly Runner[]): Runner => runners.reduce((p, q) => (q.score < p.score ? q : p));

function runnerOf(plan: Parafac2Plan, index: number): Runner {
  const { data, rank, problem, given, constraints, of } = plan,
    seed = plan.seed + index,
    first = index === 0,
    settings = { threshold: plan.threshold, monotone: plan.monotone, accelerate: plan.accelerate, fixed: [] };
  const drawn = () => satisfying(first ? singularStart(data, rank) : randomRaggedStart(data, rank, seed), constraints),
    weights = new Float64Array(rank).fill(1),
    model: Parafac2Model = given ? { ...given.raw, weights } : { factors: drawn(), weights },
    resumes = given !== undefined && given.extrapolation.of === of;
  const resumed = resumes
    ? { relativeError: given.relativeError, extrapolation: given.extrapolation }
    : { relativeError: Infinity, extrapolation: noExtrapolation(of, model) };
  return {
    kind: first ? "singular vectors" : "random",
    seed,
    sweeps: als(problem, model, { ...settings, resumed }),
    trace: [],
    steps: 0,
    score: Infinity,
    done: false,
  };
}

function step(runner: Runner): void {
  const state: State = runner.sweeps.next().value;
  runner.state = state;
  runner.score = state.relativeError;
  runner.trace.push(state.relativeError);
  runner.steps++;
  runner.done = state.settled;
}

const startOf = ({ kind, seed, steps, score }: Runner): Parafac2Start => ({
  kind,
  seed,
  sweeps: steps,
  relativeError: score,
});

/** "degenerate" goes before the other two: whether the error settled is in the `trace`. */
function outcomeOf({ factors, weights, singular, settled }: State): Status {
  if (singular || cancels(cpOf(factors, weights))) return "degenerate";
  return settled ? "converged" : "exhausted";
}

/** The result that a state of a run stands for. */
function resultOf({ where, data, unit, provenance }: Parafac2Plan, run: RunState): Parafac2Result {
  const { factors, bases = [], relativeError, extrapolation } = run.state,
    raw: Parafac2Raw = { factors, bases };
  return {
    ...canonicalParafac2(where, raw, data.spans, unit),
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
