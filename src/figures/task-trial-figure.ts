import { fail, readOptions, readPart, show, type FieldsOf } from "../base";
import type { Task } from "../tasks";
import { checkMask, checkSameShape, checkTensor3, type Tensor3 } from "../tensor";
import { checkCount, tensor3Field } from "./fields";
import { jsonNumber } from "./figure-of";
import { panelFields, panelFigure, panelTitle, plotSize, type PanelOptions } from "./panels";
import type { Figure, Json, Part } from "./specification";
import { lineStyles, type Named } from "./styles";
import { timeTitle } from "./time";

/** What of a task is drawn. */
export type TaskShown = Pick<Task, "kind" | "batch" | "channels" | "dt">;

export interface TaskTrialOptions extends PanelOptions {
  /**
   * what a network gave, of the shape of the targets, drawn beside them: its outputs, or with a plant its states but
   * for the first, `slice(plantStates, [undefined, [1]])`; default the targets alone
   */
  readonly outputs?: Tensor3;
  /** the unit of dt of the task, such as "tau"; default none */
  readonly timeUnit?: string;
}

const fields = () =>
  ({
    ...panelFields,
    outputs: { is: "checked", check: checkTensor3 },
    timeUnit: { is: "text", fallback: "" },
  }) as const satisfies FieldsOf<TaskTrialOptions>;

/**
 * One trial of a task: its inputs, and below them targets, dotted, with outputs where they are given. Gray where the
 * mask leaves all targets out.
 *
 * @param task - of {@link flipFlop}, {@link reaching} or another task, also a custom one
 * @param trial - from 0 on
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when there is no such trial, or outputs are not of the shape of the targets
 * @example taskTrialFigure(flipFlop({ bits: 1, trials: 1, steps: 5 }), 0).description
 * // "Trial 0 of flipFlop. 1 input and 1 target over 5 steps."
 */
export function taskTrialFigure(task: TaskShown, trial: number, options?: TaskTrialOptions): Figure {
  const where = "taskTrialFigure",
    { inputs, targets, mask, channels, kind, dt } = read(where, task);
  const { title, outputs, timeUnit, ...size } = readOptions(where, options, fields()),
    [trials, time] = targets.shape;
  if (!Number.isInteger(trial) || trial < 0 || trial >= trials)
    fail(where, { expected: `a trial from 0 to ${trials - 1}`, got: show(trial), fix: "Count trials from 0." });
  if (outputs) checkSameShape(where, "outputs", outputs, targets.shape, "the targets");
  checkCount(where, "steps", time, 20_000, "Draw a shorter trial.");
  const plot = plotSize(size, 1, 2, 190),
    nameOf = (names: readonly string[], kindOf: string, i: number) => names[i] ?? `${kindOf} ${i + 1}`;
  const course = (x: Tensor3, name: (i: number) => string): Json[] => {
    const count = x.shape[2];
    return Array.from({ length: time * count }, (_, at) => ({
      series: name(at % count),
      t: (Math.floor(at / count) + 1) * dt,
      y: jsonNumber(x.data[trial * time * count + at]),
    }));
  };
  const input = (i: number) => nameOf(channels.inputs, "input", i),
    target = (i: number) => `${nameOf(channels.targets, "target", i)}, target`,
    output = (i: number) => `${nameOf(channels.targets, "target", i)}, output`;
  const count = { inputs: inputs.shape[2], targets: targets.shape[2] };
  checkCount(where, "targets", count.targets, 40, "Draw a task with fewer targets.");
  checkCount(where, "inputs", count.inputs, 200, "Draw a task with fewer inputs.");
  const x: Part = {
    field: "t",
    type: "quantitative",
    title: timeTitle({ dt, timeUnit }),
    scale: { domain: [dt / 2, (time + 0.5) * dt], nice: false },
  };
  const series = (names: readonly Named[]): Part => ({ ...lineStyles(names, size.width) });
  const unscored = mask !== undefined && scoredNowhere(mask, trial).length > 0;
  const view = (name: string, values: Json[], named: readonly Named[], below: readonly Part[]): Part => ({
    ...plot,
    title: panelTitle(name === "targets" && unscored ? "targets (gray: not scored)" : name, plot.width),
    layer: [
      ...below,
      {
        data: { values },
        mark: { type: "line", interpolate: "step-before" },
        encoding: { x, y: { field: "y", type: "quantitative", title: null }, ...series(named) },
      },
    ],
  });
  const numbers = (n: number) => Array.from({ length: n }, (_, i) => i);
  const targetNames = [
    ...numbers(count.targets).map((i) => ({ label: target(i), dashed: true })),
    ...(outputs ? numbers(count.targets).map((i) => ({ label: output(i), like: target(i) })) : []),
  ];
  const below = mask ? [maskLayer(mask, trial, dt, x)] : [];
  const views = [
    view(
      "inputs",
      course(inputs, input),
      numbers(count.inputs).map((i) => ({ label: input(i) })),
      [],
    ),
    view("targets", [...course(targets, target), ...(outputs ? course(outputs, output) : [])], targetNames, below),
  ];
  const s = (n: number, word: string) => `${n} ${word}${n === 1 ? "" : "s"}`;
  const what =
    `${s(count.inputs, "input")} and ` +
    `${s(count.targets, "target")}${outputs ? " with outputs" : ""} over ${time} steps.`;
  const named = title || `Trial ${trial} of ${kind}`;
  return panelFigure(`${named}. ${what}`, views, { title: named, width: size.width, columns: 1 });
}

/** Runs of steps whose targets are all left out: the first of each, and the one after its last. */
function scoredNowhere(mask: Tensor3, trial: number): [first: number, end: number][] {
  const [, time, count] = mask.shape,
    runs: [number, number][] = [];
  for (let t = 0; t < time; t++) {
    const from = (trial * time + t) * count;
    if (!mask.data.subarray(from, from + count).every((one) => one === 0)) continue;
    const last = runs[runs.length - 1];
    if (last?.[1] === t) last[1] = t + 1;
    else runs.push([t, t + 1]);
  }
  return runs;
}

/** Gray over the steps whose targets are all left out. */
function maskLayer(mask: Tensor3, trial: number, dt: number, x: Part): Part {
  const values = scoredNowhere(mask, trial).map(([t, end]): Json => ({ t: (t + 0.5) * dt, end: (end + 0.5) * dt }));
  return { data: { values }, mark: { type: "rect", color: "#dcdcdc" }, encoding: { x, x2: { field: "end" } } };
}

const taskFields = {
  kind: { is: "text", needed: true },
  batch: {
    is: "record",
    of: { inputs: tensor3Field, targets: tensor3Field, mask: { is: "checked", check: checkTensor3 } },
    needed: true,
  },
  channels: {
    is: "record",
    of: {
      inputs: { is: "list", of: { is: "text" }, needed: true },
      targets: { is: "list", of: { is: "text" }, needed: true },
    },
    needed: true,
  },
  dt: { is: "number", above: 0, needed: true },
} as const satisfies FieldsOf<TaskShown>;

function read(where: string, task: TaskShown) {
  const { kind, batch, channels, dt } = readPart<TaskShown, typeof taskFields>(where, task, taskFields, "task");
  const { inputs, targets, mask } = batch,
    [trials, time] = targets.shape;
  if (mask !== undefined) checkMask(where, "task.batch.mask", mask, targets.shape, "the targets");
  if (inputs.shape[0] !== trials || inputs.shape[1] !== time)
    fail(where, {
      expected: `inputs of ${trials} trials and ${time} steps, as the targets`,
      got: `(${inputs.shape.join(" × ")})`,
      fix: "Pass what flipFlop or another task gave.",
    });
  return { inputs, targets, mask, channels, kind, dt };
}
