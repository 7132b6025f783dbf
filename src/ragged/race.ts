import { raced, type Status } from "../base";
import type { AlsState } from "../decompose";
import { cancels, cpOf } from "../factored";
import type { Parafac2Start } from "./parafac2-result";

/** The state of a race of starts. */
export interface RaceState<S extends AlsState> {
  /** of the best start so far */
  readonly state: S;
  readonly trace: readonly number[];
  readonly stage: "start" | "sweeps";
  readonly status: Status;
  readonly starts: readonly Parafac2Start[];
}

export interface RaceSettings<S extends AlsState> {
  /** how many starts are compared */
  readonly starts: number;
  /** most sweeps of the one that is left */
  readonly sweeps: number;
  readonly seed: number;
  /** whether the start was given, and so not compared */
  readonly given: boolean;
  /** the alternation from start number `index`: the first from singular vectors, the others at random */
  sweepsOf(index: number): Generator<S>;
}

/** An alternation from one start. */
interface Runner<S> {
  readonly kind: Parafac2Start["kind"];
  readonly seed: number;
  readonly sweeps: Generator<S>;
  readonly trace: number[];
  state?: S;
  steps: number;
  score: number;
  done: boolean;
}

/** Sweeps of a round of the comparison of starts. */
const roundLength = 30;

/** Sweep every start for a round and drop the worse half, until one is left; it sweeps until it converges. */
export function* race<S extends AlsState>(settings: RaceSettings<S>): Generator<RaceState<S>> {
  const { starts: count, sweeps, given, seed } = settings,
    runners = Array.from(
      { length: count },
      (_, index): Runner<S> => ({
        kind: index === 0 ? "singular vectors" : "random",
        seed: seed + index,
        sweeps: settings.sweepsOf(index),
        trace: [],
        steps: 0,
        score: Infinity,
        done: false,
      }),
    );
  for (const { racer, stage } of raced(runners, { round: roundLength, most: sweeps }, step)) {
    const state = racer.state as S,
      ended = stage === "ended";
    yield {
      state,
      trace: racer.trace,
      stage: ended ? "sweeps" : stage,
      status: ended ? outcomeOf(state) : "running",
      starts: given || count === 1 ? [] : runners.map(startOf),
    };
  }
}

function step<S extends AlsState>(runner: Runner<S>): void {
  const state: S = runner.sweeps.next().value;
  runner.state = state;
  runner.score = state.relativeError;
  runner.trace.push(state.relativeError);
  runner.steps++;
  runner.done = state.settled;
}

const startOf = ({ kind, seed, steps, score }: Runner<unknown>): Parafac2Start => ({
  kind,
  seed,
  sweeps: steps,
  relativeError: score,
});

/** "degenerate" takes precedence over the other two: whether the error settled is in the `trace`. */
function outcomeOf({ factors, weights, singular, settled }: AlsState): Status {
  if (singular || cancels(cpOf(factors, weights))) return "degenerate";
  return settled ? "converged" : "exhausted";
}
