import type { FieldsOf } from "../base";
import { choiceFields, phaseField, positiveList, type ChoiceOptions } from "./choice-trials";

/** Trials in which noisy evidence decides; noise has default 0.5 here. */
export interface EvidenceOptions extends ChoiceOptions {
  /** how strong each kind of evidence is, each above 0 and at most 1; default [0.1, 0.2, 0.4, 0.8] */
  readonly coherences?: readonly number[];
  /** steps of fixation (default 3), stimulus (20), delay (0) and response (8) */
  readonly phases?: {
    readonly fixation?: number;
    readonly stimulus?: number;
    readonly delay?: number;
    readonly response?: number;
  };
}

export const evidenceFields = () =>
  ({
    ...choiceFields,
    noise: { ...choiceFields.noise, fallback: 0.5 },
    coherences: positiveList(1, [0.1, 0.2, 0.4, 0.8]),
    phases: {
      is: "record",
      of: { fixation: phaseField(3), stimulus: phaseField(20, 1), delay: phaseField(0), response: phaseField(8, 1) },
      fallback: {},
    },
  }) as const satisfies FieldsOf<EvidenceOptions>;
