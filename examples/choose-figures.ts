/**
 * The figures from which a rank is read, of docs/choose-a-rank.md, drawn into docs/figures: on the weight changes of a
 * network that learns, and on a recording. `npm run build && LTRNN_DATA=… npx tsx examples/choose-figures.ts`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import {
  FullRankRNN,
  chooseRank,
  compareRanks,
  flipFlop,
  learningRankBound,
  learningSetupOf,
  networkObjective,
  rankDiagnosticFigure,
  rankScoreFigure,
  readNpz,
  recordWeights,
  sgd,
  singularValueFigure,
  slice,
  tensor,
  train,
  weightChanges,
  type Figure,
  type NpyArray,
  type RankChoice,
  type Tensor,
} from "ltrnn";
import { toSvg } from "ltrnn/vega";
import { short } from "../docs/site/short-svg";

async function draw(name: string, figure: Figure): Promise<void> {
  const svg = await toSvg(figure);
  writeFileSync(new URL(`../docs/figures/choose-${name}.svg`, import.meta.url), short(svg));
}

async function drawChoice(name: string, found: RankChoice): Promise<void> {
  console.log(`${name}: rank ${found.rank}. ${found.reasons.join(" ")}`);
  for (const { rank, validation, coreConsistency, replicability, splitHalves } of found.table)
    console.log(
      [rank, validation.mean, coreConsistency.value, replicability.value, splitHalves.value]
        .map((value) => (value === null ? "" : value.toFixed(2)))
        .join(" | "),
    );
  const rows = found.rows.filter(({ model }) => model === "cp"),
    chosen = found.rank === null ? {} : { chosen: found.rank };
  await draw(`${name}-scores`, rankScoreFigure(rows, chosen));
  const diagnostics = found.table
    .filter(({ rank }) => rank > 0)
    .map(({ rank, coreConsistency, replicability }) => ({
      rank,
      coreConsistency: coreConsistency.value,
      replicability: replicability.value,
    }));
  await draw(`${name}-diagnostics`, rankDiagnosticFigure(diagnostics));
}

/** The weight changes of a linear network over learning, with the bound on their rank. */
async function weights(): Promise<Tensor> {
  const { batch, dt } = flipFlop({ bits: 2, trials: 20 }),
    model = FullRankRNN.random({ units: 30, inputs: 2, outputs: 2, phi: "identity", gain: 0 }, 7),
    optimizer = sgd(0.3),
    run = train(networkObjective(model, batch, { dt }), { w: model.params.w }, { optimizer, steps: 100, every: 5 }),
    { weights: recorded, steps } = await recordWeights(run, model),
    changes = weightChanges(recorded),
    bound = learningRankBound(learningSetupOf(model, batch, { optimizer, snapshots: 21 }));
  if (bound.status === "holds")
    await draw("weights-singular-values", singularValueFigure(compareRanks({ changes, steps }, bound)));
  return changes;
}

/** Monkey N's latent activity (Hennig et al. 2021): every fourth trial, 14 bins after the freeze, less means. */
function recording(folder: string): Tensor {
  const { latents } = readNpz<Record<string, NpyArray>>(readFileSync(`${folder}/bci_learning_monkeyN_20160728.npz`)),
    { shape, data } = slice(latents!, [undefined, [6, 20]]),
    [trials, bins, factors] = shape as [number, number, number],
    few = Array.from({ length: Math.floor(trials / 4) }, (_, k) =>
      Array.from(data.subarray(4 * k * bins * factors, (4 * k + 1) * bins * factors)),
    ).flat();
  const sums = new Float64Array(factors),
    counts = new Float64Array(factors);
  few.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    sums[i % factors]! += value;
    counts[i % factors]! += 1;
  });
  return tensor(
    [few.length / bins / factors, bins, factors],
    few.map((value, i) => value - sums[i % factors]! / counts[i % factors]!),
  );
}

await drawChoice("weights", await chooseRank(await weights(), [1, 2, 3, 4, 5, 6], { boxes: { half: [2, 2, 1] } }));
const folder = process.env.LTRNN_DATA;
if (folder) {
  const ranks = [1, 2, 3, 4, 6, 8, 10];
  await drawChoice("recording", await chooseRank(recording(folder), ranks, { boxes: { half: [1, 2, 1] } }));
} else console.log("Name the folder of the recordings in the environment variable LTRNN_DATA to draw theirs.");
