import { readOptions, type FieldsOf } from "../base";
import { choiceFields, choiceTrials, phaseField, type ChoiceOptions } from "./choice-trials";
import type { Task } from "./task";

/** Trials of {@link goNoGo}. */
export interface GoNoGoOptions extends ChoiceOptions {
  /** whether the rule is reversed: stimulus B means go, and A means no-go; default false */
  readonly reversed?: boolean;
  /** probability of stimulus A; default 0.5 */
  readonly probability?: number;
  /** steps of fixation (default 3), stimulus (8), delay (4) and response (8) */
  readonly phases?: {
    readonly fixation?: number;
    readonly stimulus?: number;
    readonly delay?: number;
    readonly response?: number;
  };
}

const fields = () =>
  ({
    ...choiceFields,
    reversed: { is: "boolean", fallback: false },
    probability: { is: "number", least: 0, most: 1, fallback: 0.5 },
    phases: {
      is: "record",
      of: { fixation: phaseField(3), stimulus: phaseField(8, 1), delay: phaseField(4), response: phaseField(8, 1) },
      fallback: {},
    },
  }) as const satisfies FieldsOf<GoNoGoOptions>;

/**
 * Go or no-go, with reversal learning: after stimulus A the target is 1 (go), after B it is -1 (no-go), and it is 0
 * before the response. Reversed, the meanings are exchanged, without a cue: train on
 * `(step) => goNoGo({ seed: step, reversed: rule(step) === 1 }).batch` with a {@link curriculum} as the rule.
 *
 * @returns `conditions`: `stimulus`, 0 for A and 1 for B; `reversed`, 0 or 1; `choice`, -1 or 1
 * @throws {@link LtrnnError} for numbers out of range, a grace that leaves nothing of the response, and unknown names
 * @see Iversen & Mishkin (1970), Perseverative interference in monkeys following selective lesions of the inferior
 * prefrontal convexity, Exp. Brain Res. 11: go/no-go and its reversal
 * @example goNoGo({ trials: 5, reversed: true, seed: 1 }).batch.inputs.shape // [5, 23, 3]
 */
export function goNoGo(options?: GoNoGoOptions): Task<"stimulus" | "reversed" | "choice"> {
  const where = "goNoGo",
    read = readOptions<GoNoGoOptions, ReturnType<typeof fields>>(where, options, fields());
  return choiceTrials(where, read, { evidence: ["A", "B"] }, (stream) => {
    const stimulus = stream.uniform() < read.probability ? 0 : 1,
      choice = (stimulus === 0) === read.reversed ? -1 : 1;
    return {
      conditions: { stimulus, reversed: read.reversed ? 1 : 0, choice },
      choice,
      shown: { stimulus: stimulus === 0 ? [1, 0] : [0, 1] },
    };
  });
}
