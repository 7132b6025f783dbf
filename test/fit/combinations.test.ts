import { expect, test } from "vitest";
import {
  fitLowTensorRank,
  fitLowTensorRankSteps,
  forecast,
  type FitOptions,
  type LowTensorRankFit,
} from "../../src/fit";
import { fitObjective } from "../../src/fit/fit-objective";
import { readFitOptions } from "../../src/fit/fit-options";
import { poseFit } from "../../src/fit/pose-fit";
import { poissonLoss } from "../../src/losses";
import { mapParams, tensor, zeros, type Params, type Tensor3 } from "../../src/tensor";
import { drawnFit } from "../support/drawn-fit";
import { gradcheck } from "../support/gradcheck";
import { draw } from "../support/sweep";

const seeds = Array.from({ length: 16 }, (_, i) => i + 1);

test.each(seeds)("combined parts have exact gradients, move, resume and run in float32: draw %i", async (seed) => {
  const { activity, rank, options, name } = drawnFit(draw(seed)),
    problem = poseFit("test", activity, rank, readFitOptions("test", options)),
    objective = fitObjective("test", problem),
    d = draw(seed + 1000),
    start = problem.start(options.seed ?? 0),
    params = mapParams(start, (data) => data.map((x) => x + 0.2 * d.normal([1]).data[0]));
  gradcheck((moved) => objective(moved, 0).loss, params, objective(params, 0).gradients, d.normal, 5e-7);
  const steps: LowTensorRankFit[] = [];
  for await (const now of fitLowTensorRankSteps(activity, rank, options)) steps.push(now);
  const fit = steps[steps.length - 1],
    end: Params = fit.checkpoint.runs[0].params;
  // one unit has columns of length 1 that nothing moves, one bin corrects no other, and a relu may be silent
  const [, time] = activity.shape,
    moves = time > 2 && fit.model.units > 1 && options.network?.phi !== "relu";
  for (const [key, p] of Object.entries(start))
    if (p && p.data.length > 0 && moves) expect(end[key]?.data, `${key} moves in ${name}`).not.toEqual(p.data);
  const resumed = await fitLowTensorRank(activity, rank, { ...options, start: structuredClone({ ...steps[0] }) });
  expect(resumed.prediction, name).toEqual(fit.prediction);
  const single = await fitLowTensorRank(activity, rank, {
    ...options,
    training: { ...options.training, precision: "float32", steps: 2 },
  });
  expect(single.prediction.data.every(Number.isFinite), name).toBe(true);
  if (fit.model.params.filterGain) {
    const { prediction } = forecast(fit, activity, { ...(options.mask ? { mask: options.mask } : {}), ahead: 2 });
    expect(prediction.data.every(Number.isFinite), name).toBe(true);
  }
});

const refused = async (activity: Tensor3, rank: number, options: FitOptions): Promise<string> => {
  try {
    await fitLowTensorRank(activity, rank, { ...options, training: { steps: 1, starts: 1, ...options.training } });
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return "accepted";
};

test("bad input is refused by its place, with what to do", async () => {
  const x = draw(3).normal([6, 5, 3], 0.3),
    counts: Tensor3 = { shape: x.shape, data: x.data.map((v) => Math.floor(9 * Math.abs(v))) },
    changed = (of: Tensor3, at: number, value: number): Tensor3 => ({
      shape: of.shape,
      data: of.data.map((v, i) => (i === at ? value : v)),
    }),
    ones = (zero: (i: number) => boolean): Tensor3 => ({
      shape: x.shape,
      data: x.data.map((_, i) => (zero(i) ? 0 : 1)),
    }),
    poisson = { training: { loss: poissonLoss() } };
  const cases: readonly (readonly [Tensor3, number, FitOptions, readonly string[]])[] = [
    [changed(x, 20, NaN), 1, {}, ["NaN at index [1, 1, 2]", "Mask the entry (0)"]],
    [x, 1, { conditions: [0, 1, 0] }, ["conditions", "6", "3"]],
    [x, 1, { epochs: [0, 0, 0, 1, 1] }, ["epochs", "6", "5"]],
    [x, 1, { network: { trialKernel: { kernel: "rbf", times: [0, 1, 2] } } }, ["6", "3"]],
    [x, 9, { network: { units: 4 } }, ["rank", "4", "9"]],
    [x, 4, { decoder: "identity" }, ["rank", "3", "4"]],
    [changed(counts, 7, -1), 1, poisson, ["counts", "-1 at index [0, 2, 1]", "Pass spike counts"]],
    [changed(counts, 7, 2.5), 1, poisson, ["counts", "2.5 at index [0, 2, 1]"]],
    [{ ...x, data: x.data.map((v) => 40 + v) }, 1, { decoder: "identity" }, ["tanh reaches, in (-1, 1)", "linear"]],
    [x, 1, { mask: ones(() => false), validation: ones((i) => i > 3) }, ["disjoint", "1 in both at index [0, 0, 0]"]],
    [x, 1, { mask: ones((i) => i % 3 === 2) }, ["none of neuron 2", "Leave that neuron out"]],
    [x, 1, { mask: zeros(x.shape) }, ["at least one entry to fit", "Set the mask to 1"]],
    [zeros([0, 5, 3]), 1, {}, ["trials"]],
  ];
  for (const [activity, rank, options, words] of cases) {
    const message = await refused(activity, rank, options);
    expect(message).toContain("LtrnnError: fitLowTensorRank: expected");
    for (const word of words) expect(message).toContain(word);
  }
});

test("constant and silent neurons are fitted as such, and named", async () => {
  const d = draw(4).normal([6, 5, 3], 0.3),
    x: Tensor3 = { shape: d.shape, data: d.data.map((v, i) => (i % 3 === 1 ? 0.2 : v)) },
    fit = await fitLowTensorRank(x, 1, { network: { units: 4 }, training: { steps: 40, starts: 1 } });
  expect(fit.constantNeurons).toEqual([1]);
  const counts: Tensor3 = {
      shape: d.shape,
      data: d.data.map((v, i) => (i % 3 === 2 ? 0 : Math.floor(9 * Math.abs(v)))),
    },
    silent = await fitLowTensorRank(counts, 1, {
      network: { units: 4 },
      training: { loss: "poisson", steps: 40, starts: 1 },
    });
  expect(silent.constantNeurons).toEqual([2]);
  silent.prediction.data.forEach((mean, i) => i % 3 === 2 && expect(mean).toBeLessThan(0.2));
  const integers = tensor([6, 5, 3], Array.from(counts.data));
  expect((await fitLowTensorRank(integers, 1, { training: { steps: 2, starts: 1 } })).prediction.shape).toEqual([
    6, 5, 3,
  ]);
});
