import { fail } from "../base";
import type { Counts, EntryLoss, Targets } from "../losses";
import { indexOf, zerosFor, type Tensor3 } from "../tensor";

/** What targets say about outputs, trial by trial. */
export interface Comparison {
  readonly loss: number;
  readonly validationLoss?: number;
  /** dL/dy */
  readonly errors: Tensor3;
  /** means over what is observed of each trial, 0 where nothing is */
  readonly losses: readonly number[];
  /** the part of each trial in all that is observed */
  readonly shares: readonly number[];
}

export function compareTrials(
  where: string,
  outputs: Tensor3,
  { targets, mask, validation }: Targets,
  { entry }: EntryLoss,
  { observed, validated }: Counts,
): Comparison {
  const errors = zerosFor(where, outputs.shape),
    [trials, steps, width] = outputs.shape,
    size = steps * width;
  let held = 0;
  const sums = new Array<number>(trials).fill(0),
    counts = new Array<number>(trials).fill(0);
  for (let trial = 0; trial < trials; trial++)
    for (let at = trial * size; at < (trial + 1) * size; at++) {
      const learned = mask?.data[at] !== 0;
      if (!learned && validation?.data[at] !== 1) continue;
      const [value, slope] = entry(outputs.data[at], targetAt(where, targets, at));
      if (!learned) held += value;
      else {
        sums[trial] += value;
        counts[trial]++;
        errors.data[at] = slope / observed;
      }
    }
  return {
    loss: sums.reduce((sum, x) => sum + x, 0) / observed,
    ...(validation ? { validationLoss: held / validated } : {}),
    errors,
    losses: sums.map((sum, trial) => (counts[trial] === 0 ? 0 : sum / counts[trial])),
    shares: counts.map((count) => count / observed),
  };
}

function targetAt(where: string, targets: Tensor3 | undefined, at: number): number {
  const target = targets?.data[at] ?? Number.NaN;
  if (Number.isFinite(target)) return target;
  return fail(where, {
    expected: "finite targets where they are observed",
    got: `${target} at index [${indexOf(targets?.shape ?? [], at).join(", ")}]`,
    fix: "Set the mask to 0 where a target is missing.",
  });
}
