import { readOptions, type FieldsOf } from "../base";
import { axisTitle, figureOf, jsonNumber, rangeInWords } from "./figure-of";
import { figureFields, type FigureOptions } from "./figure-options";
import { checkNumbers, everyValue, readSeries } from "./series";
import type { Figure, Json, Part } from "./specification";
import { nameOf, pointStyles } from "./styles";

/** One cloud of points; those that are not finite are left out. */
export interface Points {
  /** default its number, and no legend where no series has one */
  readonly label?: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** joined in their order, such as along a trajectory, up to a point that is not finite; default false */
  readonly joined?: boolean;
}

const pointsFields = {
  label: { is: "text" },
  x: { is: "checked", check: checkNumbers, needed: true },
  y: { is: "checked", check: checkNumbers, needed: true },
  joined: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<Points>;

/**
 * Points in a plane, such as angles of two subspaces, or trajectories of a hand. Names of series stand above the plot.
 *
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when x and y of a series differ in length or are no numbers, and for over a million points
 * @example scatterFigure([{ x: [0, 1], y: [0, 1] }]).description
 * // "Points in a plane. series 1: 2 points, x 0 to 1, y 0 to 1."
 */
export function scatterFigure(series: readonly Points[], options?: FigureOptions): Figure {
  const read = readSeries("scatterFigure", "series", series, pointsFields),
    filled = readOptions("scatterFigure", options, figureFields);
  const joined = read.map((points, i) => ({ ...points, label: points.label, at: i })).filter((points) => points.joined);
  const description = [
    `${filled.title || "Points in a plane"}.`,
    ...read.map((points, i) => {
      const count = `${points.x.length} point${points.x.length === 1 ? "" : "s"}`;
      return (
        `${nameOf(points, i)}: ${count}, x ${rangeInWords(everyValue([points.x]))}, y ` +
        `${rangeInWords(everyValue([points.y]))}.`
      );
    }),
  ].join(" ");
  const styles = pointStyles(read, filled.width),
    place = {
      x: placeOn("x", filled.xLabel),
      y: placeOn("y", filled.yLabel),
    };
  const { shape: _, ...colorOnly } = styles as { readonly shape: Json; readonly color: Json };
  const path: Part = {
    transform: [{ filter: { field: "line", oneOf: joined.map(({ at }) => at) } }],
    mark: { type: "line", strokeWidth: 1.2, opacity: 0.7, invalid: "break-paths-show-domains" },
    encoding: {
      ...place,
      ...colorOnly,
      detail: { field: "line", type: "nominal" },
      order: { field: "at", type: "quantitative" },
    },
  };
  return figureOf(filled, description, {
    data: { values: pointRows(read) },
    layer: [...(joined.length > 0 ? [path] : []), { mark: { type: "point" }, encoding: { ...place, ...styles } }],
  });
}

const placeOn = (field: string, label: string): Part => ({
  field,
  type: "quantitative",
  title: axisTitle(label),
  scale: { zero: false, padding: 6 },
});

/** Points as rows; one that is not finite interrupts its path. */
function pointRows(series: readonly Points[]): Json[] {
  const rows: Json[] = [];
  series.forEach((points, i) => {
    for (let k = 0; k < points.x.length; k++) {
      const x = jsonNumber(points.x[k]),
        y = jsonNumber(points.y[k]);
      rows.push({ series: nameOf(points, i), line: i, at: k, x: y === null ? null : x, y: x === null ? null : y });
    }
  });
  return rows;
}
