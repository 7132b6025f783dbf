import { halving } from "../base";
import type { Level } from "../factored";
import type { Matrix, Tensor } from "../tensor";
import { als, type AlsState } from "./als";
import type { AlsModel, LeastSquares } from "./als-model";
import type { CpStart, StartKind } from "./cp-result";
import { noExtrapolation } from "./extrapolation";
import { hosvdStart } from "./hosvd-start";
import { pencilStart } from "./pencil-start";
import { randomStart } from "./random-start";
import { sizedStart } from "./sized-start";
import type { Demands } from "./update-factor";

/** Several starts on one tensor. */
export interface Comparison extends Pick<Demands, "constraints"> {
  /** x, or the core of it */
  readonly x: Tensor;
  readonly rank: number;
  readonly level: Level;
  readonly problem: LeastSquares;
  /** leading left singular vectors of every mode's unfolding: starts are made from them, if x is plain */
  readonly bases: () => readonly Matrix[];
  readonly seed: number;
  readonly starts: number;
  /** true when there are no missing entries, constraints or fixed modes, which all but random starts need */
  readonly isPlain: boolean;
  readonly threshold: number;
  readonly monotone: boolean;
  readonly accelerate: boolean;
  /** most sweeps of the start that is left */
  readonly sweeps: number;
}

/** The best start so far. */
export interface Compared {
  readonly best: AlsModel;
  readonly relativeError: number;
  readonly starts: readonly CpStart[];
  /** the round of the comparison: it changes when the worse half is dropped */
  readonly round: number;
}

/** An alternation from one start. */
interface Runner {
  readonly kind: StartKind;
  readonly seed: number;
  readonly sweeps: Generator<AlsState>;
  model: AlsModel;
  steps: number;
  score: number;
  done: boolean;
}

/** Sweeps of a round. */
const roundLength = 30;

/**
 * Starts compared by successive halving: pencils of slices, where these exist, the singular vectors, and random ones.
 * Where two pencils of different slices converge to the same error, it is taken for the lowest, and no other start is
 * run. It yields after every sweep.
 */
export function* compareStarts(comparison: Comparison): Generator<Compared> {
  const { starts, sweeps } = comparison,
    pencils = Math.ceil(starts / 3),
    round = Math.min(roundLength, sweeps);
  const runners = Array.from({ length: pencils }, (_, i) => runnerOf(comparison, i, pencils));
  for (const runner of runners)
    while (!runner.done && runner.steps < round) {
      step(runner);
      yield report(runners, 0);
    }
  if (pencils > 1 && agree(runners)) return;
  for (let i = pencils; i < starts; i++) runners.push(runnerOf(comparison, i, pencils));
  for (const { racer, round: now } of halving(runners, { round, most: sweeps })) {
    step(racer);
    yield report(runners, now);
  }
}

function runnerOf(comparison: Comparison, index: number, pencils: number): Runner {
  const { x, rank, level, problem, isPlain, constraints, threshold, monotone, accelerate, bases } = comparison,
    seed = comparison.seed + index,
    pencil = isPlain && index < pencils ? pencilStart(x, rank, seed, bases()) : undefined,
    hosvd = isPlain && index === pencils ? hosvdStart(x, rank, seed, bases()) : undefined;
  const factors = sizedStart(pencil ?? hosvd ?? randomStart(x, rank, seed, level), constraints, level.size),
    model = { factors, weights: new Float64Array(rank).fill(1) },
    resumed = { relativeError: Infinity, extrapolation: noExtrapolation(problem.norm, model) };
  return {
    kind: pencil ? "pencil" : hosvd ? "hosvd" : "random",
    seed,
    sweeps: als(problem, model, { threshold, monotone, accelerate, fixed: [], resumed }),
    model,
    steps: 0,
    score: Infinity,
    done: false,
  };
}

function step(runner: Runner): void {
  const state: AlsState = runner.sweeps.next().value;
  runner.model = state;
  runner.score = state.relativeError;
  runner.steps++;
  runner.done = state.settled;
}

/** Whether all are pencils that have converged to the same error. */
const agree = (runners: readonly Runner[]): boolean =>
  runners.every(
    ({ kind, done, score }) => kind === "pencil" && done && Math.abs(score - runners[0].score) <= 1e-3 * score,
  );

function report(runners: readonly Runner[], round: number): Compared {
  const best = runners.reduce((p, q) => (q.score < p.score ? q : p));
  return {
    best: best.model,
    relativeError: best.score,
    starts: runners.map(({ kind, seed, steps, score }) => ({ kind, seed, sweeps: steps, relativeError: score })),
    round,
  };
}
