import { norm, type Matrix, type Tensor } from "../tensor";
import type { Alternation } from "./alternation";
import type { CpConstraint } from "./constraints";
import { hosvdStart, pencilStart, randomStart, type StartKind } from "./cp-starts";
import { iterate, type Iteration } from "./iterate";

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
  settled: boolean;
}

const roundOf = 30, sweepsAtMost = 2000;

/**
 * Several starts on one tensor: pencils of slices, where they can be had, the singular vectors, and random ones; with constraints or missing entries random ones
 * alone. Every thirty sweeps the worse half is left behind; the last one runs until it settles. It yields after every round.
 */
export function* race(rank: number, count: number, seed: number, tolerance: number, ridge: number, x: Tensor, alternation: Alternation, constraints: readonly (CpConstraint | undefined)[] = [], accelerates = !constraints.some(Boolean)): Generator<{ readonly factors: readonly Matrix[]; readonly starts: readonly CpStart[] }> {
  const whole = !constraints.some(Boolean) && x.data.every(Number.isFinite), pencils = Math.ceil(count / 3);
  const runners = Array.from({ length: count }, (_, i): Runner => {
    const own = seed + i, pencil = whole && i < pencils ? pencilStart(x, rank, own) : undefined, hosvd = whole && i === pencils ? hosvdStart(x, rank, own) : undefined;
    const from = (pencil ?? hosvd ?? randomStart(x, rank, own)).map((f, mode) => constraints[mode]?.start?.(f) ?? f);
    return { kind: pencil ? "pencil" : hosvd ? "hosvd" : "random", seed: own, sweeps: iterate(alternation, from, { tolerance, accelerates, monotone: accelerates && ridge === 0 }), made: 0, error: Infinity, factors: from, settled: false };
  });
  for (let alive = [...runners]; ; alive = alive.slice(0, Math.ceil(alive.length / 2))) {
    const until = alive.length === 1 ? sweepsAtMost : alive[0].made + roundOf;
    for (const runner of alive)
      while (!runner.settled && runner.made < until) {
        const { factors, error, settled } = runner.sweeps.next().value as Iteration;
        Object.assign(runner, { factors, error, settled, made: runner.made + 1 });
      }
    alive.sort((p, q) => p.error - q.error);
    yield { factors: alive[0].factors, starts: runners.map(({ kind, seed, made, error }) => ({ kind, seed, sweeps: made, relativeError: error })) };
    if (alive.length === 1 || norm(x) === 0) return;
  }
}
