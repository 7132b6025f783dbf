/**
 * The default call of a fit on recordings made during learning: the table of docs/fit.md. The environment variable
 * LTRNN_DATA names their folder: `npm run build && npx tsx examples/real-recordings.ts`.
 *
 * N and J: latent activity of motor cortex (Hennig et al. 2021, Nat. Neurosci.), trials of up to 14 bins after a freeze
 * of 6, with gaps. L: spike counts of 87 units (Hennig et al. 2018, eLife), the first 12 bins of each trial.
 */
import { readFileSync } from "node:fs";
import {
  advice,
  explained,
  fitLowTensorRank,
  holdOut,
  observedMask,
  readNpz,
  slice,
  smoothedConditionMean,
  tensor,
  type FitOptions,
  type NpyArray,
  type Tensor3,
} from "ltrnn";

const folder = process.env.LTRNN_DATA;
if (!folder) throw new Error("Name the folder of the recordings in the environment variable LTRNN_DATA.");
const read = (name: string) => readNpz<Record<string, NpyArray>>(readFileSync(`${folder}/${name}.npz`));

interface Recording {
  readonly name: string;
  readonly activity: Tensor3;
  readonly conditions: Float64Array;
  readonly epochs: Float64Array;
  readonly counts: boolean;
}

function latents(name: string, file: string): Recording {
  const { latents, target_deg, block } = read(file);
  return {
    name,
    activity: slice(latents, [undefined, [6, 20]]) as Tensor3,
    conditions: target_deg.data,
    epochs: block.data,
    counts: false,
  };
}

function spikes(name: string, file: string): Recording {
  const { spikes, trial_offset, trial_target_deg, trial_block } = read(file),
    [trials, bins, units] = [trial_offset.data.length - 1, 12, spikes.shape[1]];
  const activity = Array.from({ length: trials }, (_, k) => {
    const first = trial_offset.data[k] * units;
    return Array.from(spikes.data.subarray(first, first + bins * units));
  });
  return {
    name,
    activity: tensor([trials, bins, units], activity.flat()),
    conditions: trial_target_deg.data,
    epochs: trial_block.data,
    counts: true,
  };
}

const recordings = [
  [latents("N", "bci_learning_monkeyN_20160728"), [1, 3, 5]],
  [latents("J", "bci_learning_monkeyJ_20120528"), [1, 3, 5]],
  [spikes("L, counts", "bci_spikes_monkeyL_20131218"), [1, 2]],
] as const;
const percent = (share: number | null) => (share === null ? "" : (100 * share).toFixed(1));

console.log(
  "| recording | rank | trained | test | smoothed mean | trial factors of " +
    "two starts agree | updates | seconds | status |",
);
console.log(`|${"---|".repeat(9)}`);
for (const [{ name, activity, conditions, epochs, counts }, ranks] of recordings) {
  const observed = observedMask(activity),
    { train: mask, validation, test } = holdOut(observed, { half: [1, 1, 1], seed: 1 });
  const score = (prediction: Tensor3, over: Tensor3) =>
    explained(activity, prediction, { train: mask, over, deviance: counts ? "poisson" : "variance" }).total;
  const baseline = smoothedConditionMean(activity, { train: mask, validation, conditions });
  for (const rank of ranks) {
    const options: FitOptions = {
      mask,
      validation,
      conditions,
      epochs,
      ...(counts ? { training: { loss: "poisson" } } : {}),
    };
    const fit = await fitLowTensorRank(activity, rank, options),
      agree = fit.replicability[0]?.components.map(({ trialFactor }) => trialFactor.toFixed(2)).join(" ");
    const cells = [
      name,
      rank,
      percent(score(fit.prediction, mask)),
      percent(score(fit.prediction, test)),
      percent(score(baseline.prediction, test)),
      agree ?? "",
      fit.starts.map(({ steps }) => steps).join(" + "),
      fit.seconds.toFixed(1),
      fit.status,
    ];
    console.log(`| ${cells.join(" | ")} |`);
    if (fit.status !== "converged") console.log(`<!-- ${advice(fit)} -->`);
  }
}
