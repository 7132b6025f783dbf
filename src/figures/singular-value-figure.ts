import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import type { RankComparisonRow } from "../theory";
import { figureFields, type FigureOptions } from "./figure-options";
import { drawLines } from "./line-figure";
import { checkNumbers } from "./series";
import type { Figure } from "./specification";

/** What is drawn of a snapshot beside its bound. */
export type DrawnRow = Pick<RankComparisonRow, "step" | "bound" | "residual" | "threshold" | "singularValues">;

const rowFields = {
  step: { is: "number", needed: true },
  bound: { is: "whole number", least: 0, needed: true },
  residual: { is: "number", needed: true },
  threshold: { is: "number", needed: true },
  singularValues: { is: "checked", check: checkNumbers, needed: true },
} as const satisfies FieldsOf<DrawnRow>;

/**
 * Singular values of the weight changes over learning, with the bound drawn in: those within the bound as lines (the
 * six largest at most), the first one beyond it dashed, and the threshold below which values are rounding error.
 *
 * @param comparison - as compareRanks gives it
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when it is no such comparison
 * @example singularValueFigure({ rows: [{ step: 1, bound: 1, residual: 0, threshold: 0,
 * singularValues: [2] }] }).title // "Singular values over learning, rank bound 1"
 */
export function singularValueFigure(
  comparison: { readonly rows: readonly DrawnRow[] },
  options?: FigureOptions,
): Figure {
  const where = "singularValueFigure",
    rows = drawnRows(where, comparison);
  const given = readOptions(where, options, figureFields);
  const steps = rows.map(({ step }) => step),
    bound = rows[0].bound,
    shown = Math.min(bound, 6, rows[0].singularValues.length);
  const allowed = Array.from({ length: shown }, (_, i) => ({
    label: `singular value ${i + 1}`,
    x: steps,
    y: rows.map(({ singularValues }) => singularValues[i] ?? Number.NaN),
  }));
  const past = {
    label: `number ${bound + 1}, past the bound`,
    x: steps,
    y: rows.map(({ residual }) => residual),
    dashed: true,
  };
  const threshold = { label: "threshold", x: steps, y: rows.map((row) => row.threshold), dashed: true };
  return drawLines(where, [...allowed, past, threshold], {
    ...given,
    title: options?.title ?? `Singular values over learning, rank bound ${bound}`,
    xLabel: options?.xLabel ?? "updates",
    yLabel: options?.yLabel ?? "singular value",
    logY: true,
  });
}

function drawnRows(where: string, comparison: unknown): readonly DrawnRow[] {
  const rows = isRecord(comparison) ? comparison.rows : undefined;
  if (!Array.isArray(rows) || rows.length === 0)
    return fail(where, {
      expected: "a comparison of at least one snapshot with its bound",
      got: show(Array.isArray(rows) ? rows : comparison),
      fix: "Pass what compareRanks gave.",
    });
  return Array.from(rows, (row: unknown, i) => {
    const { step, bound, residual, threshold, singularValues } = isRecord(row) ? row : ({} as Record<string, unknown>);
    const drawn = { step, bound, residual, threshold, singularValues } as DrawnRow;
    return readOptions(where, drawn, rowFields, `comparison.rows[${i}]`);
  });
}
