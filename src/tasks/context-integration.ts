import { readOptions, type FieldsOf } from "../base";
import {
  choiceFields,
  choiceTrials,
  eitherSign,
  oneOf,
  phaseField,
  positiveList,
  type ChoiceOptions,
} from "./choice-trials";
import type { Task } from "./task";

/** Trials of {@link contextIntegration}; noise has default 0.5 here. */
export interface ContextIntegrationOptions extends ChoiceOptions {
  /** how strong the evidence of motion and of color is, each above 0 and at most 1; default [0.1, 0.2, 0.4, 0.8] */
  readonly coherences?: readonly number[];
  /** steps of fixation (default 3), stimulus (20), delay (0) and response (8) */
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
    noise: { ...choiceFields.noise, fallback: 0.5 },
    coherences: positiveList(1, [0.1, 0.2, 0.4, 0.8]),
    phases: {
      is: "record",
      of: { fixation: phaseField(3), stimulus: phaseField(20, 1), delay: phaseField(0), response: phaseField(8, 1) },
      fallback: {},
    },
  }) as const satisfies FieldsOf<ContextIntegrationOptions>;

/**
 * Motion or color? Two inputs carry signed evidence with noise at the same time, and two more say, from the start to
 * the end, which of them counts; in the response the output is to be the sign of that one, and 0 before.
 *
 * @returns `conditions`: signed `motion` and `color`; `context`, 0 where motion counts and 1 where color does;
 * `choice`, -1 or 1
 * @throws {@link LtrnnError} for numbers out of range, a grace that leaves nothing of the response, and unknown names
 * @see Mante, Sussillo, Shenoy & Newsome (2013), Context-dependent computation by recurrent dynamics in prefrontal
 * cortex, Nature 503
 * @example contextIntegration({ trials: 5, seed: 1 }).batch.inputs.shape // [5, 31, 5]
 */
export function contextIntegration(
  options?: ContextIntegrationOptions,
): Task<"motion" | "color" | "context" | "choice"> {
  const where = "contextIntegration",
    read = readOptions<ContextIntegrationOptions, ReturnType<typeof fields>>(where, options, fields()),
    channels = { evidence: ["motion", "color"], signs: ["motion counts", "color counts"] };
  return choiceTrials(where, read, channels, (stream) => {
    const [motion, color] = [0, 1].map(() => eitherSign(stream) * oneOf(stream, read.coherences)),
      context = stream.int(0, 1),
      choice = Math.sign(context === 0 ? motion : color),
      signs = [1 - context, context];
    return {
      conditions: { motion, color, context, choice },
      choice,
      shown: {
        fixation: [0, 0, ...signs],
        stimulus: [motion, color, ...signs],
        delay: [0, 0, ...signs],
        response: [0, 0, ...signs],
      },
    };
  });
}
