import { expect, test } from "vitest";
import { last } from "../../src/base";
import { FullRankRNN, LowTensorRankRNN } from "../../src/models";
import { adam, lbfgs, sgd } from "../../src/optim";
import { daleWeights, maskedWeights, type WeightPart } from "../../src/parts";
import { ruleObjective, truncatedBptt } from "../../src/rules";
import { lossAndGradient, type LossOptions } from "../../src/run";
import { tensor, zeros, type Matrix, type Params } from "../../src/tensor";
import { learningRankBound, learningSetupOf } from "../../src/theory";
import { networkObjective, recordWeights, reparametrized, train, trainedParams } from "../../src/train";
import { gradcheck } from "../support/gradcheck";
import { draw as drawing, sweep, type Draw } from "../support/sweep";

const units = 6,
  signs = [1, 1, 1, -1, 1, -1];

function maskOf(draw: Draw, rows = units, columns = units): Matrix {
  const mask = zeros([rows, columns]);
  mask.data.forEach((_, at) => (mask.data[at] = draw.int(0, 2) ? 1 : 0));
  mask.data[0] = 1;
  return mask;
}

/** Every constraint of weights (rows × units), each a row. */
const constraints = (draw: Draw, rows: number): Record<string, WeightPart> => ({
  "Dale, absolute": daleWeights({ signs }),
  "Dale, softplus": daleWeights({ signs, magnitude: "softplus" }),
  "Dale, masked": daleWeights({ signs, mask: maskOf(draw, rows), magnitude: "softplus" }),
  masked: maskedWeights({ mask: maskOf(draw, rows) }),
  "masked, with weights that stay": maskedWeights({ mask: maskOf(draw, rows), fixed: draw.normal([rows, units]) }),
});

const batchOf = (draw: Draw, outputs = 2) => ({
  inputs: draw.normal([4, 7, 2]),
  targets: draw.normal([4, 7, outputs]),
});

test("every constraint: the adjoint passes finite differences, and start gives the free parameters of a value", () =>
  sweep((draw) => {
    for (const [name, part] of Object.entries(constraints(draw, 3))) {
      const free = draw.normal([3, units]),
        d = draw.normal([3, units]);
      const [w, adjoint] = part({ free }),
        f = (params: Params) => part(params as { free: Matrix })[0].data.reduce((sum, x, i) => sum + x * d.data[i], 0);
      gradcheck(f, { free }, adjoint(d), draw.normal);
      const again = part(part.start(w))[0];
      again.data.forEach((x, i) => expect(Math.abs(x - w.data[i]), name).toBeLessThan(1e-15 + 1e-14 * Math.abs(x)));
      part.start(w).free.data.forEach((x, i) => {
        if (adjoint(d).free.data[i] !== 0 && name !== "Dale, absolute")
          expect(Math.abs(x - free.data[i]), name).toBeLessThan(1e-13);
      });
    }
  }));

test("the gradient of a network in free parameters passes differences, for each constraint and two at once", () =>
  sweep((draw) => {
    const model = FullRankRNN.random({ units, inputs: 2, outputs: 2, gain: 1.2 }, draw.seed),
      batch = batchOf(draw),
      options: LossOptions = { dt: 0.3, integrator: draw.int(0, 1) ? "heun" : "euler" },
      of = networkObjective(model, batch, options);
    const recurrent = constraints(draw, units),
      readouts = constraints(draw, 2);
    for (const name of Object.keys(recurrent)) {
      const objective = reparametrized(of, { w: recurrent[name], readout: readouts[name] }),
        free: Params = {
          "w.free": draw.normal([units, units]),
          "readout.free": draw.normal([2, units]),
          bias: draw.normal([units]),
        };
      const { gradients } = objective(free, 0);
      expect(Object.keys(gradients).sort()).toEqual(["bias", "readout.free", "w.free"]);
      gradcheck((params) => objective(params, 0).loss, free, gradients, draw.normal);
      expect(lossAndGradient(objective.network(model).with({ params: free }), batch, options).loss).toBe(
        objective(free, 0).loss,
      );
    }
  }, 6));

test.each(["absolute", "softplus"] as const)(
  "signs and mask hold at every step, however large it is: %s",
  async (magnitude) => {
    const draw = drawing(1),
      mask = maskOf(draw),
      part = daleWeights({ signs, mask, magnitude }),
      drawn = FullRankRNN.random({ units, inputs: 2, outputs: 2, gain: 1.2 }, 1);
    const model = drawn.with({ params: { w: part({ free: drawn.params.w })[0] } }),
      batch = batchOf(draw),
      objective = reparametrized(networkObjective(model, batch), { w: part }),
      start = objective.start(trainedParams(model, { only: ["w", "readout"] }));
    for (const optimizer of [adam(0.5), sgd(2), lbfgs()]) {
      const run = train(objective, start, { optimizer, steps: 60, every: 1 }),
        { weights, losses } = await recordWeights(run, objective.network(model)),
        steps = weights.shape[2];
      let moved = 0;
      for (let at = 0; at < units * units; at++)
        for (let k = 0; k < steps; k++) {
          const w = weights.data[at * steps + k];
          if (mask.data[at] === 0) expect(w).toBe(0);
          else {
            expect(signs[at % units] * w).toBeGreaterThanOrEqual(0);
            moved = Math.max(moved, Math.abs(w - weights.data[at * steps]));
          }
        }
      expect(moved).toBeGreaterThan(0.1);
      expect(Math.min(...losses)).toBeLessThan(losses[0]);
    }
  },
);

test("a constrained objective resumes from a copy, splits over threads, is told from another constraint", async () => {
  const draw = drawing(2),
    part = daleWeights({ signs }),
    drawn = FullRankRNN.random({ units, inputs: 2, outputs: 2 }, 1),
    model = drawn.with({ params: { w: part({ free: drawn.params.w })[0] } }),
    batch = { inputs: draw.normal([40, 7, 2]), targets: draw.normal([40, 7, 2]) },
    objective = reparametrized(networkObjective(model, batch), { w: part }),
    start = objective.start({ w: model.params.w });
  const whole = await last(train(objective, start, { optimizer: adam(0.05), steps: 8 })),
    half = await last(train(objective, start, { optimizer: adam(0.05), steps: 4 }));
  const copy = structuredClone(half);
  expect((await last(train(objective, copy, { steps: 4 }))).params).toEqual(whole.params);
  const split = await last(train(objective, start, { optimizer: adam(0.05), steps: 8, threads: 2 }));
  split.params["w.free"]!.data.forEach((x, i) =>
    expect(Math.abs(x - whole.params["w.free"]!.data[i])).toBeLessThan(1e-12),
  );
  expect(objective.description).toMatchObject({
    kind: "reparametrized",
    parts: { w: { kind: "daleWeights", signs } },
  });
  expect(Object.keys(objective.description!.params!)).not.toContain("w");
  const other = reparametrized(networkObjective(model, batch), { w: daleWeights({ signs, magnitude: "softplus" }) });
  await expect(last(train(other, copy, { steps: 1 }))).rejects.toThrow('objective.parts.w.magnitude "absolute"');
});

test(
  "any objective can be constrained: a learning rule, and the " + "static part of a network of low tensor rank",
  async () => {
    const draw = drawing(3),
      mask = maskOf(draw),
      drawn = FullRankRNN.random({ units, inputs: 2, outputs: 2 }, 1),
      batch = batchOf(draw),
      masked = maskedWeights({ mask }),
      model = drawn.with({ params: { w: masked({ free: drawn.params.w })[0] } });
    const rule = reparametrized(ruleObjective(model, batch, truncatedBptt({ window: 7 })), { w: masked }),
      exact = reparametrized(networkObjective(model, batch), { w: masked }),
      start = rule.start({ w: model.params.w });
    const [got, want] = [rule, exact].map((objective) => objective(start, 0).gradients["w.free"]!.data);
    got.forEach((g, i) => expect(Math.abs(g - want[i])).toBeLessThan(1e-15));
    expect(want.every((g, i) => mask.data[i] === 1 || g === 0)).toBe(true);
    const low = LowTensorRankRNN.random({ units, inputs: 2, outputs: 2, rank: 2, trials: 4 }, 1).with({
        params: { w0: masked({ free: drawn.params.w })[0] },
      }),
      onStatic = reparametrized(networkObjective(low, batch), { w0: masked }),
      free = onStatic.start({ w0: low.params.w0, a: low.params.a });
    gradcheck((params) => onStatic(params, 0).loss, free, onStatic(free, 0).gradients, draw.normal);
  },
);

test("a zero weight can grow, and a weight whose size passes 0 keeps its sign", () => {
  const part = daleWeights({ signs: [1, -1] }),
    [w, adjoint] = part({ free: tensor([1, 2], [0, -3]) });
  expect([...w.data]).toEqual([0, -3]);
  expect([...adjoint(tensor([1, 2], [1, 1])).free.data]).toEqual([1, 1]);
});

test(
  "the bound of linear learning is refused for weights that are " + "constrained, and for time constants of units",
  () => {
    const model = FullRankRNN.random({ units, inputs: 2, outputs: 2, phi: "identity", gain: 0 }, 1),
      batch = batchOf(drawing(4)),
      run = { optimizer: sgd(0.1), snapshots: 5 };
    expect(learningRankBound(learningSetupOf(model, batch, run))).toMatchObject({ status: "holds", atMost: 4 });
    expect(learningRankBound(learningSetupOf(model, batch, { ...run, constrained: true }))).toMatchObject({
      status: "refused",
      because: "a mask or sign constraint on weights cuts entries out of low-rank gradients",
    });
    const tau = tensor([units], [1, 1, 1, 1, 1, 2]);
    expect(learningRankBound(learningSetupOf(model.with({ tau }), batch, run))).toMatchObject({
      status: "refused",
      tryInstead: "Give all units one tau.",
    });
    const same = model.with({ tau: tensor([units], new Float64Array(units).fill(2)) });
    expect(learningRankBound(learningSetupOf(same, batch, run))).toMatchObject({ status: "holds", atMost: 4 });
  },
);

test("parameters train or are frozen by name", async () => {
  const model = FullRankRNN.random({ units, inputs: 2, outputs: 2 }, 1);
  expect(trainedParams(model)).toEqual(model.params);
  expect(Object.keys(trainedParams(model, { only: ["readout", "w"] }))).toEqual(["w", "readout"]);
  const start = trainedParams(model, { frozen: ["wIn", "x0"] }),
    end = await last(train(networkObjective(model, batchOf(drawing(5))), start, { optimizer: sgd(0.1), steps: 2 }));
  expect(Object.keys(end.params)).toEqual(["w", "bias", "readout", "readoutBias"]);
  expect(() => trainedParams(model, { frozen: ["win"] })).toThrow(
    'trainedParams: expected names of the model\'s parameters: w, wIn, x0, bias, readout, readoutBias, got "win"',
  );
  expect(() => trainedParams(model, { only: ["w"], frozen: ["x0"] })).toThrow("only or frozen");
  expect(() => trainedParams(model, { only: [] })).toThrow("at least one parameter that trains");
});

test("constraints that contradict weights, masks of zeros and missing free parameters are refused by name", () => {
  const w = tensor([2, 2], [1, -2, 0.5, -1]),
    mask = tensor([2, 2], [1, 1, 0, 1]);
  expect(() => daleWeights({ signs: [1, 1] }).start(w)).toThrow(
    "daleWeights.start: expected a weight of at least 0 from unit 1 to 0, got -2. Change the sign of that unit",
  );
  expect(() => daleWeights({ signs: [-1, -1] }).start(w)).toThrow("a weight of at most 0 from unit 0 to 0, got 1");
  expect(() => daleWeights({ signs: [1, -1], mask }).start(w)).toThrow("no weight from unit 0 to 1, got 0.5");
  expect(() => daleWeights({ signs: [1, -1], magnitude: "softplus" }).start(zeros([2, 2]))).toThrow(
    "a weight other than 0 from unit 0 to 0",
  );
  expect(() => daleWeights({ signs: [1, -1] }).start(zeros([2, 3]))).toThrow("w of shape (2 × 2), got (2 × 3)");
  expect(() => daleWeights({ signs: [1, 0] })).toThrow(
    "signs of 1 or -1, one for every presynaptic unit, got 0 at index 1",
  );
  expect(() => daleWeights({ signs: [] })).toThrow("got none");
  expect(() => daleWeights({ signs: [1, -1], mask: zeros([2, 2]) })).toThrow(
    "daleWeights: expected at least one weight that mask lets be, got a mask of zeros",
  );
  expect(() => daleWeights({ signs: [1, -1], mask: tensor([1, 3], [1, 1, 1]) })).toThrow("mask of shape (1 × 2)");
  expect(() => maskedWeights({ mask: tensor([1, 2], [1, 0.5]) })).toThrow("mask to hold 0 and 1 only");
  expect(() => maskedWeights({ mask }).start(w)).toThrow(
    "maskedWeights.start: expected w to be 0 at index [1, 0], which the " +
      "mask holds, got 0.5. Pass those weights as fixed",
  );
  expect(() => maskedWeights({ mask, fixed: zeros([1, 2]) })).toThrow("fixed of shape (2 × 2)");
  const model = FullRankRNN.random({ units: 2, inputs: 2, outputs: 2 }, 1),
    objective = reparametrized(networkObjective(model, batchOf(drawing(6))), { w: daleWeights({ signs: [1, -1] }) });
  expect(() => objective({ w: model.params.w }, 0)).toThrow(
    "reparametrized: expected free parameters of w, which a part makes",
  );
  expect(() => objective({ bias: model.params.bias }, 0)).toThrow("free parameters of w, such as w.free, got bias");
  expect(() => objective({ "w.free": zeros([3, 2]) }, 0)).toThrow("w to be square");
  expect(() => reparametrized(networkObjective(model, batchOf(drawing(6))), {})).toThrow("at least one part");
  expect(() => reparametrized(networkObjective(model, batchOf(drawing(6))), { w: zeros([2, 2]) as never })).toThrow(
    "parts.w to be a part",
  );
});
