// Sentences of the demo that follow from numbers: each is given only where its numbers bear it out.

/** A note where the chosen rank is at an edge of the grid that could be wider; nothing where it is within, or alone. */
export function edgeNote(chosen: number, ranks: readonly number[]): string {
  const [smallest, largest] = [Math.min(...ranks), Math.max(...ranks)];
  if (smallest === largest) return "";
  const note = (size: string) => ` Rank ${chosen} is the ${size} that was tried, an edge of the grid`;
  if (chosen === largest) return `${note("largest")}: larger ones may do better.`;
  return chosen === smallest && smallest > 1 ? `${note("smallest")}: smaller ones may do as well.` : "";
}

/** From here on the data follow the trilinear model; near 50 they are in doubt (Bro & Kiers 2003). */
export const consistent = 90;

/** The highest rank up to which every rank is consistent. Rank 1 always is: its core is one number. */
export function supportedRank(rows: readonly { readonly rank: number; readonly consistency: number }[]): number {
  const sorted = [...rows].sort((a, b) => a.rank - b.rank),
    failed = sorted.findIndex(({ rank, consistency }) => rank > 1 && !(consistency >= consistent));
  const kept = failed < 0 ? sorted : sorted.slice(0, failed);
  return kept.length > 0 ? kept[kept.length - 1].rank : 1;
}

/** Core consistency in percent: at rank 1 it is 100 whatever the data, and below 0 its size says nothing. */
export function consistencyText(rank: number, consistency: number): string {
  if (rank === 1) return "-";
  return consistency < 0 ? "below 0" : consistency.toFixed(0);
}

/** What the decomposition is called: low rank only where it explains more than every null at the rank that is drawn. */
export const decompositionTitle = (explained: number, nulls: readonly number[]): string =>
  explained > Math.max(...nulls)
    ? "The weight changes have lower rank than changes without shared directions"
    : "How many components the weight changes need";

/** Nearer than chance: at most one in twenty random subspaces is as near. */
export const beatsChance = (asNear: number, subspaces: number): boolean => asNear <= 0.05 * subspaces;

/** What the fit is called: it finds those spaces of the weights that are nearer than chance. */
export function fitTitle(rows: readonly { readonly name: string; readonly nearer: boolean }[]): string {
  const found = rows.filter(({ nearer }) => nearer).length;
  const alone = "An ltrRNN fitted to the activity alone";
  if (found === 0) return alone;
  return found === rows.length
    ? `${alone} finds spaces of the weights`
    : `${alone} finds ${found} of ${rows.length} spaces of the weights`;
}

/** Whether the chosen fit predicts the test boxes better than every baseline. */
export const baselineNote = (fit: number, baselines: readonly number[]): string =>
  fit > Math.max(...baselines)
    ? " On the test boxes the chosen rank explains more than both means."
    : " On the test boxes the chosen rank explains no more than the better of the means.";

/** What training did to the loss. */
export function trainingNote(before: number, after: number): string {
  const [from, to] = [before.toPrecision(2), after.toPrecision(2)];
  return after < before / 10
    ? `They learned it: the loss fell from ${from} to ${to}.`
    : after < before
      ? `They learned a part of it: the loss fell from ${from} to ${to} only.`
      : `They did not learn it: the loss went from ${from} to ${to}.`;
}

/** Mean lateral errors, left positive, of the trials around which the field comes and goes. */
export interface LateralErrors {
  /** of all trials before the field, and of the last of them */
  readonly baseline: readonly number[];
  readonly before: number;
  readonly fieldFirst: number;
  readonly fieldLast: number;
  readonly washoutFirst: number;
  readonly washoutLast: number;
}

/**
 * What the lateral errors say of the field, of learning and of the washout. Only what is larger than twice the largest
 * difference among trials before the field counts as a movement.
 */
export function lateralNote({
  baseline,
  before,
  fieldFirst,
  fieldLast,
  washoutFirst,
  washoutLast,
}: LateralErrors): string {
  const margin = 2 * (Math.max(...baseline, before) - Math.min(...baseline, before)),
    off = (error: number) => Math.abs(error - before),
    side = (error: number) => (error > before ? "left" : "right"),
    moved = off(fieldFirst) > margin,
    errs = moved && off(washoutFirst) > margin && (washoutFirst - before) * (fieldFirst - before) < 0;
  const sentences = ["At peak speed."];
  sentences.push(
    moved
      ? `On its first trial the field moves the hand to the ${side(fieldFirst)}.`
      : "On its first trial the field moves the hand no farther than trials before it differ.",
  );
  if (moved && off(fieldFirst) - off(fieldLast) > margin)
    sentences.push("On its last trial the hand is nearer to where it was before.");
  if (errs) {
    sentences.push(`Without the field the hand first errs to the other side, the ${side(washoutFirst)}.`);
    if (off(washoutFirst) - off(washoutLast) > margin)
      sentences.push("By the last trial of the washout that error is smaller.");
  }
  return sentences.join(" ");
}
