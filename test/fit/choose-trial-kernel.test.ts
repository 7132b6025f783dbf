import { expect, test } from "vitest";
import { chooseTrialKernel, chooseTrialKernelSteps, fitLowTensorRank, type FitOptions } from "../../src/fit";
import { drawWeights } from "../../src/fit/draw-weights";
import { holdOut, observedMask } from "../../src/masks";
import {
  fixedTrialFactors,
  freeTrialFactors,
  gaussianTrialFactors,
  smoothModel,
  type PartDescription,
  type SmoothFactors,
} from "../../src/parts";
import { simulate } from "../../src/run";
import { tensor, zeros, type Tensor3 } from "../../src/tensor";
import { draw } from "../support/sweep";

/** Activity of one component whose trial factor has this length. */
function planted(seed: number, length: number, trials = 80) {
  const d = draw(seed),
    units = 8,
    steps = 8,
    process = { times: Array.from({ length: trials }, (_, k) => k), kernel: "rbf" as const, length, sigma: 3 };
  const [model] = smoothModel(
    {
      ...drawWeights({ units, rank: 1, inputs: 2, staticRank: 0, span: "free" }, seed),
      x0: d.normal([1, units]),
      m: tensor([1], [0]),
      z: d.normal([trials, 1]),
    },
    gaussianTrialFactors(process),
    { tau: 3 },
  );
  const u = d.normal([steps, 2]).data,
    inputs = zeros([trials, steps, 2]);
  for (let k = 0; k < trials; k++) inputs.data.set(u, k * steps * 2);
  const clean = simulate(model, inputs, { dt: 1 }).outputs;
  const activity: Tensor3 = { shape: clean.shape, data: clean.data.map((x) => x + 0.1 * d.normal([1]).data[0]) };
  const split = holdOut(observedMask(activity), { half: [0, Infinity, Infinity], validation: 0.2, test: 0.12, seed });
  const options: FitOptions = {
    mask: split.train,
    validation: split.validation,
    inputs,
    decoder: "identity",
    network: { tau: 3, trialKernel: { kernel: "rbf", sigma: 3 } },
    training: { steps: 300, starts: 3, penalties: { noiseShare: 0.02 } },
  };
  return { activity, options };
}

test.each([2, 4])(
  "the length of trial factors is found by held-out trials, seed %i",
  async (seed) => {
    const slow = planted(seed, 12),
      fast = planted(seed, 2);
    const ofSlow = await chooseTrialKernel(slow.activity, 1, [0.2, 12, 200], slow.options),
      ofFast = await chooseTrialKernel(fast.activity, 1, [0.2, 2, 12, 200], fast.options);
    expect(ofSlow.chosen).toBe(1);
    expect(ofFast.chosen).toBe(1);
    const lengths = ofFast.candidates.map(({ trialKernel }) => (trialKernel as SmoothFactors).length);
    expect(lengths).toEqual([0.2, 2, 12, 200]);
    // the chosen fit is that of the length alone, to the bit
    const alone = await fitLowTensorRank(slow.activity, 1, {
      ...slow.options,
      network: { ...slow.options.network, trialKernel: { kernel: "rbf", sigma: 3, length: 12 } },
    });
    expect(ofSlow.fit.model.toJSON()).toEqual(alone.model.toJSON());
    expect(ofSlow.fit.provenance).toEqual(alone.provenance);
    expect(ofSlow.status).toBe(alone.status);
  },
  60_000,
);

test("priors are compared as lengths are: learning against none", async () => {
  const { activity, options } = planted(3, 10, 24),
    steps = [];
  for await (const now of chooseTrialKernelSteps(
    activity,
    1,
    [fixedTrialFactors(24), { length: 8 }, freeTrialFactors(24)],
    options,
  ))
    steps.push(now);
  expect(steps.at(-1)?.chosen).toBe(1);
  expect(steps.at(-1)?.candidates.map(({ trialKernel }) => (trialKernel as PartDescription).kind)).toEqual([
    "fixedTrialFactors",
    undefined,
    "freeTrialFactors",
  ]);
  expect(steps.slice(0, -1).every(({ status }) => status === "running")).toBe(true);
  expect(steps.at(-1)?.status).not.toBe("running");
  const total = steps.map(({ candidates }) => candidates.reduce((sum, { steps: made }) => sum + made, 0));
  expect([...total].sort((p, q) => p - q)).toEqual(total);
});

test("a signal stops all candidates", async () => {
  const { activity, options } = planted(3, 10, 12);
  const { status, candidates } = await chooseTrialKernel(activity, 1, [1, 2], {
    ...options,
    training: { ...options.training, signal: AbortSignal.abort() },
  });
  expect(status).toBe("aborted");
  expect(candidates).toHaveLength(1);
});

test("wrong calls name the place and the fix", async () => {
  const { activity, options } = planted(1, 5, 10),
    { validation: _, ...without } = options;
  await expect(chooseTrialKernel(activity, 1, [1, 2], without)).rejects.toThrow(
    "chooseTrialKernel: expected entries to choose by as validation, got none. Pass the masks of holdOut",
  );
  await expect(chooseTrialKernel(activity, 1, [], options)).rejects.toThrow("from one to 1000, got");
  await expect(chooseTrialKernel(activity, 1, [-2], options)).rejects.toThrow(
    "chooseTrialKernel: expected candidates[0].length to be a finite number above 0, got -2",
  );
  await expect(chooseTrialKernel(activity, 1, [freeTrialFactors(3)], options)).rejects.toThrow(
    "chooseTrialKernel: expected network.trialKernel to make trial factors of 10 trials",
  );
  await expect(
    chooseTrialKernel(activity, 1, [2], { ...options, network: { trialKernel: freeTrialFactors(10) } }),
  ).rejects.toThrow("expected whole priors as candidates");
  await expect(chooseTrialKernel(activity, 1, [2], { ...options, start: { checkpoint: {} } as never })).rejects.toThrow(
    "expected no start",
  );
});
