import { norm, type Matrix, type Tensor } from "../tensor";
import type { Alternation } from "./alternation";
import { satisfying, type CpConstraint } from "./constraints";
import { hosvdStart, pencilStart, randomStart, type StartKind } from "./cp-starts";
import { iterate, type Iteration } from "./iterate";
import type { Level } from "./level";

/** How a start went. */
export interface CpStart {
  readonly kind: StartKind;
  readonly seed: number;
  readonly sweeps: number;
  /** the lowest it reached, of what it was run on */
  readonly relativeError: number;
}

interface Runner {
  readonly kind: StartKind;
  readonly seed: number;
  readonly sweeps: Generator<Iteration>;
  made: number;
  error: number;
  factors: readonly Matrix[];
  weights: Float64Array;
  settled: boolean;
}

interface RaceOptions {
  readonly count: number;
  readonly seed: number;
  /** an error has settled when a sweep changes it by no more than this */
  readonly threshold: number;
  /** of the tensor */
  readonly level: Level;
  readonly ridge: number;
  readonly constraints: readonly (CpConstraint | undefined)[];
  /** of the last start that is left, at most */
  readonly sweeps: number;
}

/**
 * Several starts on one tensor: pencils of slices, where they can be had, the singular vectors, and random ones; with constraints or missing entries random ones
 * alone. Where two pencils, of different slices, settle at one error, that is it, and the others are not run. Else every thirty sweeps the worse half is left behind,
 * and the last one runs until it settles. It yields after every sweep; `ends` says that a round did.
 */
export function* race(
  x: Tensor,
  rank: number,
  alternation: Alternation,
  { count, seed, threshold, level, ridge, constraints, sweeps }: RaceOptions,
): Generator<{
  readonly factors: readonly Matrix[];
  readonly weights: Float64Array;
  readonly starts: readonly CpStart[];
  readonly ends: boolean;
}> {
  const whole = !constraints.some(Boolean) && x.data.every(Number.isFinite),
    pencils = Math.ceil(count / 3),
    accelerates = !constraints.some(Boolean);
  const begin = (_: unknown, i: number): Runner => {
    const own = seed + i,
      pencil = whole && i < pencils ? pencilStart(x, rank, own) : undefined,
      hosvd = whole && i === pencils ? hosvdStart(x, rank, own) : undefined;
    const from = satisfying(pencil ?? hosvd ?? randomStart(x, rank, own, level), constraints);
    return {
      kind: pencil ? "pencil" : hosvd ? "hosvd" : "random",
      seed: own,
      sweeps: iterate(alternation, from, { threshold, accelerates, monotone: accelerates && ridge === 0 }),
      made: 0,
      error: Infinity,
      factors: from,
      weights: new Float64Array(rank).fill(1),
      settled: false,
    };
  };
  const runners = Array.from({ length: pencils }, begin);
  const now = (ends: boolean) => {
    const best = runners.reduce((p, q) => (q.error < p.error ? q : p));
    return {
      factors: best.factors,
      weights: best.weights,
      starts: runners.map(({ kind, seed, made, error }) => ({ kind, seed, sweeps: made, relativeError: error })),
      ends,
    };
  };
  const run = function* (runner: Runner, until: number) {
    while (!runner.settled && runner.made < until) {
      const { factors, weights, error, settled } = runner.sweeps.next().value as Iteration;
      Object.assign(runner, { factors, weights, error, settled, made: runner.made + 1 });
      yield now(false);
    }
  };
  const roundOf = Math.min(30, sweeps);
  for (const runner of runners) yield* run(runner, roundOf);
  if (
    pencils > 1 &&
    runners.every(
      ({ kind, settled, error }) => kind === "pencil" && settled && Math.abs(error - runners[0].error) <= 1e-3 * error,
    )
  ) {
    yield now(true);
    return;
  }
  runners.push(...Array.from({ length: count - pencils }, (_, i) => begin(_, pencils + i)));
  for (
    let alive = [...runners], until = roundOf;
    ;
    alive = alive.slice(0, Math.ceil(alive.length / 2)), until += roundOf
  ) {
    for (const runner of alive) yield* run(runner, alive.length === 1 ? sweeps : Math.min(sweeps, until));
    alive.sort((p, q) => p.error - q.error);
    yield now(true);
    if (alive.length === 1 || norm(x) === 0) return;
  }
}
