import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import type { LabelRows } from "../masks";
import { conditionStates, trialStates, type InitialStates } from "../parts";

/** Initial states of single trials. */
export interface TrialStateOptions {
  /** standard deviation of a trial's initial state about that of its condition, in every unit */
  readonly sigma: number;
}

/** What trials start from; see `FitNetwork`. */
export type InitialStatesOption = "shared" | "condition" | TrialStateOptions;

const fields = { sigma: { is: "number", above: 0, needed: true } } as const satisfies FieldsOf<TrialStateOptions>;

/** Refuse what is no option `initialStates`. */
export function checkInitialStates(where: string, name: string, value: unknown): void {
  if (value === "shared" || value === "condition") return;
  if (isRecord(value)) readOptions(where, value as unknown as TrialStateOptions, fields, name);
  else
    fail(where, {
      expected: `${name} to be "shared", "condition", or { sigma } for one of every trial`,
      got: show(value),
      fix: "Name one of the two, or pass { sigma: 0.1 } where trials differ in their initial states.",
    });
}

/** The option `initialStates` as a part. */
export function readInitialStates(given: InitialStatesOption, { rows, labels }: LabelRows): InitialStates {
  if (given === "condition") return conditionStates(rows, labels.length);
  if (given === "shared")
    return conditionStates(
      rows.map(() => 0),
      1,
    );
  return trialStates(rows, labels.length, given.sigma);
}
