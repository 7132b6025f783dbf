import { expect, test } from "vitest";
import { last } from "../../src/base";
import { lbfgs, sgd } from "../../src/optim";
import { FullRankRNN } from "../../src/models";
import { lossAndGradient, simulate } from "../../src/run";
import { zeros, type Params } from "../../src/tensor";
import { networkObjective, train, trajectoryObjective, type Snapshot, type StepOptions } from "../../src/train";

const model = FullRankRNN.random({ units: 6, inputs: 1, outputs: 1 }, 1),
  batch = { inputs: zeros([3, 8, 1]), targets: zeros([3, 8, 1]) },
  start = { w: model.params.w } as Params,
  noise = { sigma: 0.3, seed: 5 };
const lossesOf = (options: StepOptions) => {
  const objective = networkObjective(model, batch, options);
  return [0, 1, 2, 3].map((step) => objective(start, step).loss);
};

test("noise is drawn anew at every update: losses at the same parameters differ, and come again with the seed", () => {
  const losses = lossesOf({ noise });
  expect(new Set(losses).size).toBe(4);
  expect(lossesOf({ noise })).toEqual(losses);
  expect(lossesOf({ noise: { ...noise, seed: 6 } })).not.toEqual(losses);
  expect(lossesOf(() => ({ noise }))).toEqual(losses);
  expect(losses).toEqual([0, 1, 2, 3].map((draw) => lossAndGradient(model, batch, { noise: { ...noise, draw } }).loss));
  const step = trajectoryObjective(model, batch, { noise })(start, 2);
  expect(step.loss).toBe(losses[2]);
});

test("one draw serves a whole run where it is named", () => {
  const losses = lossesOf({ noise: { ...noise, draw: 2 } });
  expect(new Set(losses).size).toBe(1);
  expect(losses[0]).toBe(lossesOf({ noise })[2]);
});

test("draws of one seed are independent streams, and their deviation is the same", () => {
  const statesOf = (draw: number) => simulate(model, zeros([3000, 1, 1]), { noise: { ...noise, draw } }).states.data;
  const [p, q] = [statesOf(0), statesOf(7)],
    dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i], 0);
  // 18 000 numbers: standard deviations 0.0075 and 0.015
  expect(Math.abs(dot(p, q)) / Math.sqrt(dot(p, p) * dot(q, q))).toBeLessThan(0.03);
  expect(Math.abs(dot(p, p) / dot(q, q) - 1)).toBeLessThan(0.06);
  expect(() => simulate(model, zeros([1, 2, 1]), { noise: { ...noise, draw: -1 } })).toThrow(
    "simulate: expected noise.draw to be a whole number of at least 0, got -1",
  );
});

test("a resumed run has the noise of one never stopped; another noise is refused", async () => {
  const of = (options: StepOptions) => networkObjective(model, batch, options),
    optimizer = sgd(0.1);
  const whole = await last(train(of({ noise }), start, { optimizer, steps: 9 })),
    half: Snapshot = structuredClone(await last(train(of({ noise }), start, { optimizer, steps: 4 })));
  expect((await last(train(of({ noise }), half, { steps: 5 }))).params).toEqual(whole.params);
  await expect(last(train(of({ noise: { ...noise, draw: 0 } }), half, { steps: 5 }))).rejects.toThrow(
    'objective.options.noise.draw "anew", got 0',
  );
});

test("an objective with noise of its own at every update is not steady; a search sees one noise a step", async () => {
  expect(networkObjective(model, batch).steady).toBe(true);
  expect(networkObjective(model, batch, { noise }).steady).toBe(false);
  expect(networkObjective(model, batch, { noise: { ...noise, draw: 3 } }).steady).toBe(true);
  expect(networkObjective(model, batch, { noise: { ...noise, sigma: 0 } }).steady).toBe(true);
  let before = Infinity;
  const objective = networkObjective(model, batch, { noise });
  for await (const { loss, params, step } of train(objective, start, { optimizer: lbfgs(), steps: 4, every: 1 })) {
    if (step > 0) expect(objective(params, step - 1).loss).toBeLessThan(before); // on the noise that it searched
    before = loss;
  }
});
