import { fail, readOptions } from "../base";
import { checkTensor, type Matrix } from "../tensor";
import { cellAxis, linearAxis } from "./axis";
import { figureFields, type FigureOptions } from "./figure-options";
import { frame, plotHeight, plotWidth, type Plot } from "./frame";
import { px, textAt } from "./svg";

const mostCells = 250_000;
/** Pixels for the bar of colors on the right, with its numbers. */
const barRoom = 74,
  barSteps = 20;

/**
 * A matrix as colors, first row on top: blue below zero, white at zero, red above, the same strength for the same size.
 * What is not finite is gray.
 *
 * @returns one SVG document as text, with a bar of the colors on the right
 * @throws {@link LtrnnError} when the matrix has no entries, or more than 250 000
 * @example heatMapFigure(tensor([2, 2], [-1, 0, 0.5, 1])).includes("rgb(178,24,43)") // true: the largest is full red
 */
export function heatMapFigure(m: Matrix, options?: FigureOptions): string {
  checkTensor("heatMapFigure", "m", m, 2);
  const [rows, columns] = m.shape,
    cells = rows * columns;
  if (cells === 0 || cells > mostCells)
    fail("heatMapFigure", {
      expected: `a matrix of 1 to ${mostCells} entries`,
      got: `(${rows} × ${columns})`,
      fix: cells === 0 ? "Draw one that has some." : "Draw a part of it, or means of neighbors.",
    });
  const filled = readOptions("heatMapFigure", options, figureFields);
  const { top, bottom } = plotHeight(filled),
    height = (bottom - top) / rows;
  const y = cellAxis(rows, top, height);
  const { left, right } = plotWidth(filled, y, barRoom),
    width = (right - left) / columns;
  const x = cellAxis(columns, left, width);
  const largest = m.data.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  const drawn = Array.from(m.data, (value, entry) => {
    const corner = `x="${px(left + (entry % columns) * width)}" y="${px(top + Math.floor(entry / columns) * height)}"`;
    const fill = color(value / (largest || 1));
    return `<rect ${corner} width="${px(width + 0.3)}" height="${px(height + 0.3)}" fill="${fill}"/>`;
  });
  const plot = { left, right, top, bottom };
  return frame(filled, plot, x, y, drawn.join("") + colorBar(plot, largest));
}

/** The colors from the largest size, above, to its negative, below, with numbers beside them. */
function colorBar({ right, top, bottom }: Plot, largest: number): string {
  const left = right + 12,
    size = (bottom - top) / barSteps;
  const steps = Array.from({ length: barSteps }, (_, i) => {
    const value = 1 - (2 * (i + 0.5)) / barSteps;
    const corner = `x="${px(left)}" y="${px(top + i * size)}"`;
    return `<rect ${corner} width="10" height="${px(size + 0.3)}" fill="${color(value)}"/>`;
  });
  if (largest === 0) return steps.join("") + textAt(left + 14, (top + bottom) / 2 + 4, "start", "0");
  const axis = linearAxis([-largest, largest], bottom, top);
  const labels = axis.ticks.map(({ value, label }) => textAt(left + 14, axis.position(value) + 4, "start", label));
  return steps.join("") + labels.join("");
}

/** From blue (-1) by white (0) to red (1). */
function color(value: number): string {
  if (!Number.isFinite(value)) return "#999";
  const end = value < 0 ? [33, 102, 172] : [178, 24, 43],
    strength = Math.abs(value);
  return `rgb(${end.map((channel) => Math.round(255 + (channel - 255) * strength)).join(",")})`;
}
