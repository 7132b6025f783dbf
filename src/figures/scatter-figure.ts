import { readOptions, type FieldsOf } from "../base";
import { linearAxis, type Axis } from "./axis";
import { figureFields, type FigureOptions } from "./figure-options";
import { frame, plotHeight, plotWidth } from "./frame";
import { layNames } from "./names";
import { checkNumbers, everyValue, readSeries } from "./series";
import { colorOf, px } from "./svg";

/** One cloud of points; those that are not finite are left out. */
export interface Points {
  readonly label?: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** joined in their order, such as along a trajectory; default false */
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
 * @returns one SVG document as text
 * @throws {@link LtrnnError} when x and y of a series differ in length or are no numbers, and for over a million points
 * @example scatterFigure([{ x: [0, 1], y: [0, 1] }]).startsWith("<svg") // true
 */
export function scatterFigure(series: readonly Points[], options?: FigureOptions): string {
  const read = readSeries("scatterFigure", "series", series, pointsFields),
    filled = readOptions("scatterFigure", options, figureFields);
  const names = layNames(read, filled.width - 72);
  const { top, bottom } = plotHeight(filled, names.height);
  const y = linearAxis(everyValue(read.map((points) => points.y)), bottom, top);
  const { left, right } = plotWidth(filled, y);
  const x = linearAxis(everyValue(read.map((points) => points.x)), left, right);
  const drawn = read.map((points, i) => drawPoints(points, x, y, colorOf(i))).join("");
  return frame(filled, { left, right, top, bottom }, x, y, drawn + names.draw(left, filled.title ? 26 : 6));
}

function drawPoints(points: Points, xAxis: Axis, yAxis: Axis, color: string): string {
  const places: { readonly x: string; readonly y: string }[] = [];
  for (let k = 0; k < points.x.length; k++)
    if (Number.isFinite(points.x[k]) && Number.isFinite(points.y[k]))
      places.push({ x: px(xAxis.position(points.x[k])), y: px(yAxis.position(points.y[k])) });
  const dots = places
    .map(({ x, y }) => `<circle cx="${x}" cy="${y}" r="2.5" fill="${color}" fill-opacity=".7"/>`)
    .join("");
  if (!points.joined || places.length < 2) return dots;
  const path = places.map(({ x, y }) => `${x} ${y}`).join("L");
  return `<path d="M${path}" fill="none" stroke="${color}" stroke-opacity=".6"/>${dots}`;
}
