import { expect, test } from "vitest";
import { fitLowTensorRank, fitLowTensorRankSteps, type FitOptions, type LowTensorRankFit } from "../../src/fit";
import { negativeBinomialLoss, poissonLoss } from "../../src/losses";
import { risingLog } from "../../src/losses/rising-log";
import type { Tensor3 } from "../../src/tensor";
import { bootstrapFit } from "../../src/uncertainty";
import { plantedCounts } from "../support/planted-counts";

const binWidth = 0.02,
  poisson = poissonLoss({ binWidth });

/** Minus the log likelihood of a neuron's counts with their expected means, in log s. */
const likelihoodOf =
  (counts: Tensor3, { prediction }: LowTensorRankFit, neurons: readonly number[]) =>
  (logS: number) => {
    const s = Math.exp(logS),
      size = counts.shape[2];
    let sum = 0;
    counts.data.forEach((n, i) => {
      if (!neurons.includes(i % size)) return;
      const mean = prediction.data[i];
      sum += (n + 1 / s) * Math.log1p(s * mean) - n * Math.log(mean) - risingLog(n, s)[0];
    });
    return sum;
  };

/** How far a learned dispersion is from a planted one, in standard errors of its logarithm. */
function distanceOf(learned: number, planted: number, likelihood: (logS: number) => number): number {
  const at = Math.log(learned),
    h = 1e-3,
    information = (likelihood(at + h) - 2 * likelihood(at) + likelihood(at - h)) / h / h;
  expect(information).toBeGreaterThan(0);
  expect(Math.abs(likelihood(at + h) - likelihood(at - h)) / 2 / h / information).toBeLessThan(0.05); // the least
  return (at - Math.log(planted)) * Math.sqrt(information);
}

test("planted dispersions are learned within their standard errors, by neuron and together", async () => {
  const dispersions = [0.15, 0.3, 0.6, 1.2, 0.15, 0.3, 0.6, 1.2, 0.5, 0.5],
    { counts, conditions, inputs } = plantedCounts(3, poisson, { trials: 60, units: 10, dispersions }),
    fitted = (dispersion: "neuron" | "shared", activity: Tensor3) =>
      fitLowTensorRank(activity, 1, {
        conditions,
        inputs,
        decoder: "identity",
        network: { tau: 3, trialKernel: { length: 12 } },
        training: { loss: negativeBinomialLoss({ dispersion, binWidth }), starts: 1 },
      });
  const own = await fitted("neuron", counts);
  expect(own.status).toBe("converged");
  expect(own.dispersion).toHaveLength(10);
  const distances = own.dispersion!.map((s, i) => distanceOf(s, dispersions[i], likelihoodOf(counts, own, [i])));
  expect(Math.max(...distances.map(Math.abs))).toBeLessThan(3);
  expect(Math.hypot(...distances) / Math.sqrt(10)).toBeLessThan(1.5);
  const same = plantedCounts(3, poisson, { trials: 60, units: 10, dispersions: new Array(10).fill(0.4) }),
    together = await fitted("shared", same.counts);
  expect(together.dispersion).toHaveLength(1);
  const all = Array.from({ length: 10 }, (_, i) => i);
  expect(Math.abs(distanceOf(together.dispersion![0], 0.4, likelihoodOf(same.counts, together, all)))).toBeLessThan(2);
  // of a Poisson's counts, far below what the mean adds to the variance
  const plain = plantedCounts(3, poisson, { trials: 60, units: 10 }),
    none = await fitted("shared", plain.counts);
  expect(none.dispersion![0]).toBeLessThan(0.02);
  // learning it pays: the likelihood of given ones, whose loss lacks what no parameter moves, is lower
  const given = await fitLowTensorRank(counts, 1, {
      conditions,
      inputs,
      decoder: "identity",
      network: { tau: 3, trialKernel: { length: 12 } },
      training: { loss: negativeBinomialLoss({ dispersion: own.dispersion!, binWidth }), starts: 1 },
    }),
    constant =
      counts.data.reduce((sum, n, i) => sum + risingLog(n, own.dispersion![i % 10])[0], 0) / counts.data.length;
  expect(given.loss - constant).toBeCloseTo(own.loss, 3);
}, 60_000);

test("learned dispersions on threads, in float32, under masks, resumed, with residuals drawn again", async () => {
  const dispersions = [0.3, 1, 0.5, 0.2],
    { counts, conditions } = plantedCounts(5, poisson, { trials: 20, steps: 6, units: 4, dispersions }),
    holes: Tensor3 = { shape: counts.shape, data: counts.data.map((_, i) => (i % 11 === 3 ? 0 : 1)) },
    validation: Tensor3 = { shape: counts.shape, data: holes.data.map((_, i) => (i % 22 === 3 ? 1 : 0)) },
    options: FitOptions = {
      conditions,
      mask: holes,
      validation,
      inputs: 1,
      network: { units: 5 },
      training: { loss: negativeBinomialLoss({ dispersion: "neuron", binWidth }), steps: 24, starts: 1 },
    },
    fitted = (training: FitOptions["training"]) =>
      fitLowTensorRank(counts, 1, { ...options, training: { ...options.training, ...training } });
  const one = await fitted({});
  const two = await fitted({ threads: 2 }),
    single = await fitted({ precision: "float32" });
  two.dispersion!.forEach((s, i) => expect(s / one.dispersion![i]).toBeCloseTo(1, 6));
  single.dispersion!.forEach((s, i) => expect(s / one.dispersion![i]).toBeCloseTo(1, 1));
  expect(one.dispersion!.every((s) => s !== 0.1 + 1e-10)).toBe(true);
  let half: LowTensorRankFit | undefined;
  for await (const step of fitLowTensorRankSteps(counts, 1, options)) {
    half = step;
    if (step.steps >= 10) break;
  }
  const resumed = await fitLowTensorRank(counts, 1, { ...options, start: structuredClone({ ...half! }) });
  expect(resumed.dispersion).toEqual(one.dispersion);
  expect(resumed.loss).toBe(one.loss);
  const drawn = await bootstrapFit(one, counts, { fitOptions: options, replicates: 2, updates: 3 });
  expect(drawn.samples.length).toBe(2);
  await expect(
    fitLowTensorRank(counts, 1, {
      training: { loss: negativeBinomialLoss({ dispersion: "neuron", logDispersion: [0, 1] }) },
    }),
  ).rejects.toThrow("training.loss with numbers for 4 neurons, got numbers for 2");
}, 60_000);
