import { random } from "../../src/base";
import { drawWeights } from "../../src/fit/draw-weights";
import { expectedTargets, type EntryLoss } from "../../src/losses";
import { gaussianTrialFactors, smoothModel, trialCovariance } from "../../src/parts";
import { simulate } from "../../src/run";
import { tensor, zeros, type Tensor3 } from "../../src/tensor";
import { draw } from "./sweep";

/** Counts of an ltrRNN whose rates are read by one gain and a bias. */
export function plantedCounts(
  seed: number,
  loss: EntryLoss,
  {
    trials = 48,
    steps = 15,
    units = 12,
    gain = 60,
    bias = 50,
    dispersions,
  }: {
    readonly trials?: number;
    readonly steps?: number;
    readonly units?: number;
    readonly gain?: number;
    readonly bias?: number;
    /** of each unit, which negative binomial counts are drawn with; absent: a Poisson's */
    readonly dispersions?: readonly number[];
  } = {},
) {
  const d = draw(seed),
    conditions = Array.from({ length: trials }, (_, k) => k % 3),
    factors = gaussianTrialFactors(
      trialCovariance(
        conditions.map((_, k) => k),
        { length: 12, sigma: 6 },
      ),
    );
  const weights = drawWeights({ units, rank: 1, staticRank: 0, inputs: 2, span: "free" }, seed),
    free = { ...weights, m: tensor([1], [1]), z: d.normal([trials, 1]), x0: d.normal([3, units]) },
    [model] = smoothModel(free, factors, { tau: 3 });
  const u = d.normal([3, steps, 2]),
    inputs = zeros([trials, steps, 2]);
  conditions.forEach((condition, k) =>
    inputs.data.set(u.data.subarray(condition * steps * 2, (condition + 1) * steps * 2), k * steps * 2),
  );
  const { outputs } = simulate(model, inputs, { dt: 1, conditions }),
    z: Tensor3 = { shape: outputs.shape, data: outputs.data.map((h) => gain * h + bias) },
    means = expectedTargets(z, loss),
    { uniform } = random(seed, "spikes");
  /** By counting up to a uniform number. */
  const drawn = (mean: number, s: number) => {
    let count = 0,
      probability = s > 0 ? (1 + s * mean) ** (-1 / s) : Math.exp(-mean);
    for (let rest = uniform() - probability; rest > 0; rest -= probability) {
      probability *= (mean * (1 + s * count)) / ((count + 1) * (1 + s * mean));
      count++;
    }
    return count;
  };
  const counts: Tensor3 = {
    shape: means.shape,
    data: means.data.map((mean, i) => drawn(mean, dispersions?.[i % units] ?? 0)),
  };
  return { model, conditions, inputs, counts, means };
}
