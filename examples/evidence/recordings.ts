/** The recordings of the evidence, from the folder that LTRNN_DATA names: docs/evidence.md says how to get them. */
import { readFileSync } from "node:fs";
import { readNpz, slice, tensor, type NpyArray, type Tensor3 } from "ltrnn";

export interface Recording {
  readonly name: string;
  /** (trials × bins × factors or units), NaN where there is no sample */
  readonly activity: Tensor3;
  /** direction of the target, in degrees */
  readonly conditions: readonly number[];
  /** 0 before the switch of the decoder, 1 after it */
  readonly epochs: readonly number[];
  /** the first trial after the switch */
  readonly switch: number;
  /** speed towards the target through the perturbed decoder, in mm/s (trials × bins) of these bins; N and J only */
  readonly progress?: readonly (readonly number[])[];
}

/** Bins before this one are the freeze at the beginning of every trial, and left out, as in the source. */
const first = 6;

function read(file: string): Readonly<Record<string, NpyArray>> {
  const folder = process.env.LTRNN_DATA;
  if (!folder) throw new Error("Name the folder of the recordings in the environment variable LTRNN_DATA.");
  return readNpz<Record<string, NpyArray>>(readFileSync(`${folder}/${file}.npz`));
}

/** Factor activity of motor cortex over a switch of decoders (Hennig et al. 2021, Nat. Neurosci.). */
export function latents(name: "N" | "J"): Recording {
  const { latents, target_deg, block, progress_perturbed } = read(
    { N: "bci_learning_monkeyN_20160728", J: "bci_learning_monkeyJ_20120528" }[name],
  );
  const epochs = Array.from(block.data),
    bins = progress_perturbed.shape[1];
  return {
    name,
    activity: slice(latents, [undefined, [first, latents.shape[1]]]) as Tensor3,
    conditions: Array.from(target_deg.data),
    epochs,
    switch: epochs.indexOf(1),
    progress: epochs.map((_, k) => Array.from(progress_perturbed.data.subarray(k * bins + first, (k + 1) * bins))),
  };
}

/** Spike counts of the first 12 bins of every trial (Hennig et al. 2018, eLife). */
export function spikes(): Recording {
  const { spikes, trial_offset, trial_target_deg, trial_block } = read("bci_spikes_monkeyL_20131218"),
    [trials, bins, units] = [trial_offset.data.length - 1, 12, spikes.shape[1]];
  const activity = Array.from({ length: trials }, (_, k) => {
    const row = trial_offset.data[k] * units;
    return Array.from(spikes.data.subarray(row, row + bins * units));
  });
  const epochs = Array.from(trial_block.data);
  return {
    name: "L",
    activity: tensor([trials, bins, units], activity.flat()),
    conditions: Array.from(trial_target_deg.data),
    epochs,
    switch: epochs.indexOf(1),
  };
}

/** The monkeys that LTRNN_MONKEYS names, such as "N"; default both. */
export function monkeys(): readonly Recording[] {
  const wanted = (process.env.LTRNN_MONKEYS ?? "N,J").split(",");
  return (["N", "J"] as const).filter((name) => wanted.includes(name)).map(latents);
}
