import { expect, test } from "vitest";
import { fitLowTensorRank, fitLowTensorRankSteps, type FitOptions } from "../../src/fit";
import type { InputsOption } from "../../src/fit/inputs-option";
import { fixedTrialFactors, gaussianTrialFactors, smoothModel, trialCovariance } from "../../src/parts";
import { poissonLoss } from "../../src/losses";
import { holdOut, observedMask } from "../../src/masks";
import { varianceExplained } from "../../src/scores";
import { fitObjective } from "../../src/fit/fit-objective";
import { drawWeights } from "../../src/fit/draw-weights";
import { poseFit } from "../../src/fit/pose-fit";
import { readFitOptions } from "../../src/fit/fit-options";
import { principalAngles } from "../../src/linalg";
import { simulate } from "../../src/run";
import { mapParams, tensor, zeros, type Tensor3 } from "../../src/tensor";
import { draw, sweep, type Draw } from "../support/sweep";
import { close } from "../support/close";
import { gradcheck } from "../support/gradcheck";

test(
  "every gradient of the fit passes finite differences: factors, " +
    "whitened trial factors, constants, inputs, decoder",
  () =>
    sweep((d) => {
      const trials = d.int(4, 9),
        time = d.int(2, 5),
        preparation = d.int(0, 2),
        conditions = Array.from({ length: trials }, (_, k) => k % 2),
        neurons = d.int(2, 4),
        kind = (["linear", "orthogonal", "identity"] as const)[d.int(0, 2)],
        gain = (["fixed", "shared", "learned"] as const)[d.int(0, 2)],
        bias = (["fixed", "learned"] as const)[d.int(0, 1)],
        loss = ([undefined, poissonLoss({ binWidth: 0.1 }), poissonLoss({ gain: 2, link: "exp" })] as const)[
          d.int(0, 2)
        ],
        rates = d.normal([trials, time, neurons], 0.3),
        activity: Tensor3 = loss
          ? { shape: rates.shape, data: rates.data.map((x) => Math.floor(9 * Math.abs(x))) }
          : rates,
        mask = zeros(activity.shape);
      for (let index = 0; index < mask.data.length; index++) mask.data[index] = d.int(0, 2) > 0 || index < 12 ? 1 : 0;
      const given = readFitOptions("test", {
        mask,
        conditions,
        epochs: conditions.map((_, k) => k < 3),
        inputs: anyInputs(d, trials, time + preparation),
        decoder: { kind, gain, bias },
        network: {
          ...(kind === "identity" ? {} : { units: d.int(2, 5) }),
          ...(d.int(0, 1) === 1 ? { phi: "tanh" } : { phi: "identity", trialKernel: { length: 3 } }),
          staticRank: ([0, 1, 2, "full"] as const)[d.int(0, 3)],
          filter: loss === undefined && d.int(0, 1) === 1,
          span: d.int(0, 1) === 1 ? "free" : "columns",
          initialStates: (["shared", "condition", { sigma: 0.3 }] as const)[d.int(0, 2)],
          preparation,
        },
        training: {
          ...(loss ? { loss } : {}),
          penalties: {
            noiseShare: d.int(0, 1) === 1 ? 0 : 0.5,
            rates: { l2: 0.2 * d.int(0, 1) },
            trialFactors: { l1: 0.1 * d.int(0, 1), l2: 0.3 * d.int(0, 1) },
          },
        },
      });
      const problem = poseFit("test", activity, d.int(1, 2), given),
        objective = fitObjective("test", problem),
        start = problem.start(d.seed);
      const params = mapParams(start, (data) => data.map((x) => x + 0.3 * d.normal([1]).data[0]));
      gradcheck((moved) => objective(moved, 0).loss, params, objective(params, 0).gradients, d.normal);
    }, 60),
);

/** Any form of the option `inputs`; several stand side by side. */
function anyInputs(d: Draw, trials: number, bins: number): FitOptions["inputs"] {
  const known = () => d.normal([trials, bins, d.int(1, 2)]),
    penalty = () => (d.int(0, 1) === 1 ? { l1: 0.2, l2: 0.3 } : {}),
    until = () => (d.int(0, 1) === 1 ? { until: 1 } : {});
  const forms: readonly (() => InputsOption)[] = [
    () => 2,
    known,
    () => ({ count: 2, ...until(), ...penalty() }),
    () => ({ count: 1, smoothness: 2, ...until(), ...penalty() }),
    () => ({ count: 0, changing: 2, ...until(), ...penalty() }),
    () => ({
      count: d.int(0, 1),
      changing: 1,
      smoothness: { length: 2, kernel: "matern32" },
      trialKernel: fixedTrialFactors(trials),
      ...penalty(),
    }),
    () => ({ count: 2, controller: { units: 3, layers: [2], tau: 3 }, changing: d.int(0, 1), ...penalty() }),
  ];
  const any = () => forms[d.int(0, forms.length - 1)]();
  return d.int(0, 2) > 0 ? any() : [any(), any()];
}

/** Activity of an ltrRNN with smooth trial factors: what a fit has to find again. */
function planted(seed: number, { trials = 40, steps = 15, units = 12, noise = 0 } = {}) {
  const d = draw(seed),
    conditions = Array.from({ length: trials }, (_, k) => k % 3);
  const start = drawWeights({ units, rank: 1, staticRank: 0, inputs: 2, span: "free" }, seed),
    m = tensor([1], [0]),
    z = d.normal([trials, 1]);
  const factors = gaussianTrialFactors(
    trialCovariance(
      conditions.map((_, k) => k),
      { length: 10, sigma: 4 },
    ),
  );
  const [model] = smoothModel({ ...start, m, z, x0: d.normal([3, units]) }, factors, { tau: 3 });
  const u = d.normal([3, steps, 2]),
    inputs = zeros([trials, steps, 2]);
  conditions.forEach((condition, k) =>
    inputs.data.set(u.data.subarray(condition * steps * 2, (condition + 1) * steps * 2), k * steps * 2),
  );
  const clean = simulate(model, inputs, { dt: 1, conditions }).outputs;
  return {
    model,
    conditions,
    inputs,
    clean,
    activity: { shape: clean.shape, data: clean.data.map((x) => x + noise * d.normal([1]).data[0]) } as Tensor3,
  };
}

test("a planted component is found from activity alone: held-out boxes, column space, trial factor", async () => {
  const { activity, clean, conditions, inputs, model } = planted(3, { noise: 0.05 });
  const split = holdOut(observedMask(activity), { half: [2, 2, 3], seed: 1 });
  const hidden: Tensor3 = {
    shape: activity.shape,
    data: activity.data.map((x, at) => (split.test.data[at] === 0 ? x : NaN)),
  }; // what is tested cannot be read
  const fit = await fitLowTensorRank(hidden, 1, {
    mask: split.train,
    validation: split.validation,
    conditions,
    inputs,
    decoder: "identity",
    network: { tau: 3, trialKernel: { length: 10 } },
    training: { steps: 400, starts: 3 },
    seed: 2,
  });
  expect(varianceExplained(clean, fit.prediction, { train: split.train, over: split.test })).toBeGreaterThan(0.98);
  expect(principalAngles(fit.model.params.a, model.params.a)[0]).toBeLessThan(0.15);
  const [c, truth] = [fit.model.params.c.data, model.params.c.data],
    mean = (x: Float64Array) => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [mc, mt] = [mean(c), mean(truth)],
    cov = c.reduce((sum, value, k) => sum + (value - mc) * (truth[k] - mt), 0);
  const correlation =
    cov /
    Math.sqrt(c.reduce((s, value) => s + (value - mc) ** 2, 0) * truth.reduce((s, value) => s + (value - mt) ** 2, 0));
  expect(Math.abs(correlation)).toBeGreaterThan(0.95);
  // the model is all there is to the prediction
  close(simulate(fit.model, fit.inputs, { dt: fit.dt, conditions: fit.conditions }).outputs, fit.prediction, 1e-12);
}, 120_000);

test("with a linear decoder, the prediction is in the activity's unit and the model makes it", async () => {
  const { activity, conditions } = planted(4, { trials: 20, steps: 8 }),
    scaled: Tensor3 = { shape: activity.shape, data: activity.data.map((x, at) => 500 * x + 1000 * (at % 12)) };
  const fit = await fitLowTensorRank(scaled, 2, {
    conditions,
    network: { units: 20 },
    training: { steps: 150, starts: 1 },
  });
  expect(fit.prediction.shape).toEqual(activity.shape);
  expect(
    varianceExplained(scaled, fit.prediction, { train: observedMask(scaled), over: observedMask(scaled) }),
  ).toBeGreaterThan(0.9);
  close(simulate(fit.model, fit.inputs, { dt: fit.dt, conditions: fit.conditions }).outputs, fit.prediction, 1e-12);
  const half = scaled.data.reduce((sum, x, at) => sum + (x - fit.prediction.data[at]) ** 2, 0) / 2 / scaled.data.length;
  expect(Math.abs(fit.loss / half - 1)).toBeLessThan(1e-10);
});

test("one seed gives one fit, bit for bit; starts are halved; progress is reported; a signal stops it", async () => {
  const { activity, conditions } = planted(5, { trials: 12, steps: 6, units: 5 }),
    options = { conditions, decoder: "identity", training: { steps: 25, starts: 4 }, seed: 9 } as const;
  const steps = [];
  for await (const now of fitLowTensorRankSteps(activity, 1, options)) steps.push(now);
  const end = steps.at(-1)!;
  expect(end.status).toBe("exhausted");
  expect(end.starts.filter((start) => start.dropped).length).toBe(3);
  expect(end.starts.map((start) => start.status).sort()).toEqual(["exhausted", "exhausted", "exhausted", "exhausted"]);
  expect(end.steps).toBe(end.stepsAtMost);
  expect(steps.length).toBeGreaterThan(4);
  expect(steps.slice(0, -1).every((now) => now.status === "running")).toBe(true);
  const again = await fitLowTensorRank(activity, 1, options);
  expect(again.model.toJSON()).toEqual(end.model.toJSON());
  expect(again.prediction).toEqual(end.prediction);
  expect((await fitLowTensorRank(activity, 1, { ...options, seed: 20 })).prediction).not.toEqual(end.prediction);
  expect(
    (
      await fitLowTensorRank(activity, 1, {
        ...options,
        training: { ...options.training, signal: AbortSignal.abort() },
      })
    ).status,
  ).toBe("aborted");
});

test("the number of updates is known before, for any number of starts", async () => {
  const { activity, conditions } = planted(6, { trials: 6, steps: 4, units: 3 });
  for (const starts of [1, 2, 3, 5, 6]) {
    const { steps, stepsAtMost } = await fitLowTensorRank(activity, 1, {
      conditions,
      decoder: "identity",
      training: { steps: 11, starts },
    });
    expect(steps, `${starts} starts`).toBe(stepsAtMost);
  }
});

test("where no inputs are learned, more starts race for longer, and the winner has more updates", async () => {
  const { activity, conditions } = planted(6, { trials: 6, steps: 4, units: 3 }),
    known = zeros([6, 4, 1]);
  const racing = async (inputs: FitOptions["inputs"], training = {}) => {
    const { starts, stepsAtMost } = await fitLowTensorRank(activity, 1, {
      conditions,
      decoder: "identity",
      inputs,
      training: { ...training, signal: AbortSignal.abort() },
    });
    return [starts.length, stepsAtMost];
  };
  const [longRace, usual] = [3 * 150 + 2 * 150 + 1700, 2 * 100 + 900];
  for (const none of [known, [known, known], 0]) expect(await racing(none)).toEqual([3, longRace]);
  for (const some of [1, { count: 1 }, [known, 1]]) expect(await racing(some)).toEqual([2, usual]);
  expect(await racing(known, { starts: 2, steps: 1000 })).toEqual([2, 2 * 150 + 850]);
  expect(await racing(known, { starts: 2, steps: 100 })).toEqual([2, 2 * 20 + 80]);
  expect(await racing(known, { draws: { noise: 0.1 } })).toEqual([3, 3 * 60 + 2 * 60 + 180]);
});

test("smooth factors have the covariance they are made with", () => {
  const cov = trialCovariance([0, 1, 2, 5], { length: 2, sigma: 1.5, alpha: 2 }),
    factors = gaussianTrialFactors(cov, { jitter: 0.1 }),
    { root } = factors;
  expect(cov.data[1]).toBeCloseTo(2.25 * (1 + 1 / 16) ** -2, 14);
  for (let i = 0; i < 4; i++)
    for (let j = 0; j < 4; j++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += root.data[i * 4 + k] * root.data[j * 4 + k];
      expect(sum).toBeCloseTo(cov.data[i * 4 + j] + (i === j ? 0.1 : 0), 13);
    }
  expect(factors({ z: zeros([4, 1]), m: tensor([1], [7]) })[0].data).toEqual(Float64Array.of(7, 7, 7, 7));
});

test("wrong calls are refused with their place", async () => {
  const x = zeros([4, 3, 2]),
    bad = { shape: x.shape, data: x.data.map((_, at) => (at === 7 ? NaN : 0)) };
  await expect(fitLowTensorRank(bad, 1)).rejects.toThrow(
    "fitLowTensorRank: expected finite entries in activity, got NaN at index " +
      "[1, 0, 1]. Mask the entry (0) or fix the data.",
  );
  const infinite = { shape: x.shape, data: x.data.map((_, at) => (at === 7 ? -Infinity : at === 3 ? NaN : 0)) };
  await expect(fitLowTensorRank(infinite, 1, { mask: observedMask(infinite) })).rejects.toThrow(
    "got -Infinity at index [1, 0, 1]",
  );
  await expect(fitLowTensorRank(x, 1, { conditions: [1, 2] })).rejects.toThrow(
    "expected 4 conditions, one per trial, got 2",
  );
  await expect(fitLowTensorRank(x, 1, { mask: zeros([4, 3, 1]) })).rejects.toThrow(
    "expected mask of shape (4 × 3 × 2)",
  );
  await expect(fitLowTensorRank(x, 1, { mask: zeros([4, 3, 2]) })).rejects.toThrow(
    "expected at least one entry to fit, got a mask of zeros",
  );
  await expect(fitLowTensorRank(x, 1, { validation: observedMask(x) })).rejects.toThrow(
    "expected a validation mask disjoint from the training mask",
  );
  await expect(fitLowTensorRank(x, 1, { decoder: "identity", network: { units: 7 } })).rejects.toThrow(
    "expected 2 units, the neurons, with the identity decoder, got 7",
  );
  await expect(fitLowTensorRank(x, 1, { inputs: zeros([4, 2, 1]) })).rejects.toThrow(
    "expected inputs (4 × 3 × inputs)",
  );
  await expect(fitLowTensorRank(x, 0)).rejects.toThrow("rank");
});
