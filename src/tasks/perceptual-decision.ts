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

/** Trials of a {@link perceptualDecision}; noise has default 0.5 here. */
export interface PerceptualDecisionOptions extends ChoiceOptions {
  /** how strong the evidence is, each above 0 and at most 1; default [0.1, 0.2, 0.4, 0.8] */
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
  }) as const satisfies FieldsOf<PerceptualDecisionOptions>;

/**
 * Which way do the dots move? During the stimulus one input is the signed coherence, with noise; in the response, which
 * a cue asks for, the output is to be the sign of the coherence, and 0 before.
 *
 * @returns `conditions`: signed `coherence`, and `choice`, -1 or 1
 * @throws {@link LtrnnError} for numbers out of range, a grace that leaves nothing of the response, and unknown names
 * @remarks An ideal observer is right in a share `Phi(coherence sqrt(stimulus) / noise)` of the trials.
 * @see Britten, Shadlen, Newsome & Movshon (1992), The analysis of visual motion, J. Neurosci. 12
 * @example perceptualDecision({ trials: 5, seed: 1 }).batch.inputs.shape // [5, 31, 2]
 */
export function perceptualDecision(options?: PerceptualDecisionOptions): Task<"coherence" | "choice"> {
  const where = "perceptualDecision",
    read = readOptions<PerceptualDecisionOptions, ReturnType<typeof fields>>(where, options, fields());
  return choiceTrials(where, read, { evidence: ["motion"] }, (stream) => {
    const choice = eitherSign(stream),
      coherence = choice * oneOf(stream, read.coherences);
    return { conditions: { coherence, choice }, choice, shown: { stimulus: [coherence] } };
  });
}
