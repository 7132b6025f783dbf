import { fail } from "../base";
import { labelRows, type Label, type Labels } from "../masks";

/** A label that JSON can hold. */
export type PlainLabel = Exclude<Label, bigint>;

/** Trials sorted into epochs. */
export interface TrialEpochs {
  /** the row of each trial */
  readonly rows: readonly number[];
  /** the label of each row */
  readonly labels: readonly PlainLabel[];
  /** whether labels were given */
  readonly given: boolean;
}

/** Labels of trials, one per trial; absent: all trials are of one epoch. */
export function readEpochs(where: string, name: string, labels: Labels | undefined, trials: number): TrialEpochs {
  const read = labelRows(where, name, labels, trials);
  return { rows: read.rows, labels: read.labels.map(plain), given: labels !== undefined };
}

/** The epochs as they were given, as plain data. */
export const labelsOf = ({ rows, labels }: TrialEpochs): readonly PlainLabel[] => rows.map((row) => labels[row]);

/** Row of known epochs that each of other trials belongs to; -1 for an epoch that is new. */
export function rowsAmong(
  where: string,
  { labels, given }: TrialEpochs,
  others: Labels | undefined,
  trials: number,
): readonly number[] {
  if (others === undefined && given && labels.length > 1)
    fail(where, {
      expected: `the epoch of each new trial, one of ${labels.length}`,
      got: "none",
      fix: "Pass a label per new trial after the times.",
    });
  if (others === undefined) return new Array<number>(trials).fill(0);
  const read = labelRows(where, "epochs", others, trials),
    known = read.labels.map((label) => labels.indexOf(plain(label)));
  if (!given)
    fail(where, {
      expected: "no epochs for new trials, since the trials it was made of have none",
      got: `${read.labels.length} of them`,
      fix: "Leave the epochs out, or make it with epochs.",
    });
  return read.rows.map((row) => known[row]);
}

/** Whole numbers of 64 bits as doubles, or as text where no double holds them. */
function plain(label: Label): PlainLabel {
  if (typeof label !== "bigint") return label;
  return BigInt(Number(label)) === label ? Number(label) : String(label);
}
