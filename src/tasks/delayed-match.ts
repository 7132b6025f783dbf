import { readOptions, type FieldsOf } from "../base";
import { choiceFields, choiceTrials, phaseField, type ChoiceOptions } from "./choice-trials";
import type { Task } from "./task";

/** Trials of {@link delayedMatch}. */
export interface DelayedMatchOptions extends ChoiceOptions {
  /** how many stimuli there are, each an input of its own; at least 2, default 2 */
  readonly stimuli?: number;
  /** probability that the test is the sample; default 0.5 */
  readonly match?: number;
  /** steps of fixation (default 3), sample (5), delay (10), test (5) and response (8) */
  readonly phases?: {
    readonly fixation?: number;
    readonly sample?: number;
    readonly delay?: number;
    readonly test?: number;
    readonly response?: number;
  };
}

const fields = () =>
  ({
    ...choiceFields,
    stimuli: { is: "whole number", least: 2, most: 1000, fallback: 2 },
    match: { is: "number", least: 0, most: 1, fallback: 0.5 },
    phases: {
      is: "record",
      of: {
        fixation: phaseField(3),
        sample: phaseField(5, 1),
        delay: phaseField(10),
        test: phaseField(5, 1),
        response: phaseField(8, 1),
      },
      fallback: {},
    },
  }) as const satisfies FieldsOf<DelayedMatchOptions>;

/**
 * Delayed match to sample: a sample is shown and, after a delay, a test; in the response the target is 1 where they are
 * the same stimulus, -1 where they are not, and 0 before. A stimulus is 1 at its own input and 0 at the others, with
 * noise.
 *
 * @returns `conditions`: `sample` and `test`, numbers of stimuli from 0, and `choice`, -1 or 1
 * @throws {@link LtrnnError} for numbers out of range, a grace that leaves nothing of the response, and unknown names
 * @see Miyashita (1988), Neuronal correlate of visual associative long-term memory in the primate temporal cortex,
 * Nature 335
 * @example delayedMatch({ trials: 5, stimuli: 4, seed: 1 }).batch.inputs.shape // [5, 31, 5]
 */
export function delayedMatch(options?: DelayedMatchOptions): Task<"sample" | "test" | "choice"> {
  const where = "delayedMatch",
    read = readOptions<DelayedMatchOptions, ReturnType<typeof fields>>(where, options, fields()),
    names = Array.from({ length: read.stimuli }, (_, i) => `stimulus ${i}`);
  const shownAs = (stimulus: number) => names.map((_, i) => (i === stimulus ? 1 : 0));
  return choiceTrials(where, read, { evidence: names }, (stream) => {
    const sample = stream.int(0, read.stimuli - 1),
      matches = stream.uniform() < read.match,
      other = (sample + stream.int(1, read.stimuli - 1)) % read.stimuli,
      test = matches ? sample : other,
      choice = matches ? 1 : -1;
    return { conditions: { sample, test, choice }, choice, shown: { sample: shownAs(sample), test: shownAs(test) } };
  });
}
