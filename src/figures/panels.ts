import type { FieldsOf } from "../base";
import { figureOfPanels } from "./figure-of";
import type { Figure, Json, Part } from "./specification";

/** What figures of several panels share. */
export interface PanelOptions {
  readonly title?: string;
  /** of the whole figure, about, in pixels, 160 to 10 000; default 640 */
  readonly width?: number;
  /** of the whole figure, about, in pixels, 120 to 10 000; default what its rows need */
  readonly height?: number;
}

export const panelFields = {
  title: { is: "text", fallback: "" },
  width: { is: "number", least: 160, most: 10_000, fallback: 640 },
  height: { is: "number", least: 120, most: 10_000 },
} as const satisfies FieldsOf<PanelOptions>;

/** What remains of a panel for its plot, beside the labels of its axes. */
const besidePlot = 74,
  belowPlot = 52;

/** The size of the plot of one panel in a grid of them. */
export function plotSize(
  { width, height }: { readonly width: number; readonly height: number | undefined },
  columns: number,
  rows: number,
  rowHeight = 150,
): { readonly width: number; readonly height: number } {
  const whole = height ?? rows * rowHeight + 40;
  return {
    width: Math.max(40, Math.round(width / columns - besidePlot)),
    height: Math.max(30, Math.round((whole - 40) / rows - belowPlot)),
  };
}

const channels = ["color", "fill", "stroke", "shape", "strokeDash", "strokeWidth"] as const;

/** A figure of panels in rows of so many columns, with one legend for all of them above. */
export function panelFigure(
  title: string,
  description: string,
  views: readonly Part[],
  columns: number,
  shared: readonly string[] = [],
): Figure {
  const scale = Object.fromEntries(channels.map((name) => [name, shared.includes(name) ? "shared" : "independent"]));
  return figureOfPanels(title, description, {
    concat: views,
    columns,
    spacing: { row: 14, column: 22 },
    resolve: { scale },
  });
}

/** The title of a panel: small, over its plot. */
export const panelTitle = (text: string): Json => ({ text, fontSize: 11, fontWeight: 500, offset: 6 });

/** A title over a panel with marks, which have names of their own above the plot. */
export const panelTitleOver = (text: string, room: number): Json => ({
  text,
  fontSize: 11,
  fontWeight: 500,
  offset: 6 + room,
});
