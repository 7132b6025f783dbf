import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import { checkCount, readRecords } from "./fields";
import { figureOf, inWords } from "./figure-of";
import { figureFields, type FigureOptions } from "./figure-options";
import type { Figure, Json, Part } from "./specification";
import { pointStyles } from "./styles";

/** How another run agrees with the best one: an entry of `fit.replicability`, of matchFits, or of factorMatchScore. */
export interface ReplicateShown {
  /** in [0, 1] */
  readonly score: number;
  /** the name of the run; default its number */
  readonly seed?: number;
  /** of each component: cosines of its parts */
  readonly components?: readonly {
    readonly column: number;
    readonly row: number;
    readonly trialFactor: number;
    readonly change: number;
  }[];
  /** not drawn, as the two below */
  readonly step?: number;
  readonly assignment?: readonly number[];
  readonly congruences?: readonly number[];
}

const rowFields = {
  score: { is: "number", needed: true },
  seed: { is: "number" },
  components: { is: "checked", check: checkComponents, fallback: [] },
  step: { is: "number" },
  assignment: { is: "list", of: { is: "number" } },
  congruences: { is: "list", of: { is: "number" } },
} as const satisfies FieldsOf<ReplicateShown>;

const parts = [
  { key: "column", label: "columns" },
  { key: "row", label: "rows" },
  { key: "trialFactor", label: "trial factors" },
  { key: "change", label: "their changes" },
] as const;

/**
 * Similarity of replicates: how well each other start agrees with the best one, as a score, and in columns, rows and
 * trial factors, each the mean over components, with the least of them below it as a line.
 *
 * @param replicates - `fit.replicability`, or results of {@link matchFits}
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when there are none, or one is no such record
 * @example replicateFigure([{ seed: 3, score: 0.9 }, { seed: 4, score: 0.7 }]).description
 * // "Agreement of other starts with the best. Scores: 3: 0.9, 4: 0.7."
 */
export function replicateFigure(replicates: readonly ReplicateShown[], options?: FigureOptions): Figure {
  const where = "replicateFigure",
    fix = "Pass fit.replicability, of a fit with several starts.",
    read = readRecords<ReplicateShown, typeof rowFields>(where, "replicates", replicates, rowFields, fix);
  checkCount(where, "replicates", read.length, 500, "Draw fewer of them.");
  const given = readOptions(where, options, figureFields),
    names = read.map(({ seed }, i) => String(seed ?? i + 1)),
    hasParts = read.some(({ components }) => components.length > 0);
  const series = ["score", ...(hasParts ? parts.map(({ label }) => label) : [])];
  const values: Json[] = read.flatMap(({ score, components }, i): Json[] => [
    { replicate: i, name: names[i], series: "score", value: score, least: score },
    ...parts.flatMap(({ key, label }): Json[] => {
      const cosines = components.map((component) => component[key]);
      if (cosines.length === 0) return [];
      const mean = cosines.reduce((sum, one) => sum + one, 0) / cosines.length,
        least = cosines.reduce((low, one) => Math.min(low, one), Infinity);
      return [{ replicate: i, name: names[i], series: label, value: mean, least }];
    }),
  ]);
  const styles = pointStyles(
    series.map((label) => ({ label })),
    given.width,
  );
  const x: Part = {
    field: "name",
    type: "nominal",
    title: given.xLabel || "start (seed)",
    sort: null,
    axis: { grid: false, labelAngle: 0 },
  };
  const offset: Part = { field: "series", sort: series };
  const y = (field: string): Part => ({
    field,
    type: "quantitative",
    title: given.yLabel || "agreement with the best",
    scale: { domain: [Math.min(0, ...read.map(({ score }) => score)), 1], nice: false },
  });
  const layer: Part[] = [
    {
      data: { values },
      mark: { type: "rule", strokeWidth: 1.2 },
      encoding: { x, xOffset: offset, y: y("value"), y2: { field: "least" }, color: styles.color },
    },
    {
      data: { values },
      mark: { type: "point", size: 50, opacity: 1 },
      encoding: { x, xOffset: offset, y: y("value"), ...styles },
    },
  ];
  const title = given.title || "Agreement of other starts with the best";
  const scores = read.slice(0, 30).map(({ score }, i) => `${names[i]}: ${inWords(score)}`);
  return figureOf({ ...given, title }, `${title}. Scores: ${scores.join(", ")}.`, { layer });
}

function checkComponents(where: string, name: string, value: unknown): void {
  const list = Array.isArray(value) ? Array.from(value as unknown[]) : undefined;
  const right = list?.every((one) => isRecord(one) && parts.every(({ key }) => Number.isFinite(one[key])));
  if (!right)
    fail(where, {
      expected: `${name} to be a list of { column, row, trialFactor, change }`,
      got: show(value),
      fix: "Pass fit.replicability, or what matchFits gave.",
    });
}
