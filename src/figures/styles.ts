import { colors, dashes, referenceDash, shapes } from "./config";
import type { Json, Part } from "./specification";

/** A series as the legend names it. */
export interface Named {
  readonly label?: string | undefined;
  readonly dashed?: boolean;
}

/** What a series is called: by its label, or by its number where that has none. */
export const nameOf = ({ label }: Named, index: number): string => label ?? `series ${index + 1}`;

/** As many columns as the names of a legend leave room for. */
export const legendColumns = (names: readonly string[], width: number): number => {
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  return Math.max(1, Math.min(names.length, Math.floor((width - 50) / (44 + 8.8 * longest))));
};

/** The legend of named series: none where no series has a label. */
export function legendOf(series: readonly Named[], width: number): Part | null {
  if (series.every(({ label }) => label === undefined)) return null;
  const names = [...new Set(series.map(nameOf))];
  const columns = legendColumns(names, width),
    layout: Part = columns > 1 ? { columns } : { direction: "vertical" };
  return { ...layout, labelLimit: Math.round(width - 90), symbolLimit: 0 };
}

/**
 * The encodings that tell lines apart, by color and by dashes, the same in every figure: a reference is dotted, and
 * thinner. `room` is left free between legend and plot.
 */
export function lineStyles(series: readonly Named[], width: number, room = 0): Part {
  const names = [...new Set(series.map(nameOf))],
    above = legendOf(series, width),
    legend = above && { ...above, symbolType: "stroke", symbolSize: 400, offset: 8 + room },
    first = names.map((name) => series[series.map(nameOf).indexOf(name)]);
  const order = first.map(({ dashed }, i) => first.slice(0, i).filter((other) => !!other.dashed === !!dashed).length);
  const by = (range: readonly Json[]): Part => ({
    field: "series",
    type: "nominal",
    scale: { domain: names, range },
    legend,
  });
  const color = by(names.map((_, i) => colors[i % colors.length]));
  if (names.length < 2) return { color };
  return {
    color,
    strokeDash: by(first.map(({ dashed }, i) => (dashed ? referenceDash : dashes[order[i] % dashes.length]))),
    strokeWidth: by(first.map(({ dashed }) => (dashed ? 1.3 : 1.8))),
  };
}

/** The encodings that tell clouds of points apart, by color and by shape. */
export function pointStyles(series: readonly Named[], width: number, field = "series"): Part {
  const names = [...new Set(series.map(nameOf))],
    legend = legendOf(series, width);
  const by = (range: readonly Json[]): Part => ({
    field,
    type: "nominal",
    scale: { domain: names, range: names.map((_, i) => range[i % range.length]) },
    legend,
  });
  return { color: by(colors), shape: by(shapes) };
}
