/**
 * How often 90 % intervals hold the truth on planted networks: the table of docs/trial-factors.md. Components are
 * matched, and trial factors brought to the scale of the truth. Fails where trial factors are held in less than 85 or
 * more than 95 of 100 trials, in the mean of the seeds of a setting: a single one tells it to about 3.
 */
import {
  bootstrapFit,
  fitLowTensorRank,
  matchFits,
  trialFactorUncertainty,
  type FitOptions,
  type LowTensorRankFit,
  type Tensor,
  type Tensor3,
} from "../src";
import { seenParameters, sightOf, type SeenParameters } from "../src/uncertainty/seen-parameters";
import { plantNetwork, type Planted } from "./planted-recovery";

const sizes = { units: 20, rank: 2, trials: 64, bins: 20, count: 4 };
/** Half the width of a 90 % interval, in standard deviations. */
const ninety = 1.6448536269514722;

console.log(
  "\n| noise | inputs | seed | columns | rows | trial factors | " +
    "by Laplace | initial states | refits | CPU seconds | status " +
    "|\n|---|---|---|---|---|---|---|---|---|---|---|",
);
const settings = [
  [0.1, "known"],
  ["counts", "known"],
  [0.1, "learned"],
] as const;
const seeds = [1, 2, 3];
for (const [noise, inputs] of settings) {
  const means = [0, 0];
  for (const seed of seeds) {
    const planted = plantNetwork(seed, noise, sizes),
      { activity, conditions, epochs } = planted;
    const options: FitOptions = {
        conditions,
        epochs,
        network: { tau: 4 },
        ...(inputs === "known" ? { inputs: withConstant(planted.inputs) } : {}), // the planted network has a bias
        decoder: noise === "counts" ? { kind: "identity", gain: "shared", bias: "learned" } : "identity",
        training: { starts: 1, ...(noise === "counts" ? { loss: { kind: "poisson", link: "exp" } } : {}) },
      },
      // intervals are about the solution that was found: the best of three starts that all went on to their end
      fits = await Promise.all([0, 1, 2].map((start) => fitLowTensorRank(activity, 2, { ...options, seed: start }))),
      fit = fits.reduce((best, other) => (other.loss < best.loss ? other : best)),
      fitOptions = { ...options, seed: fit.starts[0].seed };
    const { user, system } = process.cpuUsage(),
      { intervals, samples, status } = await bootstrapFit(fit, activity, { fitOptions, replicates: 100, seed: 1 }),
      after = process.cpuUsage(),
      seconds = (after.user + after.system - user - system) / 1e6;
    if (!intervals) {
      const told = [noise === "counts" ? "counts" : "10 %", inputs, seed, "", "", "", "", "", samples.length];
      console.log(`| ${[...told, seconds.toFixed(0), status].join(" | ")} |`); // all refits ended elsewhere
      continue;
    }
    const truth = truthIn(fit, planted),
      factors = scaledTo(intervals.trialFactors.estimate, truth.trialFactors);
    const held = (name: "columns" | "rows" | "initialStates") =>
      share(truth[name], intervals[name].lower, intervals[name].upper);
    const laplace = noise === "counts" ? undefined : trialFactorUncertainty(fit, activity),
      byLaplace = laplace && laplaceShare(laplace, fit, intervals.trialFactors.estimate, factors);
    const ofFactors = share(factors, intervals.trialFactors.lower, intervals.trialFactors.upper);
    means[0] += ofFactors / seeds.length;
    means[1] += (byLaplace ?? ofFactors) / seeds.length;
    const cells = [
      noise === "counts" ? "counts" : "10 %",
      inputs,
      seed,
      ...[
        held("columns"),
        held("rows"),
        ofFactors,
        byLaplace,
        noise === "counts" ? undefined : held("initialStates"),
      ].map((x) => (x === undefined ? "" : x.toFixed(2))),
      samples.length,
      seconds.toFixed(0),
      status,
    ];
    console.log(`| ${cells.join(" | ")} |`);
  }
  if (means.some((held) => held < 0.85 || held > 0.95)) process.exitCode = 1;
}

/** Inputs with a 1 beside them. */
function withConstant({ shape: [trials, time, count], data }: Tensor3): Tensor3 {
  const wide = new Float64Array((data.length / count) * (count + 1)).fill(1);
  for (let row = 0; row < trials * time; row++)
    wide.set(data.subarray(row * count, (row + 1) * count), row * (count + 1));
  return { shape: [trials, time, count + 1], data: wide };
}

/** The planted network in the gauge, order and signs of its fit. */
function truthIn(fit: LowTensorRankFit, { model, inputs }: Planted): SeenParameters {
  const planted = { ...fit, model, inputs },
    sight = sightOf("bench", fit);
  return seenParameters(
    planted,
    { ...sight, inputWeights: model.params.wIn }, // their own: inputs are not compared
    { match: matchFits(fit, planted), first: seenParameters(fit, sight) },
  );
}

/** Columns of the truth times what brings each to the estimate's size. */
function scaledTo(estimate: Tensor, truth: Tensor): Tensor {
  const columns = truth.shape[1],
    scales = Array.from({ length: columns }, (_, r) => {
      let [both, own] = [0, 0];
      for (let i = r; i < truth.data.length; i += columns) {
        both += truth.data[i] * estimate.data[i];
        own += truth.data[i] * truth.data[i];
      }
      return both / own;
    });
  return { shape: truth.shape, data: truth.data.map((x, i) => x * scales[i % columns]) };
}

function share({ data }: Tensor, lower: Tensor, upper: Tensor): number {
  return data.reduce((sum, x, i) => sum + (x >= lower.data[i] && x <= upper.data[i] ? 1 : 0), 0) / data.length;
}

/** Deviations of the fit's own scale, brought to that of the bootstrap. */
function laplaceShare(
  { factors, deviations }: { readonly factors: Tensor; readonly deviations: Tensor },
  { model }: LowTensorRankFit,
  estimate: Tensor,
  truth: Tensor,
): number {
  const { c } = model.params;
  const by = c.data.map((x, i) => estimate.data[i] / x);
  const end = (sign: number): Tensor => ({
    shape: c.shape,
    data: factors.data.map((x, i) => by[i] * x + sign * ninety * Math.abs(by[i]) * deviations.data[i]),
  });
  return share(truth, end(-1), end(1));
}
