import { readFileSync } from "node:fs";
import {
  LtrnnError,
  conditionMean,
  fitLowTensorRankSteps,
  holdOut,
  last,
  listNpz,
  observedMask,
  readNpz,
  replicateFigure,
  smoothedConditionMean,
  tensor,
  trialFactorFigure,
  trialFactorUncertainty,
  trialPca,
  varianceExplained,
  type Baseline,
  type LowTensorRankFit,
  type NpyArray,
  type NpyText,
  type Tensor3,
} from "ltrnn";
import { UsageError, type DemoOptions, type Range } from "./options";
import type { Section } from "./report";
import { edgeNote } from "./statements";
import { percent, type Progress } from "./terminal";

const usualRanks = [1, 2, 3, 6],
  usualBox = [5, 2] as const,
  steps = 220;

/** A recording as the fit wants it. */
export interface Recording {
  readonly activity: Tensor3;
  readonly conditions?: readonly (number | string)[];
  readonly epochs?: readonly (number | string)[];
}

/** Read and check everything that was asked for, before anything is computed or written. */
export function readRecording({
  file,
  activity: name,
  condition,
  epoch,
  trials,
  time,
}: NonNullable<DemoOptions["recording"]>): Recording {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageError(`--recording: ${(error as Error).message}`);
  }
  const known = listNpz(bytes),
    list = known.map((entry) => `  ${entry.name} (${entry.shape.join(" × ")}) ${entry.dtype}`).join("\n");
  for (const wanted of [name, condition, epoch])
    if (wanted !== undefined && !known.some((entry) => entry.name === wanted))
      throw new UsageError(`${file} has no array called "${wanted}". It has\n${list}`);
  const arrays = readNpz<Record<string, NpyArray | NpyText>>(bytes, {
    only: [name, condition, epoch].filter((wanted) => wanted !== undefined),
  });
  const whole = arrays[name];
  if (whole.shape.length !== 3)
    throw new UsageError(
      `--activity: expected trials × time × neurons, got ${name} of shape ` +
        `(${whole.shape.join(" × ")}). ${file} has\n${list}`,
    );
  const numbers = whole.data;
  if (!(numbers instanceof Float64Array))
    throw new UsageError(`--activity: expected numbers, got ${name} of text. ${file} has\n${list}`);
  const [rows, bins, neurons] = whole.shape;
  const inside = (what: string, range: Range | undefined, size: number): Range => {
    if (range && range.to > size)
      throw new UsageError(`--${what}: expected a range within 0:${size}, got ${range.from}:${range.to}.`);
    return range ?? { from: 0, to: size };
  };
  const k = inside("trials", trials, rows),
    t = inside("time", time, bins);
  const shape = [k.to - k.from, t.to - t.from, neurons] as const,
    data = new Float64Array(shape[0] * shape[1] * neurons);
  for (let trial = 0; trial < shape[0]; trial++) {
    const from = ((k.from + trial) * bins + t.from) * neurons;
    data.set(numbers.subarray(from, from + shape[1] * neurons), trial * shape[1] * neurons);
  }
  const labels = (option: string, of: string | undefined) => {
    if (of === undefined) return undefined;
    const { shape: got, data: values } = arrays[of];
    if (got.length !== 1 || got[0] !== rows)
      throw new UsageError(
        `--${option}: expected one label per trial, (${rows}), got ${of} of shape (${got.join(" × ")}).`,
      );
    return Array.from<number | string>(values).slice(k.from, k.to);
  };
  return { activity: tensor(shape, data), conditions: labels("condition", condition), epochs: labels("epoch", epoch) };
}

/** Claim 1 on a recording: variance explained on held-out boxes, per rank, beside baselines on the same boxes. */
export async function fitRecording(
  { activity, conditions, epochs }: Recording,
  { file, ranks = usualRanks, box = usualBox }: Pick<NonNullable<DemoOptions["recording"]>, "file" | "ranks" | "box">,
  seed: number,
  progress: Progress,
): Promise<Section> {
  const half = [...box, Infinity] as const,
    [trials, bins] = activity.shape,
    room = largestBox(box, trials, bins);
  if (room[0] !== box[0] || room[1] !== box[1])
    throw new UsageError(
      `--box: boxes of ${2 * box[0] + 1} trials × ${2 * box[1] + 1} bins are more than a ` +
        `tenth of ${trials} × ${bins}: try --box ${room.join(",")}.`,
    );
  const split = holdOut(observedMask(activity), { half, seed }),
    { train, validation } = split;
  const score = (prediction: Tensor3, over: Tensor3) =>
    percent(varianceExplained(activity, prediction, { train, over }));
  progress.say("baselines");
  const baselines: [string, Baseline][] = [
    ["condition × time mean", conditionMean(activity, { train, conditions })],
    ["PCA of trials", trialPca(activity, { train, validation, conditions })],
    ["condition × time mean, smoothed over trials", smoothedConditionMean(activity, { train, validation, conditions })],
  ];
  const fits: LowTensorRankFit[] = [];
  for (const rank of ranks) {
    const run = fitLowTensorRankSteps(activity, rank, {
      mask: train,
      validation,
      conditions,
      epochs,
      inputs: 6,
      network: { units: 48, trialKernel: { length: Math.min(120, activity.shape[0] / 4) } },
      training: { steps, starts: 2 },
      seed,
    });
    const watched = async function* () {
      for await (const now of run) {
        progress.say(
          `fitting an ltrRNN of rank ${rank}`,
          `update ${now.steps} of at most ${now.stepsAtMost}, validation loss ${now.validationLoss.toPrecision(4)}`,
        );
        yield now;
      }
    };
    fits.push(await last(watched()));
  }
  const missing = 1 - observedMask(activity).data.reduce((sum, o) => sum + o, 0) / activity.data.length;
  const best = fits.reduce((a, b) => (b.validationLoss < a.validationLoss ? b : a));
  progress.say("standard errors of trial factors");
  const sure = uncertaintyOf(best, activity, train);
  const agreement = best.replicability.map(({ score }) => score.toFixed(2)).join(", ");
  return {
    title: "An ltrRNN fitted to a recording",
    text:
      `${file}: ${activity.shape.join(" × ")} (trials × time × ` +
      `neurons), ${percent(missing)} missing. Held out: boxes of ${2 * half[0] + 1} trials × ` +
      `${2 * half[1] + 1} bins × all neurons, one ` +
      "set to stop and to choose by, another, read once, to test.",
    tables: [
      {
        caption: "Recording: variance explained on held-out boxes",
        columns: ["model", "validation", "test", "chosen by validation"],
        rows: [
          ...baselines.map(([name, { prediction, chosen }]) => [
            name,
            score(prediction, validation),
            score(prediction, split.test),
            chosen === null ? "" : name.startsWith("PCA") ? `${chosen} components` : `width ${chosen} trials`,
          ]),
          ...fits.map((fit, i) => [
            `ltrRNN of rank ${ranks[i]}`,
            score(fit.prediction, validation),
            score(fit.prediction, split.test),
            fit === best ? "rank" : "",
          ]),
        ],
        note:
          `Relative to each neuron's training mean.${edgeNote(best.rank, ranks)}` +
          (agreement ? ` The other start of the chosen rank agrees with it by ${agreement} (1 is the same).` : "") +
          sure.reason,
      },
    ],
    figures: [
      trialFactorFigure(sure.shown, {
        title: `Trial factors of the rank-${best.rank} fit${"factors" in sure.shown ? ", two standard errors" : ""}`,
        ...(epochs ? { epochs } : {}),
        ...(conditions ? { conditions } : {}),
      }),
      ...(best.replicability.length > 0 ? [replicateFigure(best.replicability)] : []),
    ],
  };
}

/** Trial factors with their standard errors, or, where there is too little activity for these, without, and why. */
function uncertaintyOf(fit: LowTensorRankFit, activity: Tensor3, mask: Tensor3) {
  try {
    const shown = trialFactorUncertainty(fit, activity, { mask });
    const far = shown.status === "exhausted" ? " Standard errors are a guess: the fit is not at its best yet." : "";
    return { shown, reason: far };
  } catch (error) {
    if (!(error instanceof LtrnnError)) throw error;
    return { shown: fit, reason: ` No standard errors: they need ${error.expected}; there are ${error.got}.` };
  }
}

/**
 * The box, made smaller where it is, until it is a tenth of the recording at most: so much is held out for each set.
 */
function largestBox([a, b]: readonly [number, number], trials: number, bins: number): readonly [number, number] {
  if ((a === 0 && b === 0) || (2 * a + 1) * (2 * b + 1) <= 0.1 * trials * bins) return [a, b];
  return a >= b ? largestBox([a - 1, b], trials, bins) : largestBox([a, b - 1], trials, bins);
}
