import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import type { RankComparison, RankComparisonRow } from "../theory";
import { colors } from "./config";
import { numbersField, readList } from "./fields";
import { lineLayer } from "./line-figure";
import { columnsOf, panelFields, panelFigure, panelTitle, plotSize, type PanelOptions } from "./panels";
import type { Figure, Json, Part } from "./specification";

/** What is drawn of ranks beside their bounds. */
export interface RankBoundsShown {
  readonly rows: readonly Pick<RankComparisonRow, "step" | "rank" | "bound">[];
  readonly multilinear: Pick<RankComparison["multilinear"], "ranks" | "bound">;
}

const rowFields = {
  step: { is: "number", needed: true },
  rank: { is: "whole number", least: 0, needed: true },
  bound: { is: "whole number", least: 0, needed: true },
} as const satisfies FieldsOf<RankBoundsShown["rows"][number]>;

/**
 * The ranks that a run reached, with their bounds: that of the weight changes at every snapshot, and the multilinear
 * ranks over all of them.
 *
 * @param comparison - as {@link compareRanks} gives it
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when it is no such comparison
 * @example rankBoundFigure({ rows: [{ step: 0, rank: 0, bound: 2 }, { step: 5, rank: 2, bound: 2 }],
 * multilinear: { ranks: [2, 2, 1], bound: [2, 2, 2] } }).description
 * // "Ranks beside bounds. The rank is at most its bound at 2 of 2 snapshots, and 2 at the last of them,
 * with a bound of 2. Multilinear ranks 2, 2, 1, bounds 2, 2, 2."
 */
export function rankBoundFigure(comparison: RankBoundsShown, options?: PanelOptions): Figure {
  const where = "rankBoundFigure",
    { title, ...size } = readOptions(where, options, panelFields),
    fix = "Pass what compareRanks gave.";
  if (!isRecord(comparison) || !isRecord(comparison.multilinear))
    fail(where, { expected: "a comparison { rows, multilinear }", got: show(comparison), fix });
  const rows = readList<RankBoundsShown["rows"][number], typeof rowFields>(
    where,
    "comparison.rows",
    comparison.rows,
    rowFields,
    fix,
  );
  const { ranks, bound } = comparison.multilinear;
  numbersField.check(where, "comparison.multilinear.ranks", ranks);
  numbersField.check(where, "comparison.multilinear.bound", bound);
  if (ranks.length !== bound.length || ranks.length > 10)
    fail(where, {
      expected: "as many multilinear ranks as bounds, at most 10",
      got: `${ranks.length} and ${bound.length}`,
      fix,
    });
  const columns = columnsOf(size.width, 2, 240),
    plot = plotSize(size, columns, 2 / columns, 260),
    steps = rows.map(({ step }) => step);
  const lines = lineLayer(
    [
      { label: "rank", x: steps, y: rows.map(({ rank }) => rank) },
      { label: "bound", x: steps, y: rows.map((row) => row.bound), dashed: true },
    ],
    [],
    false,
    { xLabel: "updates", yLabel: "rank", width: size.width },
    { whole: true },
  );
  const within = rows.filter((row) => row.rank <= row.bound).length,
    end = rows[rows.length - 1];
  const named = title || "Ranks beside bounds";
  const description = [
    `${named}.`,
    `The rank is at most its bound at ${within} of ${rows.length} snapshots, and ` +
      `${end.rank} at the last of them, with a bound of ${end.bound}.`,
    `Multilinear ranks ${Array.from(ranks).join(", ")}, bounds ${Array.from(bound).join(", ")}.`,
  ].join(" ");
  const views: Part[] = [
    { ...plot, title: panelTitle("weight changes", plot.width), ...lines },
    { ...plot, title: panelTitle("all changes as a tensor", plot.width), layer: modeLayers(ranks, bound) },
  ];
  return panelFigure(description, views, {
    title: named,
    width: size.width,
    columns,
    shared: ["color", "strokeDash", "strokeWidth"],
  });
}

/** Bars of ranks, with a stroke across each at its bound. */
function modeLayers(ranks: readonly number[], bound: readonly number[]): Part[] {
  const values: Json[] = Array.from(ranks, (rank, i) => ({ mode: i, rank, bound: bound[i] }));
  const x: Part = { field: "mode", type: "ordinal", title: "mode", axis: { labelAngle: 0, grid: false }, sort: null };
  const y = (field: string): Part => ({
    field,
    type: "quantitative",
    title: "multilinear rank",
    axis: { tickMinStep: 1 },
  });
  return [
    {
      data: { values },
      mark: { type: "bar", color: colors[0], opacity: 0.75, width: { band: 0.5 } },
      encoding: { x, y: y("rank") },
    },
    {
      data: { values },
      mark: { type: "tick", color: colors[1], thickness: 2.5, width: { band: 0.8 } },
      encoding: { x, y: y("bound") },
    },
  ];
}
