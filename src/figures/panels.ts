import type { FieldsOf } from "../base";
import { figureOfPanels } from "./figure-of";
import type { Figure, Json, Part } from "./specification";
import { wrapped } from "./ticks";

/** What figures of several panels share. */
export interface PanelOptions {
  /** default what is drawn */
  readonly title?: string;
  /** of the whole figure, in pixels, 160 to 10 000; default 640. Where panels have no room, fewer stand in a row */
  readonly width?: number;
  /** of the whole figure, about, in pixels, 120 to 10 000; default what its rows need */
  readonly height?: number;
}

export const panelFields = {
  title: { is: "text", fallback: "" },
  width: { is: "number", least: 160, most: 10_000, fallback: 640 },
  height: { is: "number", least: 120, most: 10_000 },
} as const satisfies FieldsOf<PanelOptions>;

/** What remains of a panel for its plot, beside the labels of its axes; what is around and between panels. */
const besidePlot = 64,
  yTitle = 16,
  belowPlot = 52,
  padding = 8,
  spacing = { row: 14, column: 18 } as const;

/** As many panels in a row as have room, at least so many pixels each. */
export const columnsOf = (width: number, most: number, least = 200): number =>
  Math.max(1, Math.min(most, Math.floor(width / least)));

/**
 * The size of the plot of one panel in a grid of them. `aside` is left free on the right, for a bar of colors; so many
 * columns have `titles` of their y axes.
 */
export function plotSize(
  { width, height }: { readonly width: number; readonly height: number | undefined },
  columns: number,
  rows: number,
  rowHeight = 150,
  { aside = 0, titles = columns }: { readonly aside?: number; readonly titles?: number } = {},
): { readonly width: number; readonly height: number } {
  const inner = width - 2 * padding - aside - (columns - 1) * spacing.column + (columns - titles) * yTitle,
    whole = height ?? rows * rowHeight + 40;
  return {
    width: Math.max(40, Math.floor(inner / columns - besidePlot - (columns === 1 ? 8 : 0))),
    height: Math.max(30, Math.round((whole - 40) / rows - belowPlot)),
  };
}

/** The width of the plot of a panel that stands in a row of its own, below rows of several. */
export const wholePlot = (width: number, aside = 0): number =>
  Math.max(40, Math.floor(width - 2 * padding - aside - besidePlot));

const channels = ["color", "fill", "stroke", "shape", "strokeDash", "strokeWidth"] as const;

interface Grid {
  readonly title: string;
  /** of the whole figure */
  readonly width: number;
  readonly columns: number;
  /** encodings that all panels share, with one legend for all of them above; default none */
  readonly shared?: readonly string[];
}

/** Panels in rows of so many columns. */
export const gridOf = (views: readonly Part[], columns: number, shared: readonly string[] = []): Part => ({
  concat: views,
  columns,
  align: "each",
  spacing,
  resolve: {
    scale: Object.fromEntries(channels.map((name) => [name, shared.includes(name) ? "shared" : "independent"])),
  },
});

/** A figure of panels in rows of so many columns. */
export const panelFigure = (description: string, views: readonly Part[], { title, width, columns, shared }: Grid) =>
  figureOfPanels(title, description, width, gridOf(views, columns, shared)) satisfies Figure;

/** The title of a panel: small, over its plot of so many pixels, above `room` for what stands there. */
export const panelTitle = (text: string, width: number, room = 0): Json => ({
  text: wrapped(text, width + 40, 6.4),
  fontSize: 11,
  fontWeight: 500,
  offset: 6 + room,
});
