import { fail, readOptions, type FieldsOf } from "../base";
import type { Labels } from "../masks";
import { checkSameShape, checkTensor, type Tensor3 } from "../tensor";
import { checkCount } from "./fields";
import { inWords, jsonNumber } from "./figure-of";
import { groupsOf, labelsField, type Groups } from "./groups";
import { columnsOf, panelFields, panelFigure, panelTitle, plotSize, type PanelOptions } from "./panels";
import type { Figure, Json, Part } from "./specification";
import { lineStyles, pointStyles } from "./styles";
import { timeFields, timeTitle, type TimeOptions } from "./time";

export interface NeuronFitOptions extends PanelOptions, TimeOptions {
  /** which neurons, at most 24; default the first six */
  readonly neurons?: readonly number[];
  /** one label per trial: means are over the trials of each, at most 6 of them; default one mean over all */
  readonly conditions?: Labels;
  /** the unit of activity, such as "Hz"; default none */
  readonly activityUnit?: string;
}

const fields = () =>
  ({
    ...panelFields,
    ...timeFields,
    neurons: { is: "list", of: { is: "whole number", least: 0 } },
    conditions: labelsField,
    activityUnit: { is: "text", fallback: "" },
  }) as const satisfies FieldsOf<NeuronFitOptions>;

/**
 * Neurons against their fit, one panel each: the mean over trials of what was recorded as points, and of what the fit
 * predicts as lines, over the entries that were observed.
 *
 * @param activity - (trials × time × neurons), NaN where nothing was observed
 * @param prediction - of the same shape, such as `fit.prediction`
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when shapes or labels disagree, or there is no such neuron
 * @example neuronFitFigure(tensor([1, 2, 1], [1, 2]), tensor([1, 2, 1], [1.5, 2])).description
 * // "Neurons and their fit. Means over trials; root mean square difference: neuron 0: 0.354."
 */
export function neuronFitFigure(activity: Tensor3, prediction: Tensor3, options?: NeuronFitOptions): Figure {
  const where = "neuronFitFigure";
  checkTensor(where, "activity", activity, 3);
  checkSameShape(where, "prediction", prediction, activity.shape, "the activity");
  const given = readOptions(where, options, fields()),
    [trials, time, count] = activity.shape;
  const neurons = given.neurons ?? Array.from({ length: Math.min(6, count) }, (_, n) => n);
  checkCount(where, "neurons", neurons.length, 24, "Name some of them: neurons: [0, 1].");
  checkCount(where, "time bins", time, 10_000, "Draw a part of the trial.");
  if (!neurons.every((n) => n < count))
    fail(where, {
      expected: `neurons below ${count}`,
      got: neurons.join(", "),
      fix: "Name neurons of the activity, from 0 on.",
    });
  const groups = groupsOf(where, "conditions", given.conditions, trials) ?? {
    names: ["all trials"],
    of: new Array<number>(trials).fill(0),
  };
  checkCount(where, "conditions", groups.names.length, 6, "Group them, or draw some trials only.");
  const columns = columnsOf(given.width, Math.min(3, neurons.length), 190),
    plot = plotSize(given, columns, Math.ceil(neurons.length / columns), 150, { titles: 1 });
  const named = groups.names.map((label) => ({ label })),
    { strokeWidth: _, ...lines } = lineStyles(named, given.width, { of: "condition" }) as {
      readonly [name: string]: Json;
    };
  const { shape } = pointStyles(named, given.width, "points") as { readonly shape: Part };
  const means = neurons.map((n) => meansOf(activity, prediction, n, groups, given.dt));
  const views = neurons.map((n, i): Part => {
    const x: Part = {
      field: "x",
      type: "quantitative",
      title: i >= neurons.length - columns ? timeTitle(given) : null,
      scale: { nice: false, zero: false },
      axis: { grid: false },
    };
    const y = (field: string): Part => ({
      field,
      type: "quantitative",
      title: i % columns === 0 ? (given.activityUnit ? `activity (${given.activityUnit})` : "activity") : null,
      scale: { zero: false },
      axis: { tickCount: 4 },
    });
    return {
      ...plot,
      title: panelTitle(`neuron ${n}`, plot.width),
      layer: [
        {
          data: { values: means[i] },
          mark: { type: "point", size: 14 },
          encoding: { x, y: y("recorded"), color: lines.color, shape: { ...shape, legend: null } },
        },
        { data: { values: means[i] }, mark: { type: "line" }, encoding: { x, y: y("fitted"), ...lines } },
      ],
    };
  });
  const misses = neurons.map((n, i) => `neuron ${n}: ${inWords(missOf(means[i]))}`);
  const description =
    `${given.title || "Neurons and their fit"}. Means over trials; root ` +
    `mean square difference: ${misses.join(", ")}.`;
  return panelFigure(description, views, {
    title: given.title || "Neurons (points) and their fit (lines)",
    width: given.width,
    columns,
    shared: ["color", "shape", "strokeDash"],
  });
}

type Row = {
  readonly series: string;
  readonly points: string;
  readonly x: number;
  readonly recorded: number | null;
  readonly fitted: number | null;
};

/** Means over the trials of each group, of entries that were observed. */
function meansOf(activity: Tensor3, prediction: Tensor3, n: number, groups: Groups, dt: number): Row[] {
  const [trials, time, count] = activity.shape;
  return groups.names.flatMap((series, g) =>
    Array.from({ length: time }, (_, t): Row => {
      let recorded = 0,
        fitted = 0,
        seen = 0;
      for (let k = 0; k < trials; k++) {
        const value = activity.data[(k * time + t) * count + n];
        if (groups.of[k] !== g || !Number.isFinite(value)) continue;
        recorded += value;
        fitted += prediction.data[(k * time + t) * count + n];
        seen++;
      }
      const mean = (sum: number) => (seen === 0 ? null : jsonNumber(sum / seen));
      return { series, points: series, x: (t + 1) * dt, recorded: mean(recorded), fitted: mean(fitted) };
    }),
  );
}

function missOf(rows: readonly Row[]): number {
  const both = rows.flatMap(({ recorded, fitted }) =>
    recorded === null || fitted === null ? [] : [recorded - fitted],
  );
  return both.length === 0 ? Number.NaN : Math.sqrt(both.reduce((sum, miss) => sum + miss * miss, 0) / both.length);
}
