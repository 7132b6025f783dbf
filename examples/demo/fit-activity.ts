import {
  conditionMean,
  fitLowTensorRankSteps,
  holdOut,
  lineFigure,
  observedMask,
  select,
  smoothedConditionMean,
  trialFactorFigure,
  varianceExplained,
  type LowTensorRankFit,
  type Tensor3,
} from "ltrnn";
import { compareSpaces } from "./compare-spaces";
import type { Section } from "./report";
import { baselineNote, edgeNote, fitTitle } from "./statements";
import { percent, type Progress } from "./terminal";
import { phaseOf, type TrainedNetwork } from "./trained-network";

const ranks = [1, 2, 3, 4],
  steps = 80,
  half = [4, 1, 12] as const;

/** Claim 1 on the trained network: an ltrRNN fitted to the activity alone finds the structure of the weights. */
export async function fitActivity(
  { activity: recorded, targets, weights }: TrainedNetwork,
  seed: number,
  progress: Progress,
): Promise<Section> {
  const activity = everySecondStep(recorded),
    { train, validation, test } = holdOut(observedMask(activity), { half, guard: [0, 1, 0], seed });
  const fits: LowTensorRankFit[] = [];
  for (const rank of ranks) {
    let fit: LowTensorRankFit | undefined;
    for await (fit of fitLowTensorRankSteps(activity, rank, {
      mask: train,
      validation,
      conditions: targets,
      decoder: "identity",
      inputs: 12,
      network: { tau: 2.5, trialKernel: { length: 30 } },
      training: { steps, starts: 1 },
      seed,
    }))
      progress.say(
        `fitting an ltrRNN of rank ${rank} to the activity`,
        `update ${fit.steps} of ${fit.stepsAtMost}, loss ${fit.loss.toExponential(2)}`,
      );
    fits.push(fit!);
  }
  const scored = ({ prediction }: Pick<LowTensorRankFit, "prediction">) => {
    const over = (mask: Tensor3) => varianceExplained(activity, prediction, { train, over: mask });
    return { training: over(train), validation: over(validation), test: over(test) };
  };
  const known = { train, validation, conditions: targets },
    means = [conditionMean(activity, known), smoothedConditionMean(activity, known)].map(scored),
    scores = fits.map(scored),
    best = scores.reduce((a, { validation: b }, i) => (b > scores[a].validation ? i : a), 0),
    chosen = fits[best];
  progress.say("comparing subspaces");
  const spaces = compareSpaces(chosen, weights, activity, seed);
  const row = (name: string, score: ReturnType<typeof scored>, remark: string) => [
    ...[name, percent(score.training, 2), percent(score.validation, 2)],
    ...[percent(score.test, 2), percent(1 - score.test, 2), remark],
  ];
  return {
    title: fitTitle(spaces.claims),
    text:
      `The activity of one reach per trial, ${activity.shape.join(" × ")} (trials × time × units, every second ` +
      "step), and the label of its target are all that the fit sees. Boxes of " +
      `${half.map((size) => 2 * size + 1).join(" × ")} (trials × time bins × units) are held out: one set ` +
      "to stop and to choose by, another, read once, to test.",
    tables: [
      {
        caption: "Fit: test error against rank",
        columns: ["model", "training", "validation", "test", "test error", ""],
        rows: [
          row("mean of each target", means[0], ""),
          row("the same, smoothed over trials", means[1], ""),
          ...scores.map((score, i) =>
            row(`ltrRNN of rank ${ranks[i]}`, score, i === best ? "chosen by validation" : ""),
          ),
        ],
        note:
          "Variance explained about each unit's training mean; the test error is the share of it that is not." +
          edgeNote(ranks[best], ranks) +
          baselineNote(
            scores[best].test,
            means.map((score) => score.test),
          ),
      },
      spaces.table,
    ],
    figures: [
      lineFigure(
        [
          { label: "test", x: ranks, y: scores.map((score) => 100 * (1 - score.test)) },
          { label: "validation", x: ranks, y: scores.map((score) => 100 * (1 - score.validation)), dashed: true },
        ],
        { title: "Error on held-out boxes", xLabel: "rank", yLabel: "percent of variance" },
      ),
      trialFactorFigure(chosen, { title: "Fitted trial factors", epochs: targets.map((_, k) => phaseOf(k)) }),
    ],
  };
}

/** Bins of two steps: the fit takes Euler steps twice as long as the network's. */
const everySecondStep = (x: Tensor3): Tensor3 =>
  select(
    x,
    1,
    Array.from({ length: Math.floor(x.shape[1] / 2) }, (_, t) => 2 * t + 1),
  ) as Tensor3;
