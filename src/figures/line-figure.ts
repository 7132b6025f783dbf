import { readOptions, type FieldsOf } from "../base";
import { axisTitle, figureOf, jsonNumber, rangeInWords } from "./figure-of";
import { figureFields, type FigureOptions } from "./figure-options";
import { markFields, markLayers, pieceOf, roomForMarks, type Mark } from "./marks";
import { checkNumbers, everyValue, readSeries } from "./series";
import type { Figure, Json, Part } from "./specification";
import { lineStyles, nameOf, type Named } from "./styles";
import { logTicks } from "./ticks";

/** One line; where x or y is not finite it is interrupted. */
export interface Line {
  /** default its number, and no legend where no line has one */
  readonly label?: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** dotted and thin, for references and null models; default false */
  readonly dashed?: boolean;
}

/** A line figure may mark places on x, such as where the task changes. */
export interface LineFigureOptions extends FigureOptions {
  /** places to mark; default none */
  readonly marks?: readonly Mark[];
  /** y on a logarithmic axis: values at or below zero are left out; default false */
  readonly logY?: boolean;
}

const lineFields = {
  label: { is: "text" },
  x: { is: "checked", check: checkNumbers, needed: true },
  y: { is: "checked", check: checkNumbers, needed: true },
  dashed: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<Line>;

/**
 * Lines over a common axis, such as a loss against steps. Their names stand above the plot.
 *
 * @returns a Vega-Lite specification, plain JSON: open it in a Vega-Lite viewer, or make SVG of it by `ltrnn/vega`
 * @throws {@link LtrnnError} when x and y of a line differ in length or are no numbers, and for over a million points
 * @example lineFigure([{ label: "loss", x: [0, 1, 2], y: [3, 2, 1.5] }], { xLabel: "step" }).description
 * // "A line figure. loss: 3 points, x 0 to 2, y 1.5 to 3."
 */
export function lineFigure(lines: readonly Line[], options?: LineFigureOptions): Figure {
  return drawLines("lineFigure", lines, options);
}

/** {@link lineFigure}, for the function `where`. */
export function drawLines(where: string, lines: readonly Line[], given?: LineFigureOptions): Figure {
  return drawSeries(where, readSeries(where, "lines", lines, lineFields), given);
}

/** {@link drawLines} of lines that were read, of which some may have the color of another. */
export function drawSeries(where: string, series: readonly (Line & Named)[], given?: LineFigureOptions): Figure {
  const lineFigureFields = {
    ...figureFields,
    marks: { is: "list", of: { is: "record", of: markFields }, fallback: [] },
    logY: { is: "boolean", fallback: false },
  } as const satisfies FieldsOf<LineFigureOptions>;
  const { marks, logY, ...options } = readOptions(where, given, lineFigureFields);
  const xs = rangeOf(series, marks),
    plot = { ...xs, width: 0.8 * options.width };
  const named = series.some(({ label }) => label !== undefined), // their names stand between title and marks
    room = named ? 0 : roomForMarks(marks, plot);
  return figureOf({ ...options, room }, describeLines(series, options.title || "A line figure"), {
    layer: [...markLayers(marks, plot), lineLayer(series, marks, logY, options)],
  });
}

/** A layer of lines, one for each series, interrupted at marks that break. */
export function lineLayer(
  series: readonly (Line & Named)[],
  marks: readonly Mark[],
  logY: boolean,
  { xLabel, yLabel, width, height = 200 }: Looks,
  { whole = false }: { readonly whole?: boolean } = {},
): Part {
  const values: Json[] = [];
  series.forEach((line, i) => {
    const name = nameOf(line, i);
    for (let k = 0; k < line.x.length; k++) {
      const x = jsonNumber(line.x[k]),
        y = jsonNumber(line.y[k]);
      const piece = x === null ? 0 : pieceOf(marks, x);
      values.push({ series: name, line: i, piece, at: k, x, y: logY && y !== null && y <= 0 ? null : y });
    }
  });
  const ticks = logY ? logTicks(...positiveRange(series), height - 110) : [],
    room = roomForMarks(marks, { ...rangeOf(series, marks), width: 0.8 * width });
  return {
    data: { values },
    mark: { type: "line", invalid: "break-paths-show-domains" },
    encoding: {
      x: { field: "x", type: "quantitative", title: axisTitle(xLabel), scale: { zero: false, nice: false } },
      y: whole ? { ...yEncoding(yLabel), scale: {}, axis: { tickMinStep: 1 } } : yEncoding(yLabel, logY, ticks),
      detail: [
        { field: "line", type: "nominal" },
        { field: "piece", type: "nominal" },
      ],
      order: { field: "at", type: "quantitative" },
      ...lineStyles(series, width, { room }),
    },
  };
}

interface Looks {
  readonly xLabel: string;
  readonly yLabel: string;
  readonly width: number;
  readonly height?: number;
}

const yEncoding = (yLabel: string, logY = false, ticks: readonly number[] = []): Part => ({
  field: "y",
  type: "quantitative",
  title: axisTitle(yLabel),
  scale: logY ? { type: "log", nice: false } : { zero: false },
  ...(ticks.length > 0 ? { axis: { values: ticks } } : {}),
});

/** The least and the largest value above zero. */
function positiveRange(series: readonly Line[]): [number, number] {
  let low = Infinity,
    high = 0;
  for (const y of everyValue(series.map((line) => line.y)))
    if (y > 0 && y < Infinity) [low, high] = [Math.min(low, y), Math.max(high, y)];
  return [low, high];
}

/** What lines show, in words. */
const describeLines = (series: readonly Line[], title: string): string =>
  [
    `${title}.`,
    ...series.slice(0, 20).map((line, i) => {
      const points = `${line.x.length} point${line.x.length === 1 ? "" : "s"}`;
      return (
        `${nameOf(line, i)}: ${points}, x ${rangeInWords(everyValue([line.x]))}, y ` +
        `${rangeInWords(everyValue([line.y]))}.`
      );
    }),
    ...(series.length > 20 ? [`And ${series.length - 20} more.`] : []),
  ].join(" ");

/** What the x axis reaches over. */
function rangeOf(series: readonly Line[], marks: readonly Mark[]): { readonly low: number; readonly high: number } {
  let low = Infinity,
    high = -Infinity;
  for (const x of everyValue([...series.map((line) => line.x), marks.map((mark) => mark.x)]))
    if (Number.isFinite(x)) [low, high] = [Math.min(low, x), Math.max(high, x)];
  return { low, high };
}
