import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import type { Labels } from "../masks";
import { checkTensor, type Matrix, type Vector } from "../tensor";
import { checkCount } from "./fields";
import { inWords } from "./figure-of";
import { epochMarks, groupsOf, labelsField } from "./groups";
import { panelFields, panelFigure, plotSize, type PanelOptions } from "./panels";
import { columnPanel, type ModeName } from "./column-panel";
import type { Figure } from "./specification";
import { timeFields, timeTitle, type TimeOptions } from "./time";

/** A decomposition to draw: what cpAls gave, or any `{ weights, factors }`. */
export interface ComponentsShown {
  /** (rank) */
  readonly weights: Vector;
  /** one per mode, (size × rank) */
  readonly factors: readonly Matrix[];
}

export interface ComponentsOptions extends PanelOptions, TimeOptions {
  /** what each mode is; default trials, time, neurons, or for two modes trials and neurons */
  readonly modes?: readonly ModeName[];
  /** one label per trial; default one color */
  readonly conditions?: Labels;
  /** one label per trial: panels of trials are cut where it changes; default none */
  readonly epochs?: Labels;
}

const fields = () =>
  ({
    ...panelFields,
    ...timeFields,
    modes: { is: "list", of: { is: "name", of: ["trials", "time", "neurons", "units"] } },
    conditions: labelsField,
    epochs: labelsField,
  }) as const satisfies FieldsOf<ComponentsOptions>;

/**
 * A CP decomposition as rows of panels, one row per component: loadings of neurons as bars, the course over time as a
 * line, and trial factors as points, with color and shape for the condition, cut at epochs.
 *
 * @param cp - of at most 20 components, as {@link cpAls} gave it: signs and scales are those of its factors
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when weights, factors, modes and labels disagree
 * @example componentsFigure({ weights: tensor([1], [2]), factors: [tensor([3, 1], [1, 2, 3]), tensor([2, 1], [1, 0]),
 * tensor([2, 1], [1, -1])] }).description // "Components of a decomposition. 1 component over trials, time,
 * neurons. Weights: 2."
 */
export function componentsFigure(cp: ComponentsShown, options?: ComponentsOptions): Figure {
  const where = "componentsFigure",
    { weights, factors } = read(where, cp),
    given = readOptions(where, options, fields()),
    rank = weights.shape[0];
  const modes = given.modes ?? (factors.length === 2 ? ["trials", "neurons"] : ["trials", "time", "neurons"]);
  if (modes.length !== factors.length)
    fail(where, {
      expected: `${factors.length} modes, one for each factor`,
      got: modes.join(", ") || "none",
      fix: 'Say what each mode is, such as modes: ["units", "units", "trials"].',
    });
  const trialMode = modes.indexOf("trials"),
    trials = trialMode < 0 ? 0 : factors[trialMode].shape[0];
  const conditions = groupsOf(where, "conditions", given.conditions, trials),
    marks = epochMarks(where, given.epochs, trials);
  const order = ["neurons", "units", "time", "trials"].flatMap((name) =>
      modes.flatMap((mode, at) => (mode === name ? [at] : [])),
    ),
    columns = given.width >= 150 * order.length ? order.length : 1,
    size = plotSize(given, columns, (rank * order.length) / columns, 130, { titles: 1 });
  const views = Array.from({ length: rank }, (_, r) =>
    order.map((mode, column) =>
      columnPanel(factors[mode], r, {
        ...size,
        mode: modes[mode],
        xTitle: columns > 1 && r < rank - 1 ? null : modes[mode] === "time" ? timeTitle(given) : singular[modes[mode]],
        yTitle: columns === 1 || column === 0 ? `component ${r + 1}` : null,
        title: column === 0 ? `weight ${inWords(weights.data[r])}` : "",
        dt: given.dt,
        conditions,
        whole: given.width,
        marks,
        namesMarks: r === 0,
      }),
    ),
  ).flat();
  const count = `${rank} component${rank === 1 ? "" : "s"} over ${modes.join(", ")}`;
  const title = given.title || "Components of a decomposition";
  return panelFigure(`${title}. ${count}. Weights: ${Array.from(weights.data, inWords).join(", ")}.`, views, {
    title,
    width: given.width,
    columns,
    shared: conditions ? ["color", "shape"] : [],
  });
}

const singular = { trials: "trial", time: "time", neurons: "neuron", units: "unit" } as const;

function read(where: string, cp: unknown): ComponentsShown {
  const { weights, factors } = isRecord(cp) ? cp : ({} as Record<string, unknown>);
  if (!Array.isArray(factors))
    return fail(where, {
      expected: "a decomposition { weights, factors }",
      got: show(cp),
      fix: "Pass what cpAls gave.",
    });
  checkTensor(where, "cp.weights", weights, 1);
  const rank = (weights as Vector).shape[0];
  checkCount(where, "components", rank, 20, "Draw some of them: select columns of the factors.");
  checkCount(where, "modes", factors.length, 6, "Pass a decomposition of as many modes.");
  const all = Array.from(factors as unknown[]);
  for (const [mode, factor] of all.entries()) {
    checkTensor(where, `cp.factors[${mode}]`, factor, 2);
    const { shape } = factor as Matrix;
    if (shape[1] !== rank || shape[0] === 0)
      fail(where, {
        expected: `cp.factors[${mode}] (size × ${rank}), as there are weights`,
        got: `(${shape.join(" × ")})`,
        fix: "Pass what cpAls gave.",
      });
  }
  return { weights: weights as Vector, factors: all as Matrix[] };
}
