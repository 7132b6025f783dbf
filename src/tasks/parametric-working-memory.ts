import { fail, readOptions, show, type FieldsOf } from "../base";
import { choiceFields, choiceTrials, oneOf, phaseField, type ChoiceOptions } from "./choice-trials";
import type { Task } from "./task";

/** Trials of {@link parametricWorkingMemory}. */
export interface ParametricWorkingMemoryOptions extends ChoiceOptions {
  /** first and second frequency, in Hz, never the same; default those of Romo et al., 8 Hz apart, from 10 to 34 */
  readonly pairs?: readonly (readonly [first: number, second: number])[];
  /** steps of fixation (default 3), first stimulus (5), delay (15), second stimulus (5) and response (8) */
  readonly phases?: {
    readonly fixation?: number;
    readonly first?: number;
    readonly delay?: number;
    readonly second?: number;
    readonly response?: number;
  };
}

const fields = () =>
  ({
    ...choiceFields,
    noise: { ...choiceFields.noise, fallback: 0.05 },
    pairs: {
      is: "checked",
      check: checkPairs,
      fallback: [10, 14, 18, 22, 26].flatMap((f) => [[f, f + 8] as const, [f + 8, f] as const]),
    },
    phases: {
      is: "record",
      of: {
        fixation: phaseField(3),
        first: phaseField(5, 1),
        delay: phaseField(15),
        second: phaseField(5, 1),
        response: phaseField(8, 1),
      },
      fallback: {},
    },
  }) as const satisfies FieldsOf<ParametricWorkingMemoryOptions>;

function checkPairs(where: string, name: string, value: unknown): void {
  const right = (pair: unknown) =>
    Array.isArray(pair) && pair.length === 2 && Array.from(pair).every(Number.isFinite) && pair[0] !== pair[1];
  if (Array.isArray(value) && value.length > 0 && Array.from(value).every(right)) return;
  fail(where, {
    expected: `${name} to be an array of at least one [first, second], two finite numbers that differ`,
    got: show(Array.isArray(value) && value.length > 0 ? Array.from(value).find((pair) => !right(pair)) : value),
    fix: "Pass such as [[10, 18], [18, 10]].",
  });
}

/**
 * Was the first vibration faster? Two stimuli are shown, a delay apart; in the response the target is 1 where the first
 * frequency is the higher, -1 where the second is, and 0 before. Each stimulus is two inputs, of units that fire more
 * and of units that fire less with frequency: f between the lowest and the highest, as a number from 0 to 1, and 1 less
 * that; with noise.
 *
 * @returns `conditions`: `first` and `second`, in Hz, and `choice`, -1 or 1
 * @throws {@link LtrnnError} for numbers out of range, a grace that leaves nothing of the response, and unknown names
 * @see Romo, Brody, Hernández & Lemus (1999), Neuronal correlates of parametric working memory in the prefrontal
 * cortex, Nature 399
 * @example parametricWorkingMemory({ trials: 5, seed: 1 }).batch.inputs.shape // [5, 36, 3]
 */
export function parametricWorkingMemory(options?: ParametricWorkingMemoryOptions): Task<"first" | "second" | "choice"> {
  const where = "parametricWorkingMemory",
    read = readOptions<ParametricWorkingMemoryOptions, ReturnType<typeof fields>>(where, options, fields());
  let [low, high] = [Infinity, -Infinity];
  for (const [first, second] of read.pairs) {
    low = Math.min(low, first, second);
    high = Math.max(high, first, second);
  }
  const tuned = (f: number) => {
    const share = f / 2 - low / 2 === 0 ? 0 : (f / 2 - low / 2) / (high / 2 - low / 2); // halves do not overflow
    return [share, 1 - share];
  };
  return choiceTrials(where, read, { evidence: ["rising", "falling"] }, (stream) => {
    const [first, second] = oneOf(stream, read.pairs),
      choice = first > second ? 1 : -1;
    return { conditions: { first, second, choice }, choice, shown: { first: tuned(first), second: tuned(second) } };
  });
}
