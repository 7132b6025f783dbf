import { toJson } from "../data";
import { lineFigure, rankScoreFigure, replicateFigure, trialFactorFigure, type Figure } from "../figures";
import type { FitOptions } from "../fit";
import { oneStandardError } from "../select";
import type { Tensor3 } from "../tensor";
import { report, toSvg, type ReportTable } from "../vega";
import { sentencesOf } from "./analysis-text";
import { analyzeRecording, type Analysis } from "./analyze-recording";
import { UsageError, exitCodes, fileOf, numberOf, numbersOf, recordOf, shapeOf, textOf, type Command } from "./command";
import { baselinesOf } from "./cv-grids";
import { ceilingText, scoreColumns, scoreLines } from "./cv-table";
import { checkOutput, writeOutput } from "./output";
import { percent, progressOn, tableText } from "./progress";
import { readData, type CommandData } from "./read-data";

const usual = "conditionMean,smoothedConditionMean,trialPca,nearPairCeiling";

/** From a recording to a page: ranks beside baselines, what the chosen one found, and how sure that is. */
export const analyzeCommand: Command = {
  about: "fit several ranks to a recording, and make a page of what they find and how sure that is",
  help: `ltrnn analyze FILE --out report.html [--rank 1,2,3,6] [--folds N] [--half 5,2,Infinity] [--counts]
              [--baselines[=NAME,…]] [--options JSON] [--seed N] [--array NAME] [--condition NAME] [--epoch NAME]
              [--trials a:b] [--time a:b] [--json]

FILE holds activity (trials × time × neurons), NaN where missing. Every rank is fitted in --folds splits, 3 unless said
otherwise, beside baselines on the same held-out boxes, of 11 trials × 5 bins where the recording is long enough. The
page has scores with standard errors over splits, trial factors with theirs, cut at --epoch, and says whether other
starts and other splits find the same components. --counts: the activity is spike counts, scored by deviance. --options
takes what fitLowTensorRank takes, in JSON. A page needs the packages vega and vega-lite: npm install vega vega-lite.

  ltrnn analyze recording.npz --array activity --condition target --epoch phase --time 6:20 --out report.html`,
  data: "labeled array",
  options: {
    rank: "text",
    folds: "text",
    half: "text",
    counts: "flag",
    baselines: "flag or text",
    options: "text",
    seed: "text",
    out: "text",
  },
  async run(call, terminal) {
    const file = fileOf(call, "the recording"),
      data = await readData(call, file, 3),
      activity = data.tensor as Tensor3;
    if (activity.shape.length !== 3)
      throw new UsageError(`--array: expected activity (trials × time × neurons), got ${shapeOf(activity)}.`);
    const out = textOf(call, "out"),
      seed = numberOf(call, "seed") ?? 0,
      half = halfOf(numbersOf(call, "half"), activity.shape),
      fit = fitOptionsOf(recordOf(call, "options"), data, call.values.counts === true),
      named = call.values.baselines === undefined ? { ...call, values: { ...call.values, baselines: usual } } : call;
    if (out !== undefined) await checkPage(out);
    const analysis = await analyzeRecording(
      activity,
      {
        ...{ fit, half, seed, ranks: numbersOf(call, "rank") ?? [1, 2, 3, 6], folds: numberOf(call, "folds") ?? 3 },
        baselines: baselinesOf(named, "fit", data, fit as never),
      },
      { say: progressOn(terminal), ...(terminal.signal ? { signal: terminal.signal } : {}) },
    );
    const { choice, rows, fit: found, splits, uncertainty, status } = analysis,
      sentences = sentencesOf(analysis),
      table = scoreTable(analysis);
    if (call.values.json === true)
      terminal.out(`${toJson({ rows, choice, splits, uncertainty, sentences, status })}\n`);
    else
      terminal.out(
        `${tableText(table.columns, table.rows)}${[table.note, ...sentences].filter((text) => text).join("\n")}\n`,
      );
    if (out !== undefined && found) {
      const all = half[2] === Number.POSITIVE_INFINITY,
        wide = all ? "all neurons" : `${2 * half[2] + 1} neurons`,
        boxes = `boxes of ${2 * half[0] + 1} trials × ${2 * half[1] + 1} bins × ${wide}`,
        missing = activity.data.reduce((sum, x) => sum + (Number.isNaN(x) ? 1 : 0), 0) / activity.data.length;
      writeOutput(
        "--out",
        out,
        await report(found, {
          title: "An ltrRNN fitted to a recording",
          about:
            `${file}: ${shapeOf(activity)} (trials × time × neurons), ${percent(missing)} missing. ` +
            `Held out: ${boxes}, one set to stop and to choose by, another, read once, to test. ${sentences.join(" ")}`,
          tables: [table],
          figures: figuresOf(analysis, data),
        }),
      );
      if (call.values.json !== true) terminal.out(`${out}\n`);
    } else if (out !== undefined) terminal.err(`${out} is not written: no fit could be scored\n`);
    return status === "aborted"
      ? exitCodes.stopped
      : rows.some((row) => row.status === "failed")
        ? exitCodes.failures
        : exitCodes.done;
  },
};

/**
 * Refuse before anything is fitted what would be refused after it: a folder in place of a file, peers that are
 * missing.
 */
async function checkPage(out: string): Promise<void> {
  checkOutput("--out", out);
  await toSvg(lineFigure([{ x: [0, 1], y: [0, 1] }]));
}

/** What is fitted unless --options say otherwise. */
function fitOptionsOf(given: Record<string, unknown>, data: CommandData, counts: boolean): FitOptions {
  const { conditions, epochs } = data,
    options = given as FitOptions;
  return {
    ...(conditions ? { conditions } : {}),
    ...(epochs ? { epochs } : {}),
    inputs: 6,
    ...options,
    network: { units: 48, trialKernel: { length: Math.min(120, data.tensor.shape[0] / 4) }, ...options.network },
    training: { steps: 220, starts: 2, ...(counts ? { loss: "poisson" } : {}), ...options.training },
  };
}

/**
 * Half widths of boxes. Those that are given are refused where a box is more than a tenth of the recording, as so much
 * is held out for each set; the usual ones are made smaller until it is not.
 */
function halfOf(given: readonly number[] | undefined, [trials, bins]: readonly number[]): readonly number[] {
  if (given && (given.length !== 3 || !given.every((size) => size >= 0)))
    throw new UsageError(`--half: expected three sizes from 0 on, such as 5,2,Infinity, got ${given.join(",")}.`);
  const [a, b] = given ?? [5, 2],
    room = largestBox([a, b], trials, bins);
  if (given && (room[0] !== a || room[1] !== b))
    throw new UsageError(
      `--half: boxes of ${2 * a + 1} trials × ${2 * b + 1} bins are more than a tenth of ${trials} × ${bins}: ` +
        `try --half ${room.join(",")},Infinity.`,
    );
  return given ?? [...room, Number.POSITIVE_INFINITY];
}

function largestBox([a, b]: readonly [number, number], trials: number, bins: number): readonly [number, number] {
  if ((a === 0 && b === 0) || (2 * a + 1) * (2 * b + 1) <= 0.1 * trials * bins) return [a, b];
  return a >= b ? largestBox([a - 1, b], trials, bins) : largestBox([a, b - 1], trials, bins);
}

/** Baselines and ranks on the boxes of all splits. */
function scoreTable({ rows, choice }: Analysis): ReportTable {
  const ceiling = rows.find(({ model }) => model === "nearPairCeiling"),
    chosen = `ltrRNN, rank ${choice?.chosen.axes.rank}`;
  return {
    caption: "Explained of held-out boxes, mean and standard error over splits",
    columns: scoreColumns,
    rows: scoreLines(oneStandardError(rows)?.points ?? []).map(([name, ...cells]) => [
      name === chosen ? `${name} (chosen)` : name,
      ...cells,
    ]),
    note: ceiling ? ceilingText(ceiling).trim() : "",
  };
}

function figuresOf(
  { rows, choice, fit, splits, uncertainty }: Analysis,
  { conditions, epochs }: CommandData,
): Figure[] {
  if (!fit) return [];
  const labels = { ...(conditions ? { conditions } : {}), ...(epochs ? { epochs } : {}) },
    sure = typeof uncertainty !== "string";
  const scored = rows.filter(({ validation }) => validation !== null);
  return [
    rankScoreFigure(
      scored.map(({ model, axes, fold, validation, test }) => ({ model, axes, fold, validation, test })),
      { chosen: choice?.chosen.axes.rank as number, title: "Held-out score against rank" },
    ),
    trialFactorFigure(sure ? uncertainty : fit, {
      title: `Trial factors of rank ${fit.rank}${sure ? ", two standard errors" : ""}`,
      ...labels,
    }),
    ...(splits.length > 0
      ? [
          replicateFigure(
            splits.map(({ fold, score }) => ({ seed: fold + 1, score })),
            { title: "Agreement of other splits", xLabel: "split" },
          ),
        ]
      : []),
  ];
}
