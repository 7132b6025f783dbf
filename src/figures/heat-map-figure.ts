import { fail, readOptions } from "../base";
import { checkTensor, type Matrix } from "../tensor";
import { barOf, shades } from "./config";
import { axisTitle, figureOf, jsonNumber, rangeInWords } from "./figure-of";
import { figureFields, type FigureOptions } from "./figure-options";
import type { Figure, Json, Part } from "./specification";

const mostCells = 250_000;

/**
 * A matrix as colors, first row on top: from dark blue for the most negative by gray for zero to yellow, lighter where
 * it is larger, also in gray print. What is not finite stays white.
 *
 * @returns a Vega-Lite specification, plain JSON, with a bar of the colors on the right
 * @throws {@link LtrnnError} when the matrix has no entries, or more than 250 000
 * @example heatMapFigure(tensor([2, 2], [-1, 0, 0.5, 1])).description
 * // "A matrix of 2 rows and 2 columns, entries -1 to 1."
 */
export function heatMapFigure(m: Matrix, options?: FigureOptions): Figure {
  checkCells("heatMapFigure", "m", m);
  const filled = readOptions("heatMapFigure", options, figureFields),
    [rows, columns] = m.shape;
  const what = `A matrix of ${rows} rows and ${columns} columns, entries ${rangeInWords(m.data)}.`;
  return figureOf(
    filled,
    filled.title ? `${filled.title}. ${what}` : what,
    cells(m, { ...filled, signed: true, height: filled.height - 90 }),
  );
}

/** Refuse what is no matrix, or has too few or too many entries to be drawn one by one. */
export function checkCells(where: string, name: string, m: Matrix): void {
  checkTensor(where, name, m, 2);
  const [rows, columns] = m.shape,
    count = rows * columns;
  if (count > 0 && count <= mostCells) return;
  fail(where, {
    expected: `${name} to be a matrix of 1 to ${mostCells} entries`,
    got: `(${rows} × ${columns})`,
    fix: count === 0 ? "Draw one that has some." : "Draw a part of it, or means of neighbors.",
  });
}

export interface CellOptions {
  readonly xLabel: string;
  readonly yLabel: string;
  /** 0 in the middle of the colors; else they run from the least to the largest entry */
  readonly signed: boolean;
  /** over the bar of colors; default none */
  readonly valueLabel?: string;
  /** where the first cell begins on both axes; default -0.5: cells lie around their numbers, from 0 on */
  readonly from?: number;
  /** the same on x alone; default `from` */
  readonly fromX?: number;
  /** the width of a cell on x; default 1 */
  readonly step?: number;
  /** of the plot, in pixels: the bar of colors is no longer */
  readonly height: number;
  /** what the rows are called; default their numbers */
  readonly rowNames?: readonly string[];
  /** from the darkest to the lightest; default the range of the entries, on both sides of 0 where `signed` */
  readonly domain?: readonly [number, number];
}

/** A view of a matrix in colors. Cells lie edge to edge: a quantitative axis has as many ticks as it has room for. */
export function cells(
  m: Matrix,
  {
    xLabel,
    yLabel,
    signed,
    valueLabel = "",
    from = -0.5,
    fromX = from,
    step = 1,
    domain,
    height,
    rowNames,
  }: CellOptions,
): Part {
  const [rows, columns] = m.shape;
  const finite = m.data.filter(Number.isFinite),
    low = finite.reduce((least, value) => Math.min(least, value), Infinity),
    high = finite.reduce((most, value) => Math.max(most, value), -Infinity),
    largest = Math.max(Math.abs(low), Math.abs(high));
  const range = domain ?? (finite.length === 0 || largest === 0 ? [-1, 1] : signed ? [-largest, largest] : [low, high]);
  const values: Json[] = Array.from(m.data, (value, at) => {
    const row = Math.floor(at / columns),
      left = fromX + (at % columns) * step;
    return { x: left, x2: left + step, y: row + from, y2: row + from + 1, v: jsonNumber(value) };
  });
  const color: Part = {
    field: "v",
    type: "quantitative",
    title: axisTitle(valueLabel),
    scale: { scheme: shades, domain: range, zero: false, nice: false },
    legend: barOf(height),
  };
  const axis = { grid: false, ...(step === 1 ? { tickMinStep: 1 } : {}) },
    byNumber = { grid: false, tickMinStep: 1 };
  const byName: Part | undefined = rowNames && {
    grid: false,
    values: rowNames.map((_, i) => i),
    labelExpr: `${JSON.stringify(rowNames)}[datum.value]`,
  };
  return {
    data: { values },
    // a stroke in the color of its cell closes the seams between cells; under a name of its own it has no legend
    transform: [{ filter: { field: "v", valid: true } }, { calculate: "datum.v", as: "seam" }],
    mark: { type: "rect", strokeWidth: 0.4 },
    encoding: {
      x: edge("x", axisTitle(xLabel), axis, [fromX, fromX + columns * step]),
      x2: { field: "x2" },
      y: { ...edge("y", axisTitle(yLabel), byName ?? byNumber, [from, rows + from]), sort: "descending" },
      y2: { field: "y2" },
      fill: color,
      stroke: { ...color, field: "seam", legend: null },
    },
  };
}

const edge = (field: string, title: string | null, axis: Part, domain: readonly number[]): Part => ({
  field,
  type: "quantitative",
  title,
  axis,
  scale: { domain, nice: false, zero: false },
});
