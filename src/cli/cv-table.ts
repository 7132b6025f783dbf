import { toJson } from "../data";
import type { CrossValidation, GridPoint, GridRow } from "../select";
import { exitCodes, type Call } from "./command";
import { number, tableText } from "./progress";

/** Print where a grid stands, and give the exit code. */
export function showGrid(result: CrossValidation, call: Call, out: (text: string) => void): number {
  const { choice, rows, done, total, status } = result,
    failed = rows.filter((row) => row.status === "failed");
  if (call.values.json === true) out(`${toJson({ rows, choice, done, total, status })}\n`);
  else {
    out(tableText(scoreColumns, scoreLines(choice?.points ?? [])));
    for (const row of rows.filter(({ model }) => model === "nearPairCeiling")) out(ceilingText(row));
    out(`${choice?.statement ?? "No cell is scored."}\n`);
    if (done < total) out(`${total - done} of ${total} cells are missing.\n`);
    for (const reason of new Set(failed.map((row) => row.reason))) out(`failed: ${reason}\n`);
  }
  return failed.length > 0 ? exitCodes.failures : done < total ? exitCodes.stopped : exitCodes.done;
}

export const scoreColumns = ["model", "validation", "standard error", "test", "standard error"];

/** Points as rows of a table, but for those that have facts and no score. */
export const scoreLines = (points: readonly GridPoint[]): string[][] =>
  points.filter(({ validation, reasons }) => validation.mean !== null || reasons.length > 0).map(lineOf);

const lineOf = ({ model, axes, validation, test }: GridPoint): string[] => [
  [model, ...Object.entries(axes).map(([axis, value]) => `${axis} ${value}`)].join(", "),
  number(validation.mean),
  number(validation.error),
  number(test.mean),
  number(test.error),
];

/** What a prediction of means can explain of variance, at most. */
export function ceilingText({ facts }: GridRow): string {
  const { ceiling, pairs } = facts as { readonly ceiling?: number | null; readonly pairs?: number };
  return typeof ceiling === "number"
    ? `Ceiling of means, by ${pairs} pairs of near trials: ${number(ceiling)} of the variance.\n`
    : "No ceiling: no two near trials of one condition.\n";
}
