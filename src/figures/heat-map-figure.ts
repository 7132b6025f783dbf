import { fail, readOptions } from "../base";
import { checkTensor, type Matrix } from "../tensor";
import { shades } from "./config";
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
 * @example heatMapFigure(tensor([2, 2], [-1, 0, 0.5, 1])).description // "A matrix of 2 rows and 2 columns, entries -1 to 1."
 */
export function heatMapFigure(m: Matrix, options?: FigureOptions): Figure {
  checkCells("heatMapFigure", "m", m);
  const filled = readOptions("heatMapFigure", options, figureFields),
    [rows, columns] = m.shape;
  const what = `A matrix of ${rows} rows and ${columns} columns, entries ${rangeInWords(m.data)}.`;
  return figureOf(filled, filled.title ? `${filled.title}. ${what}` : what, cells(m, { ...filled, signed: true }));
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
  readonly valueLabel?: string;
  /** the first and the past-the-last place on x; default those of column numbers */
  readonly x?: { readonly from: number; readonly to: number };
}

/** A view of a matrix in colors. Cells lie edge to edge: a quantitative axis has as many ticks as it has room for. */
export function cells(m: Matrix, { xLabel, yLabel, signed, valueLabel = "", x }: CellOptions): Part {
  const [rows, columns] = m.shape,
    from = x?.from ?? -0.5,
    step = x ? (x.to - x.from) / columns : 1;
  const finite = m.data.filter(Number.isFinite),
    low = finite.reduce((least, value) => Math.min(least, value), Infinity),
    high = finite.reduce((most, value) => Math.max(most, value), -Infinity),
    largest = Math.max(Math.abs(low), Math.abs(high));
  const domain = finite.length === 0 || largest === 0 ? [-1, 1] : signed ? [-largest, largest] : [low, high];
  const values: Json[] = Array.from(m.data, (value, at) => {
    const row = Math.floor(at / columns),
      left = from + (at % columns) * step;
    return { x: left, x2: left + step, y: row - 0.5, y2: row + 0.5, v: jsonNumber(value) };
  });
  const color: Part = {
    field: "v",
    type: "quantitative",
    title: axisTitle(valueLabel),
    scale: { scheme: shades, domain, zero: false, nice: false },
    legend: { type: "gradient", orient: "right", direction: "vertical" },
  };
  const axis = { grid: false, ...(x ? {} : { tickMinStep: 1 }) };
  return {
    data: { values },
    // a stroke in the color of its cell closes the seams between cells; under a name of its own it has no legend
    transform: [{ filter: { field: "v", valid: true } }, { calculate: "datum.v", as: "seam" }],
    mark: { type: "rect", strokeWidth: 0.4 },
    encoding: {
      x: edge("x", axisTitle(xLabel), axis, [from, from + columns * step]),
      x2: { field: "x2" },
      y: { ...edge("y", axisTitle(yLabel), { grid: false, tickMinStep: 1 }, [-0.5, rows - 0.5]), sort: "descending" },
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
