import type { PublicNumbers } from "./public-numbers";

/** How the numbers of one name differ from the reference. */
export interface Difference {
  readonly name: string;
  /** how many values differ in a bit */
  readonly values: number;
  readonly of: number;
  /** the largest of `|x - y| / max(|x|, |y|)`; infinite where there is no number to compare with */
  readonly relative: number;
}

/** The names whose numbers are not those of the reference to the bit. */
export function differences(reference: PublicNumbers, numbers: PublicNumbers): Difference[] {
  const names = [...new Set([...Object.keys(reference), ...Object.keys(numbers)])];
  return names.flatMap((name) => {
    const want = reference[name] ?? [],
      got = numbers[name] ?? [],
      of = Math.max(want.length, got.length);
    let values = 0,
      relative = 0;
    for (let index = 0; index < of; index++) {
      if (index < want.length && index < got.length && Object.is(want[index], got[index])) continue;
      values++;
      relative = Math.max(relative, relativeDifference(want[index], got[index]));
    }
    return values > 0 || !(name in reference) || !(name in numbers) ? [{ name, values, of, relative }] : [];
  });
}

/** A difference in words. */
export const inWords = ({ name, values, of, relative }: Difference): string =>
  `${name}: ${values} of ${of} differ, relatively by at most ${relative.toExponential(1)}`;

function relativeDifference(want: number | undefined, got: number | undefined): number {
  if (want === undefined || got === undefined) return Infinity;
  if (want === got) return 0; // 0 and -0
  const difference = Math.abs(want - got) / Math.max(Math.abs(want), Math.abs(got));
  return Number.isNaN(difference) ? Infinity : difference;
}

/** Rows of cells as lines of a table, columns lined up. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
