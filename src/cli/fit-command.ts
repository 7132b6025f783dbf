import { extname } from "node:path";
import { saveResult, toJson } from "../data";
import { fitLowTensorRankSteps, type FitOptions, type LowTensorRankFit } from "../fit";
import { holdOut, observedMask } from "../masks";
import { explained } from "../scores";
import type { Tensor3 } from "../tensor";
import {
  UsageError,
  exitCodes,
  fileOf,
  numberOf,
  numbersOf,
  recordOf,
  shapeOf,
  textOf,
  type Call,
  type Command,
} from "./command";
import { checkOutput, writeOutput } from "./output";
import { number, progressOn } from "./progress";
import { readData } from "./read-data";

const isNpz = (file: string) => extname(file).toLowerCase() === ".npz";

/** One ltrRNN fitted to a recording, on held-out boxes. */
export const fitCommand: Command = {
  about: "fit a low-tensor-rank RNN to a recording",
  help: `ltrnn fit FILE --rank R [--units N] [--steps N] [--starts N] [--seed N] [--half 2,1,Infinity] [--options JSON]
          [--array NAME] [--condition NAME] [--epoch NAME] [--trials a:b] [--time a:b] [--out fit.json] [--json]

FILE holds activity (trials × time × neurons), NaN where missing. Boxes are held out to stop by and to report. --options
takes what fitLowTensorRank takes, in JSON. --out saves the fit: fromJson reads fit.json, loadResult and numpy fit.npz.

  ltrnn fit recording.npz --array activity --condition target --rank 3 --out fit.json`,
  data: "labeled array",
  options: {
    rank: "text",
    units: "text",
    steps: "text",
    starts: "text",
    seed: "text",
    half: "text",
    options: "text",
    out: "text",
  },
  async run(call, terminal) {
    const { tensor, conditions, epochs } = await readData(call, fileOf(call, "the recording"), 3),
      rank = numberOf(call, "rank");
    if (rank === undefined) throw new UsageError("expected --rank, the number of components.");
    const out = textOf(call, "out");
    if (out !== undefined) checkOutput("--out", out, [".json", ".npz"]);
    const given = optionsOf(call),
      activity = tensor as Tensor3,
      seed = numberOf(call, "seed") ?? given.seed ?? 0,
      half = (numbersOf(call, "half") ?? [2, 1, Number.POSITIVE_INFINITY]) as [number, number, number],
      split = holdOut(observedMask(activity), { half, seed });
    const [units, steps, starts] = ["units", "steps", "starts"].map((name) => numberOf(call, name));
    const run = fitLowTensorRankSteps(activity, rank, {
      ...(conditions ? { conditions } : {}),
      ...(epochs ? { epochs } : {}),
      ...given,
      network: { ...given.network, ...(units === undefined ? {} : { units }) },
      training: {
        ...given.training,
        ...(steps === undefined ? {} : { steps }),
        ...(starts === undefined ? {} : { starts }),
        ...(terminal.signal ? { signal: terminal.signal } : {}),
      },
      mask: split.train,
      validation: split.validation,
      seed,
    });
    const say = progressOn(terminal);
    let fit: LowTensorRankFit | undefined;
    for await (const now of run) {
      fit = now;
      say(`update ${now.steps} of at most ${now.stepsAtMost}, validation loss ${now.validationLoss.toPrecision(4)}`);
    }
    const found = fit as LowTensorRankFit,
      deviance = found.firingRates ? "poisson" : "variance",
      scored = (over: Tensor3) => explained(activity, found.prediction, { train: split.train, over, deviance }).total,
      scores = { training: scored(split.train), validation: scored(split.validation), test: scored(split.test) };
    if (out !== undefined) writeOutput("--out", out, isNpz(out) ? saveResult(found) : toJson(found));
    terminal.out(
      call.values.json === true
        ? `${toJson({ rank, status: found.status, ...scores, steps: found.steps, seed })}\n`
        : `rank ${rank}, ${shapeOf(activity)}: ${found.status} after ${found.steps} updates. Share of the ` +
            `${deviance} explained: ${number(scores.training)} of training, ${number(scores.validation)} of ` +
            `validation, ${number(scores.test)} of test entries.${out === undefined ? "" : ` Saved to ${out}.`}\n`,
    );
    return found.status === "aborted"
      ? exitCodes.stopped
      : found.status === "diverged"
        ? exitCodes.failures
        : exitCodes.done;
  },
};

/** What --options say: nothing that an option of its own says too, and no boxes, which --half and the seed draw. */
function optionsOf(call: Call): FitOptions {
  const given = recordOf(call, "options") as FitOptions,
    said: Readonly<Record<string, unknown>> = {
      seed: given.seed,
      condition: given.conditions,
      epoch: given.epochs,
      units: given.network?.units,
      steps: given.training?.steps,
      starts: given.training?.starts,
    };
  const twice = Object.keys(said).find((name) => said[name] !== undefined && call.values[name] !== undefined),
    drawn = (["mask", "validation"] as const).find((name) => given[name] !== undefined);
  if (twice !== undefined) throw new UsageError(`--${twice}: expected it once, got it in --options too.`);
  if (drawn !== undefined)
    throw new UsageError(`--options: expected no ${drawn}, as boxes are drawn by --half; missing entries are NaN.`);
  return given;
}
