import { acos, fail, readOptions, type FieldsOf } from "../base";
import { checkCount, readRecords } from "./fields";
import { checkField, type FieldShown } from "./field-shown";
import { barOf, colorBar, shades } from "./config";
import { inWords, jsonNumber } from "./figure-of";
import { columnsOf, panelFields, panelFigure, panelTitle, plotSize, type PanelOptions } from "./panels";
import type { Figure, Json, Part } from "./specification";
import { restLayers, restPlaces, stabilities, type RestPoint } from "./rest-layers";

/** A field with the fixed points of the network at that time, such as one per epoch. */
export interface FieldPanel {
  /** over the panel; default none */
  readonly label?: string;
  readonly field: FieldShown;
  /** of fixedPoints or allFixedPoints: their latent activity is drawn; default none */
  readonly points?: readonly RestPoint[];
}

export interface VectorFieldOptions extends PanelOptions {
  /** which two latent variables the fields are of; default the first two */
  readonly dimensions?: readonly number[];
}

const fields = () =>
  ({
    ...panelFields,
    dimensions: { is: "list", of: { is: "whole number", least: 0 }, fallback: [0, 1] },
  }) as const satisfies FieldsOf<VectorFieldOptions>;

const panelTable = {
  label: { is: "text", fallback: "" },
  field: { is: "checked", check: checkField, needed: true },
  points: { is: "checked", check: restPlaces, fallback: [] },
} as const satisfies FieldsOf<FieldPanel>;

/**
 * Vector fields of latent dynamics, one panel each, such as one per epoch: arrows for the direction, shades for the
 * speed, and fixed points by their stability: filled where stable.
 *
 * @param panels - at most 12, each a {@link latentField}, with fixed points or without
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when a field is none, or dimensions are no pair
 * @example vectorFieldFigure([{ label: "late", field: { first: [0, 1], second: [0, 1], firstVelocity: tensor([2, 2],
 * [1, 0, 0, 1]), secondVelocity: tensor([2, 2], [0, 1, 1, 0]), speed: tensor([2, 2], [1, 1, 1,
 * 1]) } }]).description // "Vector fields of latent dynamics. late: speed 1 to 1, no fixed points."
 */
export function vectorFieldFigure(panels: readonly FieldPanel[], options?: VectorFieldOptions): Figure {
  const where = "vectorFieldFigure",
    read = readRecords<FieldPanel, typeof panelTable>(where, "panels", panels, panelTable, "Pass [{ field, points }].");
  const { title, dimensions, ...size } = readOptions(where, options, fields());
  checkCount(where, "panels", read.length, 12, "Draw fewer at once.");
  if (dimensions.length !== 2)
    fail(where, { expected: "two dimensions", got: String(dimensions.length), fix: "Pass such as [0, 1]." });
  const columns = columnsOf(size.width - colorBar, Math.min(read.length, 3), 180),
    rows = Math.ceil(read.length / columns);
  const wide = plotSize(size, columns, rows, 240, { aside: colorBar }),
    side = Math.min(wide.width, 320),
    plot = { width: side, height: size.height === undefined ? side : wide.height };
  let fastest = 0;
  for (const { field } of read)
    for (const speed of field.speed.data) if (Number.isFinite(speed)) fastest = Math.max(fastest, speed);
  const present = [...new Set(read.flatMap(({ points }) => restPlaces(where, "points", points)))].map(
      ({ stability }) => stability,
    ),
    kinds = stabilities.filter((kind) => present.includes(kind));
  const views = read.map(({ label, field, points }): Part => {
    const places = restPlaces(where, "points", points);
    const [low, high] = [extent(field.first), extent(field.second)];
    const named = { x: `latent variable ${dimensions[0] + 1}`, y: `latent variable ${dimensions[1] + 1}` };
    const x = axisOf("x", named.x, low),
      y = axisOf("y", named.y, high);
    return {
      ...plot,
      ...(label ? { title: panelTitle(label, plot.width) } : {}),
      layer: [
        speedLayer(field, x, y, fastest || 1, plot.height),
        arrowLayer(field, x, y, plot),
        ...restLayers(places, dimensions, x, y, { extents: [low, high], kinds, width: size.width }),
      ],
    };
  });
  const said = read.map(({ label, field, points }, i) => {
    const places = restPlaces(where, "points", points),
      found = [...new Set(places.map(({ stability }) => stability))].map(
        (kind) => `${places.filter(({ stability }) => stability === kind).length} ${kind}`,
      );
    const speeds = field.speed.data.filter(Number.isFinite),
      [least, most] = extent(Array.from(speeds));
    const atRest = `${found.join(", ") || "no"} fixed points`;
    return `${label || `panel ${i + 1}`}: speed ${inWords(least)} to ${inWords(most)}, ${atRest}.`;
  });
  const named = title || "Vector fields of latent dynamics";
  return panelFigure([`${named}.`, ...said].join(" "), views, {
    title: named,
    width: size.width,
    columns,
    shared: ["color", "fill", "stroke", "shape"],
  });
}

const axisOf = (field: string, title: string, domain: readonly number[]): Part => ({
  field,
  type: "quantitative",
  title,
  scale: { domain, nice: false, zero: false },
  axis: { grid: false },
});

function extent(values: readonly number[]): readonly [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity),
    high = values.reduce((most, value) => Math.max(most, value), -Infinity);
  return [low, high];
}

function speedLayer({ first, second, speed }: FieldShown, x: Part, y: Part, fastest: number, height: number): Part {
  const [rows, columns] = speed.shape;
  const edges = (places: readonly number[]) => (i: number) =>
    i === 0 ? places[0] : i === places.length ? places[i - 1] : (places[i - 1] + places[i]) / 2;
  const left = edges(first),
    low = edges(second);
  const values: Json[] = Array.from({ length: rows * columns }, (_, at) => {
    const i = Math.floor(at / columns),
      j = at % columns;
    return { x: left(j), x2: left(j + 1), y: low(i), y2: low(i + 1), speed: jsonNumber(speed.data[at]) };
  });
  const fill = {
    field: "speed",
    type: "quantitative",
    title: "speed",
    scale: { scheme: shades, domain: [0, fastest], nice: false },
    legend: barOf(height),
  };
  return {
    data: { values },
    transform: [{ calculate: "datum.speed", as: "seam" }],
    mark: { type: "rect", strokeWidth: 0.4 },
    encoding: {
      x,
      x2: { field: "x2" },
      y,
      y2: { field: "y2" },
      fill,
      stroke: { ...fill, field: "seam", legend: null },
    },
  };
}

/** At most about 15 arrows in each direction, in the direction that the velocity has in the plot. */
function arrowLayer(
  field: FieldShown,
  x: Part,
  y: Part,
  plot: { readonly width: number; readonly height: number },
): Part {
  const { first, second, firstVelocity, secondVelocity } = field,
    [rows, columns] = field.speed.shape;
  const [left, right] = extent(first),
    [low, high] = extent(second);
  const every = Math.max(1, Math.ceil(Math.max(rows, columns) / 15)),
    size = Math.max(20, Math.min(300, (plot.width / Math.min(15, columns)) * 11));
  const values: Json[] = [];
  for (let i = Math.floor(every / 2) % rows; i < rows; i += every)
    for (let j = Math.floor(every / 2) % columns; j < columns; j += every) {
      const right2 = (firstVelocity.data[i * columns + j] / (right - left)) * plot.width,
        up = (secondVelocity.data[i * columns + j] / (high - low)) * plot.height,
        length = Math.sqrt(right2 * right2 + up * up);
      if (!(length > 0) || !Number.isFinite(length)) continue;
      const fromUp = acos(Math.max(-1, Math.min(1, up / length))) * (180 / Math.PI);
      values.push({ x: first[j], y: second[i], angle: Math.round(10 * (right2 < 0 ? 360 - fromUp : fromUp)) / 10 });
    }
  return {
    data: { values },
    mark: { type: "point", shape: "arrow", fill: "white", stroke: "black", size, strokeWidth: 0.6, opacity: 1 },
    encoding: { x, y, angle: { field: "angle", type: "quantitative", scale: null } },
  };
}
