import { fail, readOptions, type FieldsOf } from "../base";
import type { Labels } from "../masks";
import type { Tensor3 } from "../tensor";
import { checkCount, numbersField, readRecords, tensor3Field } from "./fields";
import { inWords, jsonNumber } from "./figure-of";
import { epochMarks, labelsField } from "./groups";
import { lineLayer } from "./line-figure";
import { markLayers, trialPlot } from "./marks";
import { columnsOf, panelFields, panelFigure, panelTitle, plotSize, type PanelOptions } from "./panels";
import type { Figure, Json, Part } from "./specification";
import { lineStyles } from "./styles";

/** Movements that were made together, such as all reaches of one trial. */
export interface Movements {
  readonly label: string;
  /** (movements × time × states): the hand's x and y first, as the states of pointMass */
  readonly states: Tensor3;
}

export interface HandOptions extends PanelOptions {
  /** the lateral error of every trial, drawn beside the paths; default the paths alone */
  readonly errors?: ArrayLike<number>;
  /** one label per trial of the errors: they are cut where it changes; default none */
  readonly epochs?: Labels;
  /** the unit of positions and errors, such as "cm"; default none */
  readonly lengthUnit?: string;
}

const fields = () =>
  ({
    ...panelFields,
    errors: { is: "checked", check: numbersField.check },
    epochs: labelsField,
    lengthUnit: { is: "text", fallback: "" },
  }) as const satisfies FieldsOf<HandOptions>;

const movementFields = {
  label: { is: "text", needed: true },
  states: tensor3Field,
} as const satisfies FieldsOf<Movements>;

/**
 * Paths of the hand in the plane, on equal scales, and the lateral error over trials beside them.
 *
 * @param movements - at most 12 groups, each with its color and dashes
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when states are no (movements × time × at least 2), or labels are not one per error
 * @example handFigure([{ label: "baseline", states: tensor([1, 2, 2], [0, 0, 0, 1]) }], { errors: [0,
 * 0.1] }).description // "Paths of the hand. baseline: 1 movement. Lateral error 0 at the first trial,
 * 0.1 at the last."
 */
export function handFigure(movements: readonly Movements[], options?: HandOptions): Figure {
  const where = "handFigure",
    read = readRecords<Movements, typeof movementFields>(
      where,
      "movements",
      movements,
      movementFields,
      "Pass [{ label, states }].",
    );
  const { title, errors, epochs, lengthUnit, ...size } = readOptions(where, options, fields());
  checkCount(where, "groups of movements", read.length, 12, "Draw fewer at once.");
  for (const { label, states } of read)
    if (states.shape[2] < 2 || states.shape[0] * states.shape[1] > 200_000)
      fail(where, {
        expected: `states of ${label} (movements × time × at least 2), at most 200000 places`,
        got: `(${states.shape.join(" × ")})`,
        fix: "Pass plantStates of a simulation with pointMass, or positions of the hand.",
      });
  if (epochs !== undefined && errors === undefined)
    fail(where, {
      expected: "errors beside epochs",
      got: "epochs alone",
      fix: "Pass the lateral error of every trial.",
    });
  const columns = errors ? columnsOf(size.width, 2, 240) : 1,
    plot = plotSize(size, columns, errors ? 2 / columns : 1, 340),
    side = Math.min(plot.width, plot.height),
    across = columns === 2 ? 2 * plot.width - side : plot.width;
  const unit = lengthUnit ? ` (${lengthUnit})` : "",
    marks = errors ? epochMarks(where, epochs, errors.length) : [];
  const views: Part[] = [
    { width: side, height: side, title: panelTitle("paths", side), layer: [pathLayer(read, unit, size.width)] },
  ];
  if (errors) {
    const all = Array.from(errors, (____, k) => k),
      zero = { x: [0, errors.length - 1], y: [0, 0], dashed: true };
    const looks = { xLabel: "trial", yLabel: `lateral error${unit}`, width: size.width };
    const {
      color: _,
      strokeDash: __,
      strokeWidth: ___,
      ...encoding
    } = (lineLayer([{ x: all, y: errors }], marks, false, looks) as { readonly encoding: Part }).encoding;
    const line: Part = { ...lineLayer([{ x: all, y: errors }], marks, false, looks), encoding };
    const base: Part = { ...lineLayer([zero], [], false, looks), encoding };
    views.push({
      width: across,
      height: side,
      title: panelTitle("lateral error", across),
      layer: [
        { ...base, mark: { type: "line", color: "#767676", strokeWidth: 1 } },
        { ...line, mark: { type: "line", color: "black" } },
        ...markLayers(marks, trialPlot(across, errors.length)),
      ],
    });
  }
  const said = read.map(
    ({ label, states }) => `${label}: ${states.shape[0]} movement${states.shape[0] === 1 ? "" : "s"}.`,
  );
  const ends = errors?.length
    ? [`Lateral error ${inWords(errors[0])} at the first trial, ${inWords(errors[errors.length - 1])} at the last.`]
    : [];
  const named = title || "Paths of the hand";
  return panelFigure([`${named}.`, ...said, ...ends].join(" "), views, {
    title: named,
    width: size.width,
    columns,
    shared: ["color", "strokeDash", "strokeWidth"],
  });
}

function pathLayer(read: readonly Movements[], unit: string, width: number): Part {
  const values: Json[] = [];
  let low = Infinity,
    high = -Infinity;
  read.forEach(({ label, states: { shape, data } }, group) => {
    const [count, time, states] = shape;
    for (let m = 0; m < count; m++)
      for (let t = 0; t < time; t++) {
        const at = (m * time + t) * states;
        for (const place of [data[at], data[at + 1]])
          if (Number.isFinite(place)) [low, high] = [Math.min(low, place), Math.max(high, place)];
        values.push({ series: label, path: `${group} ${m}`, t, x: jsonNumber(data[at]), y: jsonNumber(data[at + 1]) });
      }
  });
  const domain = low < high ? [low, high] : [-1, 1];
  const on = (field: string): Part => ({
    field,
    type: "quantitative",
    title: `${field}${unit}`,
    scale: { domain, zero: false },
  });
  return {
    data: { values },
    mark: { type: "line", strokeWidth: 1.4, invalid: "break-paths-show-domains" },
    encoding: {
      x: on("x"),
      y: on("y"),
      detail: { field: "path", type: "nominal" },
      order: { field: "t", type: "quantitative" },
      ...lineStyles(read, width),
    },
  };
}
