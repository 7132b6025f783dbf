import { expect, test } from "vitest";
import { random } from "../../src/base";
import { fitLowTensorRank, predictTrials, type FitOptions } from "../../src/fit";
import { principalAngles } from "../../src/linalg";
import { negativeBinomialLoss, poissonLoss, type EntryLoss } from "../../src/losses";
import { simulate } from "../../src/run";
import type { Tensor3 } from "../../src/tensor";
import { close } from "../support/close";
import { plantedCounts } from "../support/planted-counts";
import { draw } from "../support/sweep";

const seconds = 0.02;

const correlation = (x: Float64Array, y: Float64Array) => {
  const mean = (v: Float64Array) => v.reduce((sum, value) => sum + value, 0) / v.length,
    [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - mx) * (y[i] - my);
    xx += (x[i] - mx) ** 2;
    yy += (y[i] - my) ** 2;
  }
  return xy / Math.sqrt(xx * yy);
};

test("a planted component is found from spike counts " +
  "of about one per " +
  "bin: rates, gain, columns, trial factor", async () => {
  const loss = poissonLoss({ binWidth: seconds }),
    { counts, means, conditions, inputs, model } = plantedCounts(4, loss);
  const perBin = counts.data.reduce((sum, n) => sum + n, 0) / counts.data.length;
  expect(perBin).toBeGreaterThan(0.7);
  expect(perBin).toBeLessThan(1.5);
  const fit = await fitLowTensorRank(counts, 1, {
    conditions,
    inputs,
    decoder: "identity",
    network: { tau: 3, trialKernel: { length: 12 } },
    training: { loss, starts: 2 },
    seed: 2,
  });
  expect(fit.status).toBe("converged");
  expect(correlation(fit.prediction.data, means.data)).toBeGreaterThan(0.97);
  expect(fit.model.params.readoutGain!.data[0] / 60).toBeGreaterThan(0.8);
  expect(fit.model.params.readoutGain!.data[0] / 60).toBeLessThan(1.25);
  expect(principalAngles(fit.model.params.a, model.params.a)[0]).toBeLessThan(0.35);
  expect(Math.abs(correlation(fit.model.params.c.data, model.params.c.data))).toBeGreaterThan(0.9);
  close(fit.firingRates!, { shape: means.shape, data: fit.prediction.data.map((n) => n / seconds) }, 1e-13);
  // no better than the truth could be: that of the rates that made the counts, less what parameters can fit of noise
  const truth =
    means.data.reduce((sum, mean, i) => sum + mean - counts.data[i] * Math.log(mean), 0) / means.data.length;
  expect(fit.loss).toBeLessThan(truth);
  expect(fit.loss).toBeGreaterThan(truth - 0.05);
}, 120_000);

test("counts are fitted on threads and in float32 as on one thread in float64, with every link", async () => {
  for (const loss of [
    poissonLoss({ binWidth: seconds }),
    poissonLoss({ link: "exp" }),
    negativeBinomialLoss({ dispersion: 0.3, binWidth: seconds }),
  ]) {
    const { counts, conditions } = plantedCounts(5, poissonLoss({ binWidth: seconds }), {
        trials: 20,
        steps: 6,
        units: 5,
      }),
      fitted = (training: FitOptions["training"]) =>
        fitLowTensorRank(counts, 1, {
          conditions,
          network: { units: 6 },
          training: { loss, steps: 12, starts: 1, ...training },
        });
    const one = await fitted({}),
      two = await fitted({ threads: 2 }),
      single = await fitted({ precision: "float32" });
    close(two.prediction, one.prediction, 1e-9);
    close(single.prediction, one.prediction, 1e-2);
    expect(one.loss).toBeLessThan(one.starts[0].trace.losses[0]);
  }
});

test("counts that vary more than a Poisson's have the " +
  "variance that " +
  "the dispersion says, and others do not", async () => {
  const loss = poissonLoss({ binWidth: seconds }),
    { counts, conditions, inputs, means } = plantedCounts(6, loss, { trials: 24 }),
    { normal } = random(7, "gains");
  // every trial and neuron has a gain of its own: counts vary more than a Poisson's
  const gains = Array.from({ length: 24 * 12 }, () => Math.exp(0.7 * normal())),
    { uniform } = random(8, "spikes");
  const varied: Tensor3 = {
    shape: means.shape,
    data: means.data.map((mean, i) => {
      const rate = mean * gains[Math.floor(i / 180) * 12 + (i % 12)];
      let n = 0;
      for (let p = Math.exp(-rate), rest = uniform() - p; rest > 0; rest -= p) p *= rate / ++n;
      return n;
    }),
  };
  const fitted = (activity: Tensor3, dispersion: number) =>
    fitLowTensorRank(activity, 1, {
      conditions,
      inputs,
      decoder: "identity",
      network: { tau: 3 },
      training: { loss: negativeBinomialLoss({ dispersion, binWidth: seconds }), starts: 1, steps: 150 },
    });
  /** How far counts are from what is expected, in units of what the dispersion says: 1 where it is right. */
  const excess = ({ prediction }: { prediction: Tensor3 }, { data }: Tensor3, dispersion: number) =>
    data.reduce((sum, n, i) => {
      const mean = prediction.data[i];
      return sum + (n - mean) ** 2 / (mean + dispersion * mean * mean);
    }, 0) / data.length;
  const plain = excess(await fitted(counts, 1e-8), counts, 0); // below 1: parameters fit some of the noise
  expect(plain).toBeGreaterThan(0.8);
  expect(plain).toBeLessThan(1.05);
  const much = await fitted(varied, 0.6);
  expect(excess(much, varied, 0)).toBeGreaterThan(1.4);
  expect(Math.abs(excess(much, varied, 0.6) - 1)).toBeLessThan(0.25);
}, 120_000);

test("new trials are predicted in counts", async () => {
  const { counts, conditions } = plantedCounts(7, poissonLoss({ binWidth: seconds }), {
      trials: 18,
      steps: 6,
      units: 5,
    }),
    fit = await fitLowTensorRank(counts, 1, {
      conditions,
      network: { units: 4 },
      training: { loss: poissonLoss({ binWidth: seconds }), steps: 20, starts: 1 },
    }),
    known = predictTrials(fit, { times: conditions.map((_, k) => k), conditions });
  if (known.status !== "predicted") throw new Error(known.because);
  close(known.prediction, fit.prediction, 1e-4); // of the trials that were fitted, up to the jitter of the prior
  const next = predictTrials(fit, { times: [18, 19], conditions: [0, 1] });
  if (next.status !== "predicted") throw new Error(next.because);
  expect(next.prediction.data.every((mean) => mean > 0)).toBe(true);
});

test("a loss of entries that a user writes is fitted in the activity's unit, by the curvature it says", async () => {
  const d = draw(9),
    activity: Tensor3 = { shape: [8, 6, 3], data: d.normal([8, 6, 3]).data.map((x) => 500 + 40 * x) };
  /** Quadratic up to 20, and linear from there. */
  const huber = (information?: (y: number) => number): EntryLoss => ({
    kind: "huber",
    description: { kind: "huber", delta: 20 },
    entry(y, target) {
      const e = y - target,
        size = Math.abs(e);
      return size <= 20 ? [e * e * 0.5, e] : [20 * (size - 10), 20 * Math.sign(e)];
    },
    ...(information ? { information } : {}),
  });
  const fitted = (loss: EntryLoss, threads = 1) =>
    fitLowTensorRank(activity, 1, { network: { units: 5 }, training: { loss, steps: 40, starts: 1, threads } });
  for (const loss of [huber(), huber(() => 1)]) {
    const fit = await fitted(loss),
      own =
        fit.prediction.data.reduce((sum, y, i) => sum + loss.entry(y, activity.data[i])[0], 0) / activity.data.length;
    expect(fit.loss / own).toBeCloseTo(1, 10);
    expect(fit.loss).toBeLessThan(0.9 * fit.starts[0].trace.losses[0]);
    expect(fit.provenance.facts.loss).toEqual({ kind: "huber", delta: 20 });
    expect((fit.checkpoint.optimizer as { kind: string }).kind).toBe(loss.information ? "scaleByCurvature" : "chain");
    const { outputs } = simulate(fit.model, fit.inputs, { dt: fit.dt, conditions: fit.conditions });
    close(outputs, fit.prediction, 1e-12);
  }
  await expect(fitted(huber(), 2)).rejects.toThrow("no head and no custom loss on more than one thread, got huber");
});
