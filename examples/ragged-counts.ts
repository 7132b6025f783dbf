/**
 * Trials of different lengths with and without padding: the table of docs/decompose.md. `LTRNN_DATA` names the folder
 * of the recordings: `npm run build && npx tsx examples/ragged-counts.ts`.
 *
 * L: spike counts of 87 units in trials of 12 to 142 bins of 45 ms (Hennig et al. 2018, eLife). In every stretch of 8
 * bins of every trial a fifth of the units is hidden, other ones in each fold. Poisson PARAFAC2 of the trials as they
 * are, and Poisson CP of the trials padded to the longest, are fitted to the rest. A score is in bits per hidden spike,
 * beyond rates that are constant in every unit.
 */
import { readFileSync } from "node:fs";
import {
  cpToTensor,
  gcp,
  padTrials,
  parafac2Poisson,
  parafac2Rates,
  random,
  readNpz,
  tensor,
  type Matrix,
  type NpyArray,
} from "ltrnn";

const folder = process.env.LTRNN_DATA;
if (!folder) throw new Error("Name the folder of the recordings in the environment variable LTRNN_DATA.");
const { spikes, trial_offset } = readNpz<Record<string, NpyArray>>(
    readFileSync(`${folder}/bci_spikes_monkeyL_20131218.npz`),
  ),
  units = spikes.shape[1],
  starts = trial_offset.data,
  trials: Matrix[] = Array.from({ length: starts.length - 1 }, (_, k) =>
    tensor([starts[k + 1] - starts[k], units], spikes.data.slice(starts[k] * units, starts[k + 1] * units)),
  );

const folds = 2,
  stretch = 8,
  parts = 5;

/** 0 where an entry is hidden. */
function maskOf(fold: number): Matrix[] {
  const { shuffled } = random(1, "hidden units");
  return trials.map(({ shape }) => {
    const mask = tensor(shape, new Float64Array(shape[0] * units).fill(1));
    for (let first = 0; first < shape[0]; first += stretch) {
      const order = shuffled(Array.from({ length: units }, (_, j) => j));
      for (let t = first; t < Math.min(shape[0], first + stretch); t++)
        order.forEach((unit, place) => {
          if (place % parts === fold) mask.data[t * units + unit] = 0;
        });
    }
    return mask;
  });
}

/** Bits per hidden spike, beyond the mean counts of units where they are seen. */
function bitsPerSpike(mask: readonly Matrix[], rateAt: (trial: number, entry: number) => number): number {
  const sums = new Float64Array(units),
    seen = new Float64Array(units);
  mask.forEach(({ data }, k) => {
    data.forEach((one, i) => {
      sums[i % units] += one * trials[k].data[i];
      seen[i % units] += one;
    });
  });
  let nats = 0,
    count = 0;
  mask.forEach(({ data }, k) => {
    data.forEach((one, i) => {
      if (one === 1) return;
      const x = trials[k].data[i],
        mean = sums[i % units] / seen[i % units],
        rate = rateAt(k, i);
      nats += x * Math.log(rate / mean) - (rate - mean);
      count += x;
    });
  });
  return nats / count / Math.LN2;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length,
  masks = Array.from({ length: folds }, (_, fold) => maskOf(fold)),
  padded = padTrials(trials),
  bins = padded.activity.shape[1];

/** The mean score over folds and the CPU seconds of one fit. */
function scored(decompose: (mask: readonly Matrix[]) => (trial: number, entry: number) => number): string {
  const begin = process.cpuUsage(),
    scores = masks.map((mask) => bitsPerSpike(mask, decompose(mask))),
    { user, system } = process.cpuUsage(begin);
  return `${mean(scores).toFixed(4)} | ${((user + system) / 1e6 / folds).toFixed(1)}`;
}

console.log(`${trials.length} trials, ${starts[starts.length - 1]} bins of ${trials.length * bins} with padding`);
console.log("| model | rank | bits per hidden spike | CPU seconds a fit |\n|---|---|---|---|");
for (const rank of [1, 2, 3, 4]) {
  const score = scored((mask) => {
    const rates = parafac2Rates(
      parafac2Poisson(trials, rank, { mask, shortestPeriod: 8, ridge: 0.3, starts: 1, sweeps: 60, tolerance: 1e-5 }),
    );
    return (k, i) => rates[k].data[i];
  });
  console.log(`| Poisson PARAFAC2, no padding | ${rank} | ${score} |`);
}
// CP has no offsets: a component that is constant is one more
for (const rank of [2, 3, 4, 5, 9]) {
  const score = scored((mask) => {
    const seen = padTrials(mask).activity,
      observed = { shape: seen.shape, data: seen.data.map((one) => (one === 1 ? 1 : 0)) };
    const logs = cpToTensor(
      gcp(padded.activity, rank, { loss: "poissonLog", mask: observed, steps: 100, tolerance: 1e-5 }),
    );
    return (k, i) => Math.exp(logs.data[k * bins * units + i]);
  });
  console.log(`| Poisson CP, padded | ${rank} | ${score} |`);
}
