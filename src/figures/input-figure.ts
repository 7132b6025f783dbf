import { fail, isRecord, readOptions, readPart, show, type FieldsOf } from "../base";
import type { LowTensorRankFit } from "../fit";
import { checkTensor, type Matrix } from "../tensor";
import { colorBar } from "./config";
import { checkCount, tensor3Field } from "./fields";
import { jsonNumber, rangeInWords } from "./figure-of";
import { cells, checkCells } from "./heat-map-figure";
import { checkLabelList } from "./groups";
import {
  columnsOf,
  gridOf,
  panelFields,
  panelFigure,
  panelTitle,
  plotSize,
  wholePlot,
  type PanelOptions,
} from "./panels";
import type { Figure, Json, Part } from "./specification";
import { lineStyles } from "./styles";
import { timeFields, timeTitle, type TimeOptions } from "./time";

/** What of a fit is drawn: its learned inputs and initial states. */
export type InputsShown = Pick<LowTensorRankFit, "inputs" | "trialConditions" | "conditionLabels" | "preparation"> & {
  readonly model: { readonly params: { readonly x0?: Matrix } };
};

export interface InputFigureOptions extends PanelOptions, TimeOptions {
  /** which inputs, at most 24; default the first twelve */
  readonly inputs?: readonly number[];
}

const fields = () =>
  ({
    ...panelFields,
    ...timeFields,
    inputs: { is: "list", of: { is: "whole number", least: 0 } },
  }) as const satisfies FieldsOf<InputFigureOptions>;

const fitFields = {
  inputs: tensor3Field,
  trialConditions: { is: "list", of: { is: "whole number", least: 0 }, needed: true },
  conditionLabels: { is: "checked", check: checkLabelList, needed: true },
  preparation: { is: "whole number", least: 0, needed: true },
  model: { is: "checked", check: checkModel, needed: true },
} as const satisfies FieldsOf<InputsShown>;

/**
 * Learned inputs over time, one panel each, the mean over the trials of every condition, from the preparatory period
 * on; and initial states as colors, conditions by units.
 *
 * @param fit - of fitLowTensorRank
 * @returns a Vega-Lite specification, plain JSON. Time 0 is where the recording begins; a gray line marks it after a
 * preparatory period
 * @throws {@link LtrnnError} when it is no fit, or there is no such input
 * @example inputFigure({ inputs: tensor([1, 2, 1], [1, 2]), trialConditions: [0], conditionLabels: ["a"],
 * preparation: 0, model: { params: {} } }).description
 * // "Learned inputs and initial states. 1 input, in 1 condition. Input 0: 1 to 2."
 */
export function inputFigure(fit: InputsShown, options?: InputFigureOptions): Figure {
  const where = "inputFigure",
    { inputs, trialConditions, conditionLabels, preparation, model } = readPart<InputsShown, typeof fitFields>(
      where,
      fit,
      fitFields,
      "fit",
    );
  const given = readOptions(where, options, fields()),
    [trials, time, count] = inputs.shape,
    names = Array.from(conditionLabels, String);
  if (trialConditions.length !== trials || !trialConditions.every((c) => c < names.length))
    fail(where, {
      expected: `one condition for each of ${trials} trials, below ${names.length}`,
      got: `${trialConditions.length}`,
      fix: "Pass what fitLowTensorRank gave.",
    });
  const chosen = given.inputs ?? Array.from({ length: Math.min(12, count) }, (_, i) => i);
  checkCount(where, "inputs", chosen.length, 24, "Name some of them: inputs: [0, 1].");
  checkCount(where, "conditions", names.length, 40, "Draw a fit with fewer conditions.");
  if (!chosen.every((i) => i < count))
    fail(where, {
      expected: `inputs below ${count}`,
      got: chosen.join(", "),
      fix: "Name inputs of the fit, from 0 on.",
    });
  const columns = columnsOf(given.width, Math.min(3, chosen.length), 150),
    rows = Math.ceil(chosen.length / columns),
    x0 = model.params.x0;
  const plot = plotSize(given, columns, rows + (x0 ? 1 : 0), 140, { titles: 1 });
  const { strokeWidth: _, ...styles } = lineStyles(
    names.map((label) => ({ label })),
    given.width,
    { of: "condition" },
  ) as { readonly [name: string]: Json };
  const start: Part = {
    data: { values: [{ x: 0 }] },
    mark: { type: "rule", color: "#767676" },
    encoding: { x: { field: "x", type: "quantitative" } },
  };
  const views = chosen.map((i, at): Part => {
    const values = names.flatMap((series, c): Json[] =>
      Array.from({ length: time }, (__, t) => {
        let sum = 0,
          seen = 0;
        for (let k = 0; k < trials; k++)
          if (trialConditions[k] === c) {
            sum += inputs.data[(k * time + t) * count + i];
            seen++;
          }
        return { series, x: (t - preparation) * given.dt, y: seen === 0 ? null : jsonNumber(sum / seen) };
      }),
    );
    const x: Part = {
      field: "x",
      type: "quantitative",
      title: at >= chosen.length - columns ? timeTitle(given) : null,
      scale: { nice: false, zero: false },
      axis: { grid: false },
    };
    const y: Part = {
      field: "y",
      type: "quantitative",
      title: at % columns === 0 ? "input" : null,
      scale: { zero: false },
      axis: { tickCount: 4 },
    };
    const line: Part = { data: { values }, mark: { type: "line" }, encoding: { x, y, ...styles } };
    return { ...plot, title: panelTitle(`input ${i}`, plot.width), layer: [...(preparation > 0 ? [start] : []), line] };
  });
  const ranges = chosen.map((i) => `Input ${i}: ${rangeInWords(inputs.data.filter((__, at) => at % count === i))}.`);
  const s = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;
  const title = given.title || "Learned inputs and initial states";
  const description = [`${title}.`, `${s(count, "input")}, in ${s(names.length, "condition")}.`, ...ranges].join(" ");
  const shared = ["color", "strokeDash"];
  if (!x0) return panelFigure(description, views, { title, width: given.width, columns, shared });
  checkCells(where, "fit.model.params.x0", x0);
  const width = wholePlot(given.width, colorBar),
    named = x0.shape[0] === names.length;
  const states: Part = {
    width,
    height: plot.height,
    title: panelTitle("initial states", width),
    ...cells(x0, {
      xLabel: "unit",
      yLabel: named ? "condition" : "row of x0",
      signed: true,
      valueLabel: "state",
      height: plot.height,
      ...(named ? { rowNames: names } : {}),
    }),
  };
  return panelFigure(description, [gridOf(views, columns, shared), states], { title, width: given.width, columns: 1 });
}

function checkModel(where: string, name: string, value: unknown): void {
  const params = (value as { readonly params?: unknown } | null | undefined)?.params;
  if (!isRecord(params))
    fail(where, {
      expected: `${name} to be a model { params }`,
      got: show(value),
      fix: "Pass what fitLowTensorRank gave.",
    });
  if (params.x0 !== undefined) checkTensor(where, `${name}.params.x0`, params.x0, 2);
}
