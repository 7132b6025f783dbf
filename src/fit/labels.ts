import { fail } from "../base";

/** Labels of trials as rows 0, 1, 2, ...: each label's place among the different ones, sorted. Absent labels put all trials into row 0. */
export function labelRows(
  where: string,
  name: string,
  labels: readonly number[] | undefined,
  trials: number,
): { readonly rows: readonly number[]; readonly labels: readonly number[] } {
  if (!labels) return { rows: new Array<number>(trials).fill(0), labels: [0] };
  if (labels.length !== trials)
    fail(where, {
      expected: `${trials} ${name}, one per trial`,
      got: String(labels.length),
      fix: "Label every trial.",
    });
  const bad = labels.findIndex((label) => !Number.isFinite(label));
  if (bad >= 0)
    fail(where, {
      expected: `numbers as ${name}`,
      got: `${labels[bad]} for trial ${bad}`,
      fix: "Number the labels; leave trials without one out.",
    });
  const different = [...new Set(labels)].sort((p, q) => p - q);
  const rowOf = new Map(different.map((label, row) => [label, row]));
  return { rows: labels.map((label) => rowOf.get(label)!), labels: different };
}
