import type { Matrix } from "../tensor";
import { escape, figure, label, plotOf, px, type FigureOptions } from "./axes";

/**
 * A matrix as colors, first row on top: blue below zero, white at zero, red above, the same strength for the same size. What is not finite is gray.
 *
 * @returns one SVG document as text, with a scale above the plot
 * @throws RangeError when the matrix has no entries
 * @example heatMapFigure({ shape: [2, 2], data: Float64Array.of(-1, 0, 0.5, 1) }).includes("rgb(178,24,43)") // true: the largest is full red
 */
export function heatMapFigure(m: Matrix, options: FigureOptions = {}): string {
  const [rows, columns] = m.shape;
  if (rows * columns === 0)
    throw new RangeError(
      `heatMapFigure: expected a matrix with entries, got (${rows} × ${columns}). Draw one that has some.`,
    );
  const { left, right, top, bottom } = plotOf(options),
    width = (right - left) / columns,
    height = (bottom - top) / rows;
  const most = m.data.reduce(
    (largest, value) => (Number.isFinite(value) ? Math.max(largest, Math.abs(value)) : largest),
    0,
  );
  const cells = Array.from(
    m.data,
    (value, at) =>
      `<rect x="${px(left + (at % columns) * width)}" y="${px(top + Math.floor(at / columns) * height)}" width="${px(width + 0.3)}" height="${px(height + 0.3)}" fill="${color(most > 0 ? value / most : value)}"/>`,
  );
  const axis = (count: number, from: number, size: number) => {
    const step = Math.max(1, Math.ceil(count / 6));
    return {
      at: (index: number) => from + (index + 0.5) * size,
      ticks: Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step),
    };
  };
  const scale = `<text x="${right}" y="20" text-anchor="end" fill="#666">${escape(`± ${label(Number(most.toPrecision(2)))}`)}</text>`;
  return figure(options, axis(columns, left, width), axis(rows, top, height), cells.join("") + scale);
}

/** From blue (-1) by white (0) to red (1). */
function color(value: number): string {
  if (!Number.isFinite(value)) return "#999";
  const end = value < 0 ? [33, 102, 172] : [178, 24, 43],
    strength = Math.abs(value);
  return `rgb(${end.map((c) => Math.round(255 + (c - 255) * strength)).join(",")})`;
}
