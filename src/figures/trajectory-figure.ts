import { fail, readOptions, type FieldsOf } from "../base";
import type { Labels } from "../masks";
import { checkTensor, type Tensor3 } from "../tensor";
import { checkCount } from "./fields";
import { figureOf, jsonNumber } from "./figure-of";
import { figureFields, type FigureOptions } from "./figure-options";
import { groupsOf, labelsField } from "./groups";
import type { Figure, Json, Part } from "./specification";
import { lineStyles, pointStyles } from "./styles";

export interface TrajectoryOptions extends FigureOptions {
  /** one label per trial: its color and dashes; and the mean of each condition is drawn thick; default one color */
  readonly conditions?: Labels;
  /** which two latent variables; default the first two */
  readonly dimensions?: readonly number[];
}

const fields = () =>
  ({
    ...figureFields,
    conditions: labelsField,
    dimensions: { is: "list", of: { is: "whole number", least: 0 }, fallback: [0, 1] },
  }) as const satisfies FieldsOf<TrajectoryOptions>;

const mostPoints = 200_000;

/**
 * Trajectories in two latent variables: every trial thin, the mean of each condition thick, a mark where it begins.
 *
 * @param latent - (trials × time × variables), such as {@link latentActivity} gives
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when there are no two such variables, labels are not one per trial, or over 200 000 points
 * @example trajectoryFigure(tensor([2, 2, 2], [0, 0, 1, 1, 0, 0, 1, -1]), { conditions: ["up",
 * "down"] }).description // "Trajectories in latent variables 1 and 2. 2 trials of 2 steps, in 2 conditions: down, up."
 */
export function trajectoryFigure(latent: Tensor3, options?: TrajectoryOptions): Figure {
  const where = "trajectoryFigure";
  checkTensor(where, "latent", latent, 3);
  const { conditions, dimensions, ...given } = readOptions(where, options, fields()),
    [trials, time, variables] = latent.shape;
  if (dimensions.length !== 2 || !dimensions.every((d) => d < variables))
    fail(where, {
      expected: `two dimensions below ${variables}, the number of latent variables`,
      got: dimensions.join(", ") || "none",
      fix: "Pass such as dimensions: [0, 1]; trajectories of one variable are lines: lineFigure.",
    });
  checkCount(where, "points", trials * time, mostPoints, "Draw fewer trials.");
  const groups = groupsOf(where, "conditions", conditions, trials) ?? {
      names: ["all trials"],
      of: new Array<number>(trials).fill(0),
    },
    at = (k: number, t: number, d: number) => latent.data[(k * time + t) * variables + dimensions[d]];
  const rows: Json[] = [],
    means: Json[] = [];
  for (let k = 0; k < trials; k++)
    for (let t = 0; t < time; t++)
      rows.push({
        series: groups.names[groups.of[k]],
        trial: k,
        t,
        x: jsonNumber(at(k, t, 0)),
        y: jsonNumber(at(k, t, 1)),
      });
  groups.names.forEach((name, g) => {
    const members = groups.of.flatMap((of, k) => (of === g ? [k] : []));
    const mean = (t: number, d: number) => members.reduce((sum, k) => sum + at(k, t, d), 0) / members.length;
    for (let t = 0; t < time; t++)
      means.push({ series: name, begins: name, t, x: jsonNumber(mean(t, 0)), y: jsonNumber(mean(t, 1)) });
  });
  const named = groups.names.map((label) => (conditions === undefined ? {} : { label }));
  const { strokeWidth: _, ...styles } = lineStyles(
    named.length === 1 ? [{ label: groups.names[0] }] : named,
    given.width,
    conditions === undefined ? {} : { of: "condition" },
  ) as {
    readonly strokeWidth?: Json;
    readonly [name: string]: Json | undefined;
  };
  const on = (field: string, title: string): Part => ({
    field,
    type: "quantitative",
    title,
    scale: { zero: false, padding: 6 },
  });
  const x = on("x", given.xLabel || `latent variable ${dimensions[0] + 1}`),
    y = on("y", given.yLabel || `latent variable ${dimensions[1] + 1}`),
    order = { field: "t", type: "quantitative" };
  const looks = styles as Part;
  const { shape } = pointStyles(named.length === 1 ? [{ label: groups.names[0] }] : named, given.width) as {
    readonly shape: Part;
  };
  const layer: Part[] = [
    {
      data: { values: rows },
      mark: { type: "line", strokeWidth: 0.6, opacity: 0.4 },
      encoding: { x, y, order, detail: { field: "trial", type: "nominal" }, ...looks },
    },
    { data: { values: means }, mark: { type: "line", strokeWidth: 2.4 }, encoding: { x, y, order, ...looks } },
    {
      data: { values: means },
      transform: [{ filter: "datum.t === 0" }],
      mark: { type: "point", size: 60, opacity: 1 },
      encoding: { x, y, color: looks.color, shape: { ...shape, field: "begins", legend: null } },
    },
  ];
  const title = given.title || `Trajectories in latent variables ${dimensions[0] + 1} and ${dimensions[1] + 1}`;
  const said =
    conditions === undefined ? "" : `, in ${groups.names.length} conditions: ${groups.names.slice(0, 20).join(", ")}`;
  return figureOf({ ...given, title }, `${title}. ${trials} trials of ${time} steps${said}.`, { layer });
}
