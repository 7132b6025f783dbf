import { colors, dashes, dots, shapes } from "./config";
import type { Json, Part } from "./specification";

/** A series as the legend names it. */
export interface Named {
  readonly label?: string | undefined;
  readonly dashed?: boolean;
  /** the label of a series before it whose color it has, such as that of its target */
  readonly like?: string;
}

/** What a legend is told. */
interface LegendOptions {
  /** what its names are of, such as "condition"; default unsaid */
  readonly of?: string;
  /** pixels to leave free between legend and plot; default 0 */
  readonly room?: number;
}

/** What a series is called: by its label, or by its number where that has none. */
export const nameOf = ({ label }: Named, index: number): string => label ?? `series ${index + 1}`;

/** As many columns as the names of a legend leave room for. */
const legendColumns = (names: readonly string[], width: number): number => {
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  return Math.max(1, Math.min(names.length, Math.floor((width - 40) / (38 + 6.3 * longest))));
};

/** The legend of named series: none where no series has a label. */
export function legendOf(series: readonly Named[], width: number, { of = "", room = 0 }: LegendOptions = {}) {
  if (series.every(({ label }) => label === undefined)) return null;
  const names = [...new Set(series.map(nameOf))],
    beside = of ? 7 * of.length + 12 : 0;
  const columns = legendColumns(names, width - beside),
    layout: Part = columns > 1 ? { columns } : { direction: "vertical" },
    title: Part = of ? { title: of } : {};
  return {
    ...title,
    ...layout,
    labelLimit: Math.round(width - 100 - beside),
    symbolLimit: 0,
    ...(room > 0 ? { offset: 8 + room } : {}),
  };
}

/**
 * The encodings that tell lines apart, by color and by dashes, the same in every figure: a reference is dotted, and
 * thinner.
 */
export function lineStyles(series: readonly Named[], width: number, options: LegendOptions = {}): Part {
  const names = [...new Set(series.map(nameOf))],
    above = legendOf(series, width, options),
    legend = above && { ...above, symbolType: "stroke", symbolSize: 400 },
    first = names.map((name) => series[series.map(nameOf).indexOf(name)]);
  const order = first.map(({ dashed }, i) => first.slice(0, i).filter((other) => !!other.dashed === !!dashed).length),
    hues = huesOf(first);
  const by = (range: readonly Json[]): Part => ({
    field: "series",
    type: "nominal",
    scale: { domain: names, range },
    legend,
  });
  const color = by(hues.map((hue) => colors[hue % colors.length]));
  if (names.length < 2 && !first.some(({ dashed }) => dashed)) return { color };
  const widths = first.map(({ dashed }) => (dashed ? 1.3 : 1.8));
  return {
    color,
    strokeDash: by(
      first.map(({ dashed }, i) => (dashed ? dots[order[i] % dots.length] : dashes[order[i] % dashes.length])),
    ),
    // a legend of one width loses the room of its symbols
    strokeWidth: widths.every((width) => width === widths[0]) ? { value: widths[0] } : by(widths),
  };
}

/** The number of each series among the colors: the next one, or that of the series it is like. */
function huesOf(series: readonly Named[]): readonly number[] {
  const hues = new Map<string, number>();
  let next = 0;
  return series.map((one, i) => {
    const hue = (one.like === undefined ? undefined : hues.get(one.like)) ?? next++;
    hues.set(nameOf(one, i), hue);
    return hue;
  });
}

/** The encodings that tell clouds of points apart, by color and by shape. */
export function pointStyles(series: readonly Named[], width: number, field = "series", options?: LegendOptions): Part {
  const names = [...new Set(series.map(nameOf))],
    legend = legendOf(series, width, options);
  const by = (range: readonly Json[]): Part => ({
    field,
    type: "nominal",
    scale: { domain: names, range: names.map((_, i) => range[i % range.length]) },
    legend,
  });
  return { color: by(colors), shape: by(shapes) };
}
