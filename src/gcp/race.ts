import { halving, type Status } from "../base";
import type { NamedStart } from "../decompose";
import type { GcpMemory, GcpStart } from "./gcp-result";

/** A state of a run. */
export interface GcpState {
  readonly variables: Float64Array;
  /** the loss with penalties at the start and after every step */
  readonly trace: readonly number[];
  readonly status: Status;
  readonly reason: string;
  readonly memory: GcpMemory;
}

/** A state, and what is known of the starts so far. */
export interface RacedState extends GcpState {
  readonly stage: "start" | "steps";
  readonly starts: readonly GcpStart[];
}

/** A start, and the run from it. */
export interface Entrant {
  readonly kind: NamedStart;
  readonly seed: number;
  readonly run: Generator<GcpState>;
}

/** Steps of a round. */
const roundLength = 10;

/**
 * Runs from several starts by successive halving: it yields the best state after every step. The run that is left
 * continues as if it had been the only one.
 */
export function* race(entrants: readonly Entrant[], steps: number): Generator<RacedState> {
  const racers = entrants.map((entrant) => ({
    ...entrant,
    steps: 0,
    score: Infinity,
    done: false,
    state: undefined as GcpState | undefined,
  }));
  const turns = halving(racers, { round: roundLength, most: steps });
  const report = (state: GcpState, stage: RacedState["stage"], status = state.status): RacedState => ({
    ...state,
    status,
    stage,
    starts: racers
      .filter((racer) => racer.state)
      .map(({ kind, seed, steps: made, score }) => ({ kind, seed, steps: made, loss: score })),
  });
  for (;;) {
    const turn = turns.next();
    if (turn.done) {
      yield report(turn.value.state as GcpState, "steps");
      return;
    }
    const { racer, alive } = turn.value,
      state = racer.run.next().value as GcpState;
    racer.state = state;
    racer.steps++;
    racer.score = state.trace[state.trace.length - 1];
    racer.done = state.status !== "running";
    const isLast = alive.length === 1;
    if (isLast && racer.done) continue;
    const best = racers.reduce((p, q) => (q.state && !(q.score >= p.score) ? q : p), racer);
    yield report((isLast ? racer : best).state as GcpState, isLast ? "steps" : "start", "running");
  }
}
