import { expect, test } from "vitest";
import { fitLowTensorRank, predictTrials, type FitOptions } from "../../src/fit";
import { freeTrialFactors, randomWalkTrialFactors } from "../../src/parts";
import { LowTensorRankRNN } from "../../src/models";
import { simulate } from "../../src/run";
import { zeros, type Tensor3 } from "../../src/tensor";
import { draw } from "../support/sweep";

const [trials, bins, neurons] = [30, 8, 5];

/** A recording in two conditions and two epochs, whose weights change smoothly. */
function recording() {
  const d = draw(3),
    c = zeros([trials, 2]);
  for (let k = 0; k < trials; k++) c.data.set([Math.sin(k / 6) + (k < 15 ? 0 : 1), Math.cos(k / 9)], 2 * k);
  const conditions = Array.from({ length: trials }, (_, k) => (k % 2 === 0 ? "left" : "right")),
    course = [d.normal([bins, 1]), d.normal([bins, 1])],
    inputs = zeros([trials, bins, 1]);
  for (let k = 0; k < trials; k++) inputs.data.set(course[k % 2].data, k * bins);
  const model = new LowTensorRankRNN(
      {
        a: d.normal([neurons, 2]),
        b: d.normal([neurons, 2], 0.5),
        c,
        wIn: d.normal([neurons, 1]),
        x0: d.normal([1, neurons], 0.4),
      },
      { tau: 3 },
    ),
    { outputs } = simulate(model, inputs, { dt: 1 }),
    activity: Tensor3 = { shape: outputs.shape, data: outputs.data.map((y) => y + 0.02 * d.normal([1]).data[0]) };
  return { activity, conditions, epochs: conditions.map((_, k) => (k < 15 ? "base" : "field")), inputs };
}

const { activity, conditions, epochs, inputs } = recording();
const options: FitOptions = {
  conditions,
  epochs,
  inputs: 1,
  decoder: "identity",
  network: { tau: 3, trialKernel: { length: 6 } },
  training: { steps: 150, starts: 1 },
};
const at = (x: Tensor3, trial: number) => x.data.subarray(trial * bins * neurons, (trial + 1) * bins * neurons);

test("at the times of fitted trials it says what the fit says, with little variance; far off a constant", async () => {
  const fit = await fitLowTensorRank(activity, 2, { ...options, network: { ...options.network, staticRank: 1 } }),
    some = [4, 21, 7],
    found = predictTrials(fit, {
      times: some,
      conditions: some.map((k) => conditions[k]),
      epochs: some.map((k) => epochs[k]),
    });
  if (found.status === "refused") throw new Error(found.because);
  some.forEach((k, i) => {
    // the prior's jitter, 1e-6 of its variance, keeps it from being exact
    for (let r = 0; r < 2; r++) {
      expect(found.trialFactors.mean.data[2 * i + r]).toBeCloseTo(fit.model.params.c.data[3 * k + r], 3);
      expect(found.trialFactors.variance.data[2 * i + r]).toBeLessThan(1e-4);
    }
    const [ours, theirs] = [at(found.prediction, i), at(fit.prediction, k)];
    ours.forEach((y, j) => expect(Math.abs(y - theirs[j])).toBeLessThan(2e-3));
  });
  const far = predictTrials(fit, { times: [1000], epochs: ["field"] });
  if (far.status === "refused") throw new Error(far.because);
  expect(far.trialFactors.variance.data.every((v) => v > 0.9)).toBe(true);
});

test(
  "trials between those that were fitted are predicted better " + "than by their neighbors' mean prediction",
  async () => {
    const left = [9, 20], // whole trials that the fit never sees
      mask = {
        shape: activity.shape,
        data: activity.data.map((_, i) => (left.includes(Math.floor(i / bins / neurons)) ? 0 : 1)),
      },
      fit = await fitLowTensorRank(activity, 2, { ...options, mask }),
      found = predictTrials(fit, {
        times: left,
        conditions: left.map((k) => conditions[k]),
        epochs: left.map((k) => epochs[k]),
      });
    if (found.status === "refused") throw new Error(found.because);
    left.forEach((k, i) => {
      const truth = at(activity, k),
        miss = (y: Float64Array) => truth.reduce((sum, x, j) => sum + (x - y[j]) ** 2, 0);
      const sameCondition = (j: number) => conditions[j] === conditions[k] && !left.includes(j),
        all = Array.from({ length: trials }, (_, j) => j).filter(sameCondition),
        mean = truth.map((_, j) => all.reduce((sum, other) => sum + at(activity, other)[j] / all.length, 0));
      expect(miss(at(found.prediction, i))).toBeLessThan(0.3 * miss(mean));
    });
  },
);

test("a walk goes on with growing variance; free factors say nothing of new trials, with the reason", async () => {
  const walk = await fitLowTensorRank(activity, 1, {
      ...options,
      network: { tau: 3, trialKernel: randomWalkTrialFactors(conditions.map((_, k) => k)) },
    }),
    next = predictTrials(walk, { times: [30, 40], conditions: ["left", "right"] });
  if (next.status === "refused") throw new Error(next.because);
  expect(next.trialFactors.variance.data[1]).toBeGreaterThan(next.trialFactors.variance.data[0]);
  const free = await fitLowTensorRank(activity, 1, {
    ...options,
    network: { tau: 3, trialKernel: freeTrialFactors(trials) },
  });
  expect(predictTrials(free, { times: [30] })).toMatchObject({ status: "refused" });
});

test("known inputs must be given, and what was not fitted is refused by name", async () => {
  const fit = await fitLowTensorRank(activity, 1, { ...options, inputs, training: { steps: 5, starts: 1 } });
  expect(() => predictTrials(fit, { times: [3], epochs: ["base"] })).toThrow(
    "predictTrials: expected trials.inputs, since",
  );
  const given = predictTrials(fit, { times: [3], epochs: ["base"], inputs: zeros([1, bins, 1]) });
  expect(given.status).toBe("predicted");
  const learned = await fitLowTensorRank(activity, 1, { ...options, training: { steps: 5, starts: 1 } });
  expect(() => predictTrials(learned, { times: [3], conditions: ["up"], epochs: ["base"] })).toThrow(
    "predictTrials: expected conditions that were fitted: left, right",
  );
  expect(() => predictTrials(learned, { times: [3], conditions: ["left", "left"], epochs: ["base"] })).toThrow(
    "expected 1 conditions",
  );
  expect(() => predictTrials(learned, { times: [3], epochs: ["base"], inputs: zeros([1, bins, 2]) })).toThrow(
    "expected inputs (1 × 8 × 1)",
  );
  expect(() => predictTrials({} as never, { times: [3] })).toThrow(
    "predictTrials: expected fit to be what fitLowTensorRank gave",
  );
});
