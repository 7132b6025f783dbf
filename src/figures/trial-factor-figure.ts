import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import type { Labels } from "../masks";
import { checkSameShape, checkTensor, type Matrix } from "../tensor";
import { colors, gray } from "./config";
import { checkCount } from "./fields";
import { jsonNumber, rangeInWords } from "./figure-of";
import { epochMarks, groupsOf, labelsField, type Groups } from "./groups";
import { markLayers, pieceOf, trialPlot, type Mark } from "./marks";
import { panelFields, panelFigure, plotSize, type PanelOptions } from "./panels";
import type { Figure, Json, Part } from "./specification";
import { pointStyles } from "./styles";

/** Trial factors with standard deviations, or a fit, whose factors have none. */
export type TrialFactorsShown =
  | { readonly factors: Matrix; readonly deviations: Matrix }
  | { readonly model: { readonly params: { readonly c: Matrix } } };

export interface TrialFactorFigureOptions extends PanelOptions {
  /** half the height of the band, in standard deviations; default 2 */
  readonly deviations?: number;
  /** one label per trial: points in its color and shape; default a line alone */
  readonly conditions?: Labels;
  /** one label per trial: nothing is joined where it changes; default none */
  readonly epochs?: Labels;
}

const fields = () =>
  ({
    ...panelFields,
    deviations: { is: "number", above: 0, most: 100, fallback: 2 },
    conditions: labelsField,
    epochs: labelsField,
  }) as const satisfies FieldsOf<TrialFactorFigureOptions>;

/**
 * Trial factors over trials, one panel per component, with bands of uncertainty, cut at epochs.
 *
 * @param shown - what {@link trialFactorUncertainty} gave, or a fit, which has no bands
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when it is neither, or labels are not one per trial
 * @example trialFactorFigure({ factors: tensor([2, 1], [1, 2]), deviations: tensor([2, 1], [0.1,
 * 0.1]) }).description // "Trial factors. 1 component over 2 trials,
 * with bands of 2 standard deviations. Component 1: 1 to 2."
 */
export function trialFactorFigure(shown: TrialFactorsShown, options?: TrialFactorFigureOptions): Figure {
  const where = "trialFactorFigure",
    { factors, deviations } = read(where, shown),
    given = readOptions(where, options, fields());
  const [trials, rank] = factors.shape,
    conditions = groupsOf(where, "conditions", given.conditions, trials),
    marks = epochMarks(where, given.epochs, trials);
  checkCount(where, "components", rank, 20, "Draw some of them: select columns of the factors.");
  checkCount(where, "trials", trials, 100_000, "Draw a part of them.");
  const size = plotSize(given, 1, rank, 140);
  const views = Array.from({ length: rank }, (_, r): Part => {
    const rows = rowsOf(factors, deviations, r, given.deviations, marks, conditions);
    return {
      ...size,
      layer: layersOf(rows, `component ${r + 1}`, r === rank - 1 ? "trial" : null, {
        marks: marks.map((mark) => ({ ...mark, label: r === 0 ? mark.label : "" })),
        banded: deviations !== undefined,
        conditions,
        width: size.width,
        whole: given.width,
      }),
    };
  });
  const ranges = Array.from({ length: rank }, (_, r) => {
    const column = Array.from({ length: trials }, (__, k) => factors.data[k * rank + r]);
    return `Component ${r + 1}: ${rangeInWords(column)}.`;
  });
  const band = deviations ? `, with bands of ${given.deviations} standard deviations` : ", without uncertainty",
    what = `${rank} component${rank === 1 ? "" : "s"} over ${trials} trials${band}.`;
  const title = given.title || "Trial factors";
  return panelFigure([`${title}.`, what, ...ranges].join(" "), views, {
    title,
    width: given.width,
    columns: 1,
    shared: conditions ? ["color", "shape"] : [],
  });
}

function rowsOf(
  factors: Matrix,
  deviations: Matrix | undefined,
  r: number,
  times: number,
  marks: readonly Mark[],
  conditions: Groups | undefined,
): Json[] {
  const [trials, rank] = factors.shape;
  return Array.from({ length: trials }, (_, k): Json => {
    const value = factors.data[k * rank + r],
      half = deviations ? times * deviations.data[k * rank + r] : 0;
    const band: Part = deviations ? { low: jsonNumber(value - half), high: jsonNumber(value + half) } : {},
      condition: Part = conditions ? { condition: conditions.names[conditions.of[k]] } : {};
    return { x: k, y: jsonNumber(value), piece: pieceOf(marks, k), ...band, ...condition };
  });
}

function layersOf(
  values: Json[],
  yTitle: string,
  xTitle: string | null,
  looks: {
    readonly marks: readonly Mark[];
    readonly banded: boolean;
    readonly conditions: Groups | undefined;
    readonly width: number;
    /** of the whole figure */
    readonly whole: number;
  },
): Part[] {
  const x: Part = {
      field: "x",
      type: "quantitative",
      title: xTitle,
      scale: { nice: false, zero: false },
      axis: { tickMinStep: 1 },
    },
    y = (field: string): Part => ({ field, type: "quantitative", title: yTitle, scale: { zero: false, padding: 6 } }),
    detail = { field: "piece", type: "nominal" },
    data = { values };
  const band: Part = {
    data,
    mark: { type: "area", color: colors[5], opacity: 0.45 },
    encoding: { x, y: y("low"), y2: { field: "high" }, detail },
  };
  const color = looks.conditions ? gray : colors[0];
  const line: Part = { data, mark: { type: "line", color, strokeWidth: 1.5 }, encoding: { x, y: y("y"), detail } };
  const named = (looks.conditions?.names ?? []).map((label) => ({ label }));
  const points: Part = {
    data,
    mark: { type: "point", size: 20 },
    encoding: { x, y: y("y"), ...pointStyles(named, looks.whole, "condition", { of: "condition" }) },
  };
  return [
    ...(looks.banded ? [band] : []),
    line,
    ...(looks.conditions ? [points] : []),
    ...markLayers(looks.marks, trialPlot(looks.width, values.length)),
  ];
}

function read(where: string, shown: unknown): { readonly factors: Matrix; readonly deviations?: Matrix } {
  const record = isRecord(shown) ? shown : ({} as Record<string, unknown>);
  if (record.factors !== undefined) {
    checkTensor(where, "shown.factors", record.factors, 2);
    const factors = record.factors as Matrix;
    checkSameShape(where, "shown.deviations", record.deviations, factors.shape, "the factors");
    return { factors, deviations: record.deviations as Matrix };
  }
  const { params } = (record.model ?? {}) as { readonly params?: { readonly c?: unknown } };
  if (!params || params.c === undefined)
    fail(where, {
      expected: "trial factors { factors, deviations }, or a fit",
      got: show(shown),
      fix: "Pass what trialFactorUncertainty or fitLowTensorRank gave.",
    });
  checkTensor(where, "shown.model.params.c", params.c, 2);
  return { factors: params.c as Matrix };
}
