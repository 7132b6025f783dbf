import { halving, type Racer } from "./halving";

/**
 * A state of a race to report: of the best racer so far, of the last one that still runs, or of that one at its end.
 */
export interface Raced<R extends Racer> {
  readonly racer: R;
  readonly stage: "start" | "sweeps" | "ended";
}

/** {@link halving} of racers that step at once: what to report after every step, and the last one at its end. */
export function* raced<R extends Racer>(
  racers: readonly R[],
  { round, most }: { readonly round: number; readonly most: number },
  step: (racer: R) => void,
): Generator<Raced<R>> {
  const turns = halving(racers, { round: Math.min(round, most), most });
  let pending: R | undefined; // the last one left has stepped; whether it continues is not known yet
  for (let turn = turns.next(); ; turn = turns.next()) {
    if (turn.done) return yield { racer: turn.value, stage: "ended" };
    if (pending) yield { racer: pending, stage: "sweeps" };
    const { racer, alive } = turn.value;
    step(racer);
    pending = alive.length === 1 ? racer : undefined;
    if (!pending) yield { racer: alive.reduce((p, q) => (q.score < p.score ? q : p)), stage: "start" };
  }
}
