import { fail } from "./fail";
import { isRecord } from "./kinds";
import { show } from "./show";

/**
 * How a run stands, in the same words for training, fits and decompositions. A run whose `patience` ran out without
 * better parameters has "converged".
 */
export type Status = "running" | "converged" | "exhausted" | "diverged" | "degenerate" | "aborted";

const words: Readonly<Record<Status, string>> = {
  running: "The run goes on: ask the generator for its next step.",
  converged: "The criterion was met. A run can settle in a local minimum: compare several seeds or starts.",
  exhausted:
    "Updates ran out before the criterion was met, or a line search found no lower loss, as the reason says: " +
    "resume from this result with more of them, or accept it.",
  diverged:
    "Numbers stopped being finite; the last finite parameters are kept. " +
    "Lower the learning rate, clip gradients with clipByNorm, or take a smaller dt.",
  degenerate:
    "Components repeat, vanish or grow against each other, so they are not unique: " +
    "lower the rank, or add a small ridge. The last entries of the trace say whether the error had settled.",
  aborted: "The signal stopped the run: resume from this result.",
};

/**
 * What to do after a run that ended so: a result, or its status.
 *
 * @throws {@link LtrnnError} when it is neither
 * @example advice("aborted") // "The signal stopped the run: resume from this result."
 */
export function advice(result: Status | { readonly status: Status }): string {
  const status: unknown = isRecord(result) ? result.status : result;
  if (typeof status === "string" && Object.hasOwn(words, status)) return words[status as Status];
  return fail("advice", {
    expected: `a result with a status, or one of ${Object.keys(words).join(", ")}`,
    got: show(isRecord(result) ? status : result),
    fix: "Pass what train, fitLowTensorRank or cpAls gave.",
  });
}
