import {
  conditionMean,
  fitLowTensorRankSteps,
  holdOut,
  last,
  lineFigure,
  matmul,
  modeGram,
  modeProduct,
  observedMask,
  principalAngles,
  random,
  smoothedConditionMean,
  symmetricEigen,
  tensor,
  transpose,
  varianceExplained,
  weightChanges,
  zeros,
  type LowTensorRankFit,
  type Matrix,
  type Tensor3,
} from "ltrnn";
import type { Section } from "./report";
import { baselineNote, beatsChance, edgeNote, fitTitle } from "./statements";
import { degrees, percent, type Progress, type Table } from "./terminal";
import { phases, type TrainedNetwork } from "./trained-network";

const ranks = [1, 2, 3, 4],
  steps = 80,
  subspaces = 200;

/** Claim 1 on the trained network: an ltrRNN fitted to the activity alone finds the structure of the weights. */
export async function fitActivity(
  { activity: recorded, targets, weights }: TrainedNetwork,
  seed: number,
  progress: Progress,
): Promise<Section> {
  const activity = everySecondStep(recorded);
  const split = holdOut(observedMask(activity), { half: [4, 1, 12], guard: [0, 1, 0], seed });
  const fits: LowTensorRankFit[] = [];
  for (const rank of ranks) {
    const run = fitLowTensorRankSteps(activity, rank, {
      mask: split.train,
      validation: split.validation,
      conditions: targets,
      decoder: "identity",
      inputs: 12,
      network: { tau: 2.5, trialKernel: { length: 30 } },
      training: { steps, starts: 1 },
      seed,
    });
    const watched = async function* () {
      for await (const now of run) {
        progress.say(
          `fitting an ltrRNN of rank ${rank} to the activity`,
          `update ${now.steps} of ${now.stepsAtMost}, loss ${now.loss.toExponential(2)}`,
        );
        yield now;
      }
    };
    fits.push(await last(watched()));
  }
  const baseline = { train: split.train, validation: split.validation, conditions: targets };
  const score = (fit: Pick<LowTensorRankFit, "prediction">, over: Tensor3) =>
    varianceExplained(activity, fit.prediction, { train: split.train, over });
  const chosen = fits.reduce((a, b) => (score(b, split.validation) > score(a, split.validation) ? b : a));
  const row = (name: string, fit: Pick<LowTensorRankFit, "prediction">, remark: string) => [
    name,
    percent(score(fit, split.train), 2),
    percent(score(fit, split.validation), 2),
    percent(score(fit, split.test), 2),
    percent(1 - score(fit, split.test), 2),
    remark,
  ];
  const means = [conditionMean(activity, baseline), smoothedConditionMean(activity, baseline)] as const;
  progress.say("comparing subspaces");
  const spaces = subspaceTable(chosen, weights, activity, seed);
  return {
    title: fitTitle(spaces.claims),
    text:
      `The activity of one reach per trial, ${activity.shape.join(" × ")} (trials × time × ` +
      "units, every second step), and the label of its target are all that the fit " +
      "sees. Boxes of 9 trials × 3 time bins × 25 " +
      "units are held out: one set to stop and to choose by, another, read once, to test.",
    tables: [
      {
        caption: "Fit: test error against rank",
        columns: ["model", "training", "validation", "test", "test error", ""],
        rows: [
          ...[["mean of each target", means[0]] as const, ["the same, smoothed over trials", means[1]] as const].map(
            ([name, mean]) => row(name, mean, ""),
          ),
          ...fits.map((fit, i) => row(`ltrRNN of rank ${ranks[i]}`, fit, fit === chosen ? "chosen by validation" : "")),
        ],
        note:
          "Variance explained about each unit's training mean; the test error is the share of it that is not." +
          edgeNote(chosen.model.rank, ranks) +
          baselineNote(
            score(chosen, split.test),
            means.map((mean) => score(mean, split.test)),
          ),
      },
      spaces.table,
    ],
    figures: [
      lineFigure(
        [
          { label: "test", x: ranks, y: fits.map((fit) => 100 * (1 - score(fit, split.test))) },
          {
            label: "validation",
            x: ranks,
            y: fits.map((fit) => 100 * (1 - score(fit, split.validation))),
            dashed: true,
          },
        ],
        { title: "Error on held-out boxes", xLabel: "rank", yLabel: "percent of variance" },
      ),
      lineFigure(
        Array.from({ length: chosen.model.rank }, (_, r) => ({
          label: `component ${r + 1}`,
          x: targets.map((_, k) => k),
          y: targets.map((_, k) => chosen.model.params.c.data[k * chosen.model.rank + r]),
        })),
        {
          title: "Fitted trial factors",
          xLabel: "trial",
          yLabel: "c",
          marks: [
            { x: phases.field, label: "field", breaks: true },
            { x: phases.washout, label: "washout", breaks: true },
          ],
        },
      ),
    ],
  };
}

/** Bins of two steps: the fit takes Euler steps twice as long as the network's. */
function everySecondStep({ shape: [trials, time, n], data }: Tensor3): Tensor3 {
  const out = zeros([trials, time / 2, n]);
  for (let k = 0; k < trials; k++)
    for (let t = 0; t < time / 2; t++)
      out.data.set(data.subarray((k * time + 2 * t + 1) * n, (k * time + 2 * t + 2) * n), (k * (time / 2) + t) * n);
  return out;
}

/**
 * Principal angles between fitted and true spaces, beside those of random subspaces of equal dimension. Rows count
 * within the span of the rates only.
 */
function subspaceTable({ model }: LowTensorRankFit, weights: Tensor3, activity: Tensor3, seed: number) {
  const { a, b } = model.params,
    rank = model.rank,
    [, , n] = activity.shape;
  // the rates' span: directions that hold more than 1e-4 of the largest variance; activity says nothing of weights
  // beyond
  const { values, vectors } = symmetricEigen(modeGram(activity, 2)),
    rates = firstOf(vectors, values.filter((value) => value > 1e-4 * values[0]).length);
  const onRates = (x: Tensor3): Tensor3 => modeProduct(x, matmul(rates, transpose(rates)), 1) as Tensor3;
  const leading = (x: Tensor3, mode: number) => firstOf(symmetricEigen(modeGram(x, mode)).vectors, rank);
  const changes = weightChanges(weights);
  const spaces: [string, Matrix, Matrix, Matrix][] = [
    ["columns, and those of the weights", a, leading(onRates(weights), 0), identity(n)],
    ["columns, and those of the changes", a, leading(onRates(changes), 0), identity(n)],
    ["rows, and those of the weights", matmul(rates, matmul(transpose(rates), b)), leading(onRates(weights), 1), rates],
    ["rows, and those of the changes", matmul(rates, matmul(transpose(rates), b)), leading(onRates(changes), 1), rates],
  ];
  const stream = random(seed, "random subspaces");
  const claims: { name: string; nearer: boolean }[] = [];
  const rows = spaces.map(([name, fitted, truth, within]) => {
    const angles = principalAngles(fitted, truth);
    const chance = Array.from({ length: subspaces }, () => {
      const coordinates = zeros([within.shape[1], rank]);
      for (let at = 0; at < coordinates.data.length; at++) coordinates.data[at] = stream.normal();
      return principalAngles(matmul(within, coordinates), truth);
    });
    const smallest = chance.map((list) => list[0]).sort((p, q) => p - q),
      mean = (list: readonly number[]) => list.reduce((sum, angle) => sum + angle, 0) / list.length;
    const means = chance.map(mean).sort((p, q) => p - q),
      at = (list: readonly number[], share: number) => list[Math.floor(share * (list.length - 1))];
    const below = means.filter((value) => value <= mean(angles)).length;
    const nearer = beatsChance(below, subspaces);
    claims.push({ name, nearer });
    return [
      name,
      angles.map(degrees).join(" "),
      `${degrees(at(smallest, 0.05))} to ${degrees(at(smallest, 0.95))}`,
      `${degrees(at(means, 0.05))} to ${degrees(at(means, 0.95))}`,
      `${below} of ${subspaces}`,
      nearer ? "yes" : "no",
    ];
  });
  const table: Table = {
    caption: `Fit: principal angles of the rank-${rank} fit`,
    columns: [
      "fitted space, true space",
      "angles",
      "chance: smallest (5 to 95 %)",
      "chance: mean (5 to 95 %)",
      "random subspaces as near",
      "nearer than chance",
    ],
    rows,
    note:
      `True spaces are the ${rank} leading directions, of weights as they act on the rates: the ` +
      `${rates.shape[1]} directions that hold them. Chance: ` +
      `${subspaces} random subspaces of equal dimension, ` +
      "for rows within the span of the rates. Nearer than chance: at " +
      "most one in twenty of them is as near.",
  };
  return { table, claims };
}

const identity = (n: number): Matrix =>
  tensor(
    [n, n],
    Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0)),
  );
const firstOf = (m: Matrix, count: number): Matrix =>
  tensor(
    [m.shape[0], count],
    Array.from({ length: m.shape[0] * count }, (_, at) => m.data[Math.floor(at / count) * m.shape[1] + (at % count)]),
  );
