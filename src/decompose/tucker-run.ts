import type { HooiState } from "./hooi";
import type { TuckerOrigin } from "./tucker-plan";

/** One of several starts. */
export interface TuckerStart {
  readonly kind: "hosvd" | "random" | "given";
  readonly seed: number;
  readonly relativeError: number;
}

/** How a kind of Tucker decomposition sweeps. */
interface TuckerSweeping<State extends HooiState, Origin extends TuckerOrigin> {
  readonly origins: readonly Origin[];
  /** sweeps of each start before the best continues */
  readonly sweepsToCompare: number;
  /** at most, after the start */
  readonly sweeps: number;
  /** whether the start is already the result */
  readonly endsAtStart: boolean;
  /** the start, then a state after every sweep, without end */
  from(origin: Origin): Generator<State>;
  /** an origin that continues from a state of its sweeps */
  goOn(origin: Origin, state: State): Origin;
}

/** What is known after a sweep, beside its state. */
export interface TuckerProgress {
  readonly trace: readonly number[];
  readonly status: "running" | "converged" | "exhausted";
  readonly starts: readonly TuckerStart[];
}

/** The start that is best after a few sweeps, and its sweeps until they converge or run out. */
export function* tuckerRun<State extends HooiState, Origin extends TuckerOrigin>(
  sweeping: TuckerSweeping<State, Origin>,
): Generator<State & TuckerProgress> {
  const { sweeps, endsAtStart } = sweeping,
    { best, starts } = bestOf(sweeping),
    trace: number[] = [];
  for (const state of sweeping.from(best)) {
    trace.push(state.relativeError);
    const done = state.relativeError === 0 || (state.settled && trace.length > 1) || endsAtStart,
      isLast = done || trace.length > sweeps;
    yield { ...state, trace, status: done ? "converged" : isLast ? "exhausted" : "running", starts };
    if (isLast) return;
  }
}

/** The start with the lowest error after a few sweeps, and all errors. */
function bestOf<State extends HooiState, Origin extends TuckerOrigin>(
  sweeping: TuckerSweeping<State, Origin>,
): { readonly best: Origin; readonly starts: readonly TuckerStart[] } {
  const { origins, sweepsToCompare } = sweeping;
  if (origins.length === 1) return { best: origins[0], starts: [] };
  const tried = origins.map((origin) => {
    let swept: State | undefined,
      count = 0;
    for (const state of sweeping.from(origin)) {
      swept = state;
      if (state.settled || count++ === sweepsToCompare) break;
    }
    const state = swept as State;
    return { origin: sweeping.goOn(origin, state), relativeError: state.relativeError };
  });
  const best = tried.reduce((found, one) => (one.relativeError < found.relativeError ? one : found));
  return {
    best: best.origin,
    starts: tried.map(({ origin: { kind, seed }, relativeError }) => ({ kind, seed, relativeError })),
  };
}
