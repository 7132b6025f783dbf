import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import { figureFields, type FigureOptions } from "./figure-options";
import { drawSeries, type Line } from "./line-figure";
import { markFields, type Mark } from "./marks";
import { readList, numbersField } from "./fields";
import type { Figure } from "./specification";
import type { Named } from "./styles";

/** A run in any form: losses and steps, its snapshots or the last of them, a fit, or a decomposition. */
export type LearningRunShown =
  | { readonly steps: readonly number[]; readonly losses: readonly number[] }
  | readonly { readonly step: number; readonly loss: number }[]
  | { readonly curve?: { readonly steps: readonly number[]; readonly losses: readonly number[] } }
  | {
      readonly starts: readonly {
        readonly seed: number;
        readonly trace: {
          readonly losses: readonly number[];
          readonly validationLosses: readonly (number | null)[];
        };
      }[];
    }
  | { readonly trace: readonly number[] };

export interface LearningCurveOptions extends FigureOptions {
  /** places to mark; default none */
  readonly marks?: readonly Mark[];
  /** the loss on a logarithmic axis; default where all losses are above zero */
  readonly logY?: boolean;
}

const fields = () =>
  ({
    ...figureFields,
    marks: { is: "list", of: { is: "record", of: markFields }, fallback: [] },
    logY: { is: "boolean" },
  }) as const satisfies FieldsOf<LearningCurveOptions>;

/**
 * Learning curve: loss against updates of a run of {@link train} or {@link recordWeights}, of every start of a fit with
 * its validation loss dotted, or relative error against sweeps of a decomposition.
 *
 * @param run - snapshots, the last of them, `{ steps, losses }`, a fit of fitLowTensorRank, or a decomposition of cpAls
 * @returns a Vega-Lite specification, plain JSON
 * @throws {@link LtrnnError} when it is no such run
 * @example learningCurveFigure({ steps: [0, 1, 2], losses: [4, 2, 1] }).description
 * // "Learning curve. loss: 3 points, x 0 to 2, y 1 to 4."
 */
export function learningCurveFigure(run: LearningRunShown, options?: LearningCurveOptions): Figure {
  const where = "learningCurveFigure",
    { logY, ...given } = readOptions(where, options, fields()),
    { lines, xLabel, yLabel } = linesOf(where, run);
  const positive = lines.every(({ y }) => Array.from(y).every((loss) => Number.isNaN(loss) || loss > 0));
  return drawSeries(where, lines, {
    ...given,
    title: given.title || "Learning curve",
    xLabel: given.xLabel || xLabel,
    yLabel: given.yLabel || yLabel,
    logY: logY ?? positive,
  });
}

interface Curves {
  readonly lines: readonly (Line & Named)[];
  readonly xLabel: string;
  readonly yLabel: string;
}

function linesOf(where: string, run: unknown): Curves {
  const loss = { xLabel: "updates", yLabel: "loss" };
  if (Array.isArray(run)) {
    const table = { step: { is: "number", needed: true }, loss: { is: "number", needed: true } } as const;
    const rows = readList<{ step: number; loss: number }, typeof table>(where, "run", run, table, fix);
    return { ...loss, lines: [{ label: "loss", x: rows.map(({ step }) => step), y: rows.map((row) => row.loss) }] };
  }
  const shown = isRecord(run) ? run : ({} as Record<string, unknown>);
  if (isRecord(shown.curve)) return linesOf(where, shown.curve);
  const { steps, losses, starts, trace } = shown;
  if (losses !== undefined) {
    numbersField.check(where, "run.steps", steps);
    numbersField.check(where, "run.losses", losses);
    return { ...loss, lines: [{ label: "loss", x: steps as number[], y: losses as number[] }] };
  }
  if (trace !== undefined) {
    numbersField.check(where, "run.trace", trace);
    const errors = Array.from(trace as ArrayLike<number>);
    return {
      xLabel: "sweeps",
      yLabel: "relative error",
      lines: [{ label: "relative error", x: errors.map((_, i) => i + 1), y: errors }],
    };
  }
  if (starts !== undefined) return { ...loss, lines: startLines(where, starts) };
  return fail(where, { expected: "a run { steps, losses }, snapshots, a fit or a decomposition", got: show(run), fix });
}

const fix = "Pass what train, recordWeights, fitLowTensorRank or cpAls gave.";

function startLines(where: string, starts: unknown): (Line & Named)[] {
  const table = {
    seed: { is: "number", needed: true },
    trace: { is: "checked", check: checkTrace, needed: true },
  } as const;
  const read = readList<{ seed: number; trace: Trace }, typeof table>(where, "run.starts", starts as never, table, fix);
  return read.flatMap(({ seed, trace }) => {
    const steps = trace.losses.map((_, i) => i),
      // the rest was not looked at
      seen = trace.validationLosses.flatMap((value, i) => (value === null ? [] : [{ i, value }]));
    return [
      { label: `start ${seed}`, x: steps, y: trace.losses },
      ...(seen.length > 0
        ? [
            {
              label: `start ${seed}, validation`,
              like: `start ${seed}`,
              x: seen.map(({ i }) => i),
              y: seen.map((s) => s.value),
              dashed: true,
            },
          ]
        : []),
    ];
  });
}

interface Trace {
  readonly losses: readonly number[];
  readonly validationLosses: readonly (number | null)[];
}

function checkTrace(where: string, name: string, trace: unknown): void {
  const { losses, validationLosses } = isRecord(trace) ? trace : ({} as Record<string, unknown>);
  if (!Array.isArray(losses) || !Array.isArray(validationLosses))
    fail(where, { expected: `${name} to be { losses, validationLosses }`, got: show(trace), fix });
  numbersField.check(where, `${name}.losses`, losses);
  numbersField.check(
    where,
    `${name}.validationLosses`,
    (validationLosses as unknown[]).filter((one) => one !== null),
  );
}
