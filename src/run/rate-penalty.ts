import type { FieldsOf } from "../base";
import type { Tensor3 } from "../tensor";

/**
 * Penalty on the size of rates: `l1 mean |h| + l2 mean h² / 2`, over trials, their steps and units.
 */
export interface RatePenalty {
  /** default 0 */
  readonly l1?: number | undefined;
  /** default 0 */
  readonly l2?: number | undefined;
}

export const ratePenaltyFields = {
  l1: { is: "number", least: 0, fallback: 0 },
  l2: { is: "number", least: 0, fallback: 0 },
} as const satisfies FieldsOf<RatePenalty>;

/** A penalty of rates for the trials of a run. */
export interface PlannedPenalty {
  readonly l1: number;
  readonly l2: number;
  /** steps of each trial that count */
  readonly lengths: readonly number[];
  /** one over the number of rates that count */
  readonly share: number;
}

/**
 * A penalty of rates up to the last step of each trial that the masks know of: where a trial has ended, there is
 * nothing to be small. Undefined where both numbers are 0.
 */
export function planPenalty(
  { l1, l2 }: { readonly l1: number; readonly l2: number },
  masks: readonly (Tensor3 | undefined)[],
  [trials, steps, units]: Tensor3["shape"],
): PlannedPenalty | undefined {
  if (l1 === 0 && l2 === 0) return undefined;
  const given = masks.filter((mask) => mask !== undefined),
    lengths = Array.from({ length: trials }, (_, trial) =>
      given.length === 0 ? steps : Math.max(...given.map((mask) => lengthOf(mask, trial))),
    ),
    count = lengths.reduce((sum, length) => sum + length, 0);
  return { l1, l2, lengths, share: count === 0 ? 0 : 1 / (count * units) };
}

/** Steps of a trial up to the last with an entry. */
function lengthOf({ data, shape: [, steps, n] }: Tensor3, trial: number): number {
  const first = trial * steps * n;
  let last = first + steps * n - 1;
  while (last >= first && data[last] === 0) last--;
  return Math.floor((last - first) / n) + 1;
}

/** What the rates of a trial are weighed by at each step; 0 for lanes without a trial. */
export function weightsOf({ lengths, share }: PlannedPenalty, trial: number, steps: number): Float64Array {
  return new Float64Array(steps).fill(share, 0, lengths[trial] ?? 0);
}
