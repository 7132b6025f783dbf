import { readOptions, type FieldsOf } from "../base";
import { colors, gray, shapes } from "./config";
import { checkCount, readList } from "./fields";
import { axisTitle, figureOf, inWords, jsonNumber } from "./figure-of";
import { figureFields, type FigureOptions } from "./figure-options";
import { checkScore, scoresOf, type RankScores, type ScoredRow } from "./rank-scores";
import type { Figure, Json, Part } from "./specification";
import { legendOf } from "./styles";

export interface RankScoreOptions extends FigureOptions {
  /** default "validation" */
  readonly score?: "validation" | "test";
  /** the rank that was chosen; default not drawn */
  readonly chosen?: number;
  /** the score that no model can exceed, such as the reliability of the data; default not drawn */
  readonly ceiling?: number;
}

const fields = () =>
  ({
    ...figureFields,
    score: { is: "name", of: ["validation", "test"], fallback: "validation" },
    chosen: { is: "number", least: 0 },
    ceiling: { is: "number" },
  }) as const satisfies FieldsOf<RankScoreOptions>;

const rowFields = {
  model: { is: "text", needed: true },
  axes: { is: "checked", check: () => {}, needed: true },
  fold: { is: "whole number", needed: true },
  validation: { is: "checked", check: checkScore, needed: true },
  test: { is: "checked", check: checkScore, needed: true },
} as const satisfies FieldsOf<ScoredRow>;

/**
 * Held-out score against rank: every fold as a small mark, the mean over folds joined, with its standard error, beside
 * baselines, the ceiling and the choice. The description says if the choice is at the edge of the ranks that were
 * tried.
 *
 * @param rows - of {@link crossValidate}, or custom rows in that form; of several seeds, the best by validation is used
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when there are no such rows, or none is scored
 * @example rankScoreFigure([{ model: "cp", axes: { rank: 1 }, fold: 0, validation: 0.5, test: 0.4 }, { model: "cp",
 * axes: { rank: 2 }, fold: 0, validation: 0.8, test: 0.7 }], { chosen: 2 }).description
 * // "Held-out score against rank. cp: rank 1: 0.5, rank 2: 0.8. Chosen: rank 2, the largest that was tried."
 */
export function rankScoreFigure(rows: readonly ScoredRow[], options?: RankScoreOptions): Figure {
  const where = "rankScoreFigure",
    read = readList<ScoredRow, typeof rowFields>(where, "rows", rows, rowFields, "Pass rows of crossValidate.");
  const { score, chosen, ceiling, ...given } = readOptions(where, options, fields()),
    { curves, baselines } = scoresOf(where, read as readonly ScoredRow[], score);
  checkCount(where, "models", curves.length + baselines.length, 20, "Draw fewer models at once.");
  const references = [...baselines, ...(ceiling === undefined ? [] : [{ name: "ceiling", mean: ceiling }])];
  const ranks = [...new Set(curves.flatMap(({ points }) => points.map(({ rank }) => rank)))].sort((a, b) => a - b);
  const x: Part = {
      field: "rank",
      type: "quantitative",
      title: axisTitle(given.xLabel || "rank"),
      scale: { nice: false, zero: false, padding: 12 },
      axis: { values: ranks, grid: false },
    },
    y = (field: string): Part => ({
      field,
      type: "quantitative",
      title: axisTitle(given.yLabel || "share explained, held out"),
      scale: { zero: false, padding: 8 },
    });
  const names = [...curves.map(({ name }) => name), ...references.map(({ name }) => name)],
    legend = {
      ...legendOf(
        names.map((label) => ({ label })),
        given.width,
        { room: chosen === undefined ? 0 : 14 },
      ),
      symbolType: "stroke",
      symbolSize: 400,
    };
  const color: Part = {
    field: "model",
    type: "nominal",
    scale: { domain: names, range: names.map((_, i) => colors[i % colors.length]) },
    legend,
  };
  const dash: Part = {
    field: "model",
    type: "nominal",
    scale: {
      domain: names,
      range: names.map((_, i) => (i < curves.length ? [1, 0] : patterns[(i - curves.length) % 4])),
    },
    legend,
  };
  const means = curves.flatMap(({ name, points }) =>
      points.map(({ rank, mean, error }) => ({
        model: name,
        rank,
        mean,
        low: jsonNumber(mean - error),
        high: jsonNumber(mean + error),
      })),
    ),
    folds = curves.flatMap(({ name, points }) =>
      points.flatMap(({ rank, scores }) => scores.map((value): Json => ({ model: name, rank, score: value }))),
    ),
    levels = references.map(({ name, mean }) => ({ model: name, mean }));
  const styled: Part = names.length > 1 ? { color, strokeDash: dash } : { color };
  const layer: Part[] = [
    ...(chosen === undefined ? [] : choiceLayers(chosen, x)),
    { data: { values: levels }, mark: { type: "rule", strokeWidth: 1.5 }, encoding: { y: y("mean"), ...styled } },
    {
      data: { values: folds },
      mark: { type: "point", shape: shapes[0], size: 14, opacity: 0.5 },
      encoding: { x, y: y("score"), color },
    },
    {
      data: { values: means },
      mark: { type: "rule", strokeWidth: 2 },
      encoding: { x, y: y("low"), y2: { field: "high" }, color },
    },
    { data: { values: means }, mark: { type: "line" }, encoding: { x, y: y("mean"), ...styled } },
    {
      data: { values: means },
      mark: { type: "point", shape: "square", size: 40, opacity: 1 },
      encoding: { x, y: y("mean"), color },
    },
  ];
  const title = given.title || "Held-out score against rank";
  return figureOf({ ...given, title }, describe(title, curves, references, ranks, chosen), { layer });
}

const patterns = [
  [2, 2],
  [7, 2, 2, 2],
  [4, 2],
  [10, 3],
] as const;

const choiceLayers = (chosen: number, x: Part): Part[] => [
  {
    data: { values: [{ rank: chosen }] },
    mark: { type: "rule", color: gray, strokeWidth: 8, opacity: 0.3 },
    encoding: { x },
  },
  {
    data: { values: [{ rank: chosen, said: "chosen" }] },
    mark: { type: "text", baseline: "bottom", fill: "#555", fontSize: 11 },
    encoding: { x, y: { value: -2 }, text: { field: "said", type: "nominal" } },
  },
];

function describe(
  title: string,
  curves: readonly RankScores[],
  references: readonly { readonly name: string; readonly mean: number }[],
  ranks: readonly number[],
  chosen: number | undefined,
): string {
  const said = curves.map(
    ({ name, points }) => `${name}: ${points.map(({ rank, mean }) => `rank ${rank}: ${inWords(mean)}`).join(", ")}.`,
  );
  const levels = references.map(({ name, mean }) => `${name}: ${inWords(mean)}.`);
  const edge =
    chosen !== undefined && ranks.length > 1 && chosen === ranks[ranks.length - 1]
      ? ", the largest that was tried"
      : "";
  return [`${title}.`, ...said, ...levels, ...(chosen === undefined ? [] : [`Chosen: rank ${chosen}${edge}.`])].join(
    " ",
  );
}
