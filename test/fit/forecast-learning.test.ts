import { expect, test } from "vitest";
import { forecastLearning } from "../../src/fit";
import { explained } from "../../src/scores";
import type { Tensor3 } from "../../src/tensor";
import { plantedActivity } from "../support/planted-fit";

const trials = 36,
  known = 28,
  world = () =>
    plantedActivity(3, {
      trials,
      steps: 8,
      units: 6,
      rank: 1,
      conditions: 2,
      noise: 0.1,
      trialKernel: { kernel: "rbf", length: 12, sigma: 2, noise: 0.01 },
    });
const fit = {
  decoder: "identity" as const,
  network: { trialKernel: { kernel: "rbf" as const, length: 12, sigma: 2, noise: 0.01 } },
  training: { steps: 150, starts: 1 },
};

test("where learning follows its prior, the forecast beats no learning; rows share their entries", async () => {
  const { activity, conditions } = world(),
    options = { known, conditions, fit, block: 4 },
    found = await forecastLearning(activity, 1, options),
    of = (name: string) => found.rows.find(({ forecaster }) => forecaster === name);
  expect(found.rows.map(({ forecaster }) => forecaster)).toEqual([
    "prior",
    "lastFactors",
    "lastValue",
    "kernel",
    "noLearning",
  ]);
  expect(of("prior")?.blocks).toHaveLength(2);
  expect(of("prior")?.score).toBeGreaterThan(of("noLearning")?.score ?? NaN);
  // every score is that of its own prediction
  const size = activity.data.length / trials,
    train = { shape: activity.shape, data: activity.data.map((_, i) => (i < known * size ? 1 : 0)) } as Tensor3,
    over = { shape: activity.shape, data: train.data.map((entry) => 1 - entry) } as Tensor3;
  for (const { prediction, score } of found.rows) {
    const whole = { shape: activity.shape, data: activity.data.slice() } as Tensor3;
    whole.data.set(prediction?.data ?? [], known * size);
    expect(score).toBe(explained(activity, whole, { train, over }).total);
  }
  // the last value of each condition is the activity of its last known trial
  const last = of("lastValue")?.prediction?.data ?? new Float64Array();
  expect(Array.from(last.subarray(0, 2 * size))).toEqual(
    Array.from(activity.data.subarray((known - 2) * size, known * size)),
  );
});

test("trials to come change no forecast, and a prior that says nothing of them is a row with its reason", async () => {
  const { activity, conditions } = world(),
    size = activity.data.length / trials,
    other = { shape: activity.shape, data: activity.data.map((x, i) => (i < known * size ? x : -x)) } as Tensor3,
    quick = { ...fit, training: { steps: 5, starts: 1 } },
    [p, q] = [
      await forecastLearning(activity, 1, { known, conditions, fit: quick }),
      await forecastLearning(other, 1, { known, conditions, fit: quick }),
    ];
  p.rows.forEach(({ prediction }, i) => expect(q.rows[i].prediction).toEqual(prediction));
  const { freeTrialFactors } = await import("../../src/parts");
  const free = await forecastLearning(activity, 1, {
    known,
    conditions,
    fit: { ...quick, network: { trialKernel: freeTrialFactors(known) } },
  });
  expect(free.rows[0]).toMatchObject({ forecaster: "prior", score: null, prediction: null });
  expect(free.rows[0].reason).toMatch(/\w/);
  expect(free.rows[4].score).not.toBeNull();
});

test("wrong calls are refused before anything is fitted", async () => {
  const { activity, conditions } = world();
  await expect(forecastLearning(activity, 1, { known: trials })).rejects.toThrow(
    /^forecastLearning: expected known below/,
  );
  await expect(
    forecastLearning(activity, 1, { known, conditions: conditions.map((c, k) => (k === 35 ? 9 : c)) }),
  ).rejects.toThrow(/^forecastLearning: expected a known trial of every condition/);
  await expect(forecastLearning(activity, 1, { known, fit: { mask: activity } as never })).rejects.toThrow(
    /^forecastLearning: expected fit without masks/,
  );
});
