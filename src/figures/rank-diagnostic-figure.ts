import { fail, readOptions, show, type FieldsOf } from "../base";
import { colors, gray } from "./config";
import { readRecords } from "./fields";
import { inWords } from "./figure-of";
import { columnsOf, panelFields, panelFigure, panelTitle, plotSize, type PanelOptions } from "./panels";
import type { Figure, Json, Part } from "./specification";

/** Diagnostics of decompositions of one rank. */
export interface RankDiagnostic {
  readonly rank: number;
  /** percent, at most 100; null where it is not defined, as at rank 1 or with missing entries; default null */
  readonly coreConsistency?: number | null;
  /**
   * how well runs from other seeds agree with the best one, in [0, 1]: one number each, or one for all; default null
   */
  readonly replicability?: readonly number[] | number | null;
}

const rowFields = {
  rank: { is: "whole number", least: 0, needed: true },
  coreConsistency: { is: "checked", check: checkScore },
  replicability: { is: "checked", check: checkScores },
} as const satisfies FieldsOf<RankDiagnostic>;

/**
 * Core consistency and replicability against rank, in two panels: a rank is supported where both are high. Core
 * consistency far below zero is drawn at -20, as a triangle that points down, and is not drawn where it is null.
 *
 * @param rows - one per rank
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when there are none, or one is no such record
 * @example rankDiagnosticFigure([{ rank: 1, replicability: 1 }, { rank: 2, coreConsistency: 97, replicability: [0.99,
 * 1] }]).description // "What decompositions say about their rank. Core consistency: rank 2: 97 %. Replicability,
 * least of the runs: rank 1: 1, rank 2: 0.99."
 */
export function rankDiagnosticFigure(rows: readonly RankDiagnostic[], options?: PanelOptions): Figure {
  const where = "rankDiagnosticFigure",
    fix = "Pass one { rank, coreConsistency, replicability } per rank.",
    read = readRecords<RankDiagnostic, typeof rowFields>(where, "rows", rows, rowFields, fix),
    { title, ...size } = readOptions(where, options, panelFields),
    columns = columnsOf(size.width, 2, 240),
    plot = plotSize(size, columns, 2 / columns, 260);
  const consistent = read.flatMap(({ rank, coreConsistency: c }) =>
      typeof c === "number" ? [{ rank, value: c }] : [],
    ),
    agreeing = read.flatMap(({ rank, replicability }) => listOf(replicability).map((value) => ({ rank, value })));
  const x: Part = {
    field: "rank",
    type: "quantitative",
    title: "rank",
    scale: { domain: rangeOf(read.map(({ rank }) => rank)), nice: false, zero: false },
    axis: { values: [...new Set(read.map(({ rank }) => rank))].sort((a, b) => a - b), grid: false },
  };
  const cores: Json[] = consistent.map(({ rank, value }) => ({
    rank,
    value: Math.max(-20, value),
    below: value < -20,
  }));
  const shape: Part = { condition: { test: "datum.below", value: "triangle-down" }, value: "circle" };
  const y = (title: string, domain: readonly number[], field = "value"): Part => ({
    field,
    type: "quantitative",
    title,
    scale: { domain, nice: false },
  });
  const percent = y("core consistency (%)", [-25, 105]),
    score = y("replicability", [0, 1.02]);
  const line = { type: "line", color: colors[0] },
    zero: Part = { data: { values: [{ value: 0 }] }, mark: { type: "rule", color: gray }, encoding: { y: percent } };
  const least = leastByRank(agreeing);
  const views: Part[] = [
    {
      ...plot,
      title: panelTitle("of the best run", plot.width),
      layer: [
        zero,
        { data: { values: cores }, mark: line, encoding: { x, y: percent } },
        {
          data: { values: cores },
          mark: { type: "point", size: 50, color: colors[0], opacity: 1 },
          encoding: { x, y: percent, shape },
        },
      ],
    },
    {
      ...plot,
      title: panelTitle("of other runs, the least joined", plot.width),
      layer: [
        { data: { values: least }, mark: { ...line, color: colors[1], strokeDash: [7, 3] }, encoding: { x, y: score } },
        {
          data: { values: agreeing },
          mark: { type: "point", shape: "square", size: 30, color: colors[1] },
          encoding: { x, y: score },
        },
      ],
    },
  ];
  const named = title || "What decompositions say about their rank";
  const said = [
    `${named}.`,
    consistent.length === 0
      ? "No core consistency."
      : `Core consistency: ${consistent.map(({ rank, value }) => `rank ${rank}: ${inWords(value)} %`).join(", ")}.`,
    agreeing.length === 0
      ? "No replicability."
      : "Replicability, least of the runs: " +
        `${least.map(({ rank, value }) => `rank ${rank}: ${inWords(value)}`).join(", ")}.`,
  ];
  return panelFigure(said.join(" "), views, { title: named, width: size.width, columns });
}

const listOf = (value: readonly number[] | number | null | undefined): readonly number[] =>
  typeof value === "number" ? [value] : (value ?? []);

function leastByRank(rows: readonly { readonly rank: number; readonly value: number }[]) {
  const least = new Map<number, number>();
  for (const { rank, value } of rows) least.set(rank, Math.min(value, least.get(rank) ?? Infinity));
  return [...least.entries()].sort(([a], [b]) => a - b).map(([rank, value]) => ({ rank, value }));
}

const rangeOf = (ranks: readonly number[]): readonly number[] => [
  ranks.reduce((low, rank) => Math.min(low, rank), Infinity) - 0.3,
  ranks.reduce((high, rank) => Math.max(high, rank), -Infinity) + 0.3,
];

function checkScore(where: string, name: string, value: unknown): void {
  if (value === null || (typeof value === "number" && Number.isFinite(value))) return;
  fail(where, {
    expected: `${name} to be a finite number or null`,
    got: show(value),
    fix: "Pass null where there is none.",
  });
}

function checkScores(where: string, name: string, value: unknown): void {
  const list = Array.isArray(value) ? Array.from(value as unknown[]) : [value];
  for (const one of list) checkScore(where, name, one);
  if (Array.isArray(value) && list.includes(null))
    fail(where, { expected: `numbers in ${name}`, got: "null among them", fix: "Leave out runs without a score." });
}
