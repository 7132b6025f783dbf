/**
 * Which race of starts finds a planted network where all inputs are known, and at which cost: a table of
 * docs/decisions/9. Every start goes on to its own end once; races are read off its losses. `npm run bench --
 * known-starts`.
 */
import { fitLowTensorRank, tensor, type FitOptions, type Tensor3 } from "ltrnn";
import { plantNetwork } from "./planted-recovery";

/** A start on its own: its losses after every update, and whether it ends within a tenth of the noise. */
interface Start {
  readonly losses: readonly number[];
  readonly found: boolean;
}

/** Inputs with a 1 beside them: the planted network has a bias. */
function withConstant({ shape: [trials, time, count], data }: Tensor3): Tensor3 {
  const wide = new Float64Array((data.length / count) * (count + 1)).fill(1);
  for (let row = 0; row < trials * time; row++)
    wide.set(data.subarray(row * count, (row + 1) * count), row * (count + 1));
  return tensor([trials, time, count + 1], wide);
}

async function startsOf(seed: number, count: number, sizes: Parameters<typeof plantNetwork>[2]): Promise<Start[]> {
  const { activity, clean, conditions, epochs, inputs } = plantNetwork(seed, 0.1, sizes),
    noise = activity.data.reduce((sum, x, i) => sum + (x - clean.data[i]) ** 2, 0) / activity.data.length;
  const options: FitOptions = {
      conditions,
      epochs,
      decoder: "identity",
      network: { tau: 4 },
      inputs: withConstant(inputs),
    },
    starts: Start[] = [];
  for (let start = 0; start < count; start++) {
    const fit = await fitLowTensorRank(activity, sizes?.rank ?? 3, {
      ...options,
      seed: start,
      training: { starts: 1 },
    });
    starts.push({ losses: fit.starts[0].trace.losses, found: fit.loss < (1.1 * noise) / 2 });
  }
  return starts;
}

/** Successive halving of these starts, with so many updates a stage: the winner, and the updates of all. */
function race(starts: readonly Start[], stage: number): { readonly winner: Start; readonly updates: number } {
  const at = ({ losses }: Start, step: number) => losses[Math.min(step, losses.length - 1)];
  let alive = [...starts],
    updates = 0,
    done = 0;
  while (alive.length > 1) {
    for (const { losses } of alive) updates += Math.max(0, Math.min(stage, losses.length - 1 - done));
    done += stage;
    alive = alive.sort((p, q) => at(p, done) - at(q, done)).slice(0, Math.ceil(alive.length / 2));
  }
  return { winner: alive[0], updates: updates + Math.max(0, alive[0].losses.length - 1 - done) };
}

const settings = [
  [
    "20 units, rank 2, 64 trials",
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    6,
    { units: 20, rank: 2, trials: 64, bins: 20, count: 4 },
  ],
  ["60 units, rank 3, 120 trials", [1, 2, 3, 4, 5], 4, {}],
] as const;
console.log("| networks | starts | updates a stage | found | updates in all, mean |\n|---|---|---|---|---|");
for (const [name, seeds, count, sizes] of settings) {
  const planted: Start[][] = [];
  for (const seed of seeds) planted.push(await startsOf(seed, count, sizes));
  for (const [starts, stage] of [
    [1, 0],
    ...[2, 3, 4].flatMap((starts) => [50, 100, 150, 200].map((stage) => [starts, stage] as const)),
  ] as const) {
    // every start of a network leads one race
    const races = planted.flatMap((own) =>
        own.map((_, first) => race(own.map((_, i) => own[(first + i) % count]).slice(0, starts), stage)),
      ),
      updates = races.reduce((sum, { updates }) => sum + updates, 0) / races.length,
      found = races.filter(({ winner }) => winner.found).length;
    console.log(`| ${[name, starts, stage || "", `${found} of ${races.length}`, updates.toFixed(0)].join(" | ")} |`);
  }
}
