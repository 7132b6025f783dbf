/** One contestant of {@link halving}: how far it is, and how well it does. */
export interface Racer {
  /** steps taken so far */
  readonly steps: number;
  /** the lower the better; NaN is worse than any number */
  readonly score: number;
  /** true when it takes no more steps */
  readonly done: boolean;
}

/** Whose turn it is. */
export interface Turn<R extends Racer> {
  readonly racer: R;
  /** the round, from 0 */
  readonly round: number;
  /** those not dropped so far */
  readonly alive: readonly R[];
}

/**
 * Successive halving: every racer takes `round` steps, the worse half is dropped, and so on; the last one runs until it
 * is done or has taken `most` steps.
 *
 * The generator only says whose turn it is. The caller lets that racer take one step, at once or awaiting it, before it
 * asks for the next turn: `for (const { racer } of halving(racers, { round: 30 })) await racer.step()`.
 *
 * @returns the best racer, when the generator has ended
 * @see Jamieson & Talwalkar (2016), Non-stochastic best arm identification and hyperparameter optimization, AISTATS
 */
export function* halving<R extends Racer>(
  racers: readonly R[],
  { round: length, most = Infinity }: { readonly round: number; readonly most?: number },
): Generator<Turn<R>, R> {
  let alive = [...racers];
  for (let round = 0; ; round++) {
    const until = alive.length === 1 ? most : Math.min(most, (round + 1) * length);
    for (const racer of alive) while (!racer.done && racer.steps < until) yield { racer, round, alive };
    alive.sort((p, q) => rank(p) - rank(q) || 0);
    if (alive.length <= 1) return alive[0];
    alive = alive.slice(0, Math.ceil(alive.length / 2));
  }
}

/** A score that can be compared: the larger, the worse. */
const rank = ({ score }: Racer): number => (Number.isNaN(score) || score === Infinity ? Number.MAX_VALUE : score);
