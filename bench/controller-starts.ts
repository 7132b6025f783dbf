/**
 * The race of ways to fit controllers, on a recording that bench/peers/paper_fit.py wrote: the first folder of
 * LTRNN_PAPER. Held-out errors after CPU seconds, of three seeds. `npm run bench -- controller-starts`.
 */
import {
  adam,
  chain,
  clipByNorm,
  cosineDecay,
  followedBy,
  lbfgs,
  scaleByCurvature,
  type GradientTransform,
} from "ltrnn";
import { curveOf, lowestOf } from "./paper-recording";

const [folder] = (process.env.LTRNN_PAPER ?? "").split(",");
if (!folder) throw new Error("LTRNN_PAPER names no folder: run bench/peers/paper_fit.py first.");
const search = () => scaleByCurvature(lbfgs({ memory: 20 })),
  descent = (steps: number) => chain(clipByNorm(1), adam(cosineDecay(0.06, { steps, warmup: 10, floor: 0.02 })));
// of fewer than 150 updates, a fit begins with controllers at random
const ways: readonly (readonly [name: string, optimizer: GradientTransform, steps: number])[] = [
  ["controllers at random, L-BFGS", search(), 149],
  ["controllers at random, Adam", descent(149), 149],
  [
    "controllers at random, 75 updates of Adam, then L-BFGS",
    followedBy(descent(75), search(), { after: 75 }) as never,
    149,
  ],
  ["free inputs, then controllers that follow them, L-BFGS", search(), 150],
];
const after = [2, 4, 8];
console.log(
  `| way | seed | ${after.map((s) => `${s} s`).join(" | ")} | lowest | after |\n|---|---|---|---|---|---|---|`,
);
for (const [name, optimizer, steps] of ways)
  for (const seed of [1, 2, 3]) {
    const curve = await curveOf(folder, optimizer, seed, { steps }),
      low = lowestOf(curve);
    const errors = after.map((limit) => {
      const seen = curve.filter(([at]) => at <= limit);
      return seen.length > 0 ? lowestOf(seen)[1].toFixed(4) : "";
    });
    console.log(`| ${[name, seed, ...errors, low[1].toFixed(4), `${low[0].toFixed(1)} s`].join(" | ")} |`);
  }
