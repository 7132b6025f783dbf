import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { last } from "../../src/base";
import { fitLowTensorRank } from "../../src/fit";
import { adam, sgd } from "../../src/optim";
import { FullRankRNN, LowTensorRankRNN } from "../../src/models";
import { headLoss } from "../../src/losses";
import { lossAndGradient, simulate } from "../../src/run";
import { pointMass, reaching } from "../../src/tasks";
import { tensor, zeros, type Params, type Tensor3 } from "../../src/tensor";
import { linear, tfjsHead, tfjsLoss, toTfjs } from "../../src/tfjs";
import { networkObjective, train } from "../../src/train";
import { close, distance } from "../support/close";
import { draw as drawing } from "../support/sweep";

const draw = drawing(1),
  model = LowTensorRankRNN.random({ units: 6, inputs: 2, outputs: 3, rank: 2, trials: 5 }, 1),
  inputs = draw.normal([5, 7, 2]),
  targets = draw.normal([5, 7, 3]),
  mask = zeros([5, 7, 3]);
mask.data.forEach((_, at) => (mask.data[at] = at % 3 ? 1 : 0));
const validation: Tensor3 = { shape: mask.shape, data: mask.data.map((m) => 1 - m) };
/** Half the mean squared error over the mask. */
const squared = tfjsLoss(
  (y, { targets: t, mask: m }) => tf.div(tf.sum(tf.mul(m, tf.square(tf.sub(y, t)))), tf.mul(2, tf.sum(m))),
  { name: "squared" },
);

describe.each(["cpu", "wasm"])("on the %s backend", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  test("the squared error in tfjs operations is ours, masked and held out, with a plant and without", () => {
    const batch = {
      inputs,
      targets: { shape: targets.shape, data: targets.data.map((t, at) => (at === 0 ? NaN : t)) },
      mask,
      validation: { shape: mask.shape, data: validation.data.map((v, at) => (at === 0 ? 0 : v)) },
    };
    const want = lossAndGradient(model, batch, { dt: 0.2 }),
      got = lossAndGradient(model, batch, { dt: 0.2, loss: squared });
    expect(got.loss / want.loss).toBeCloseTo(1, 5); // float32
    expect(got.validationLoss! / want.validationLoss!).toBeCloseTo(1, 5);
    for (const [name, g] of Object.entries(want.gradients as Params))
      expect(distance((got.gradients as Params)[name]!.data, g!.data), name).toBeLessThan(1e-5); // errors of 6e-8 each
    const task = reaching({ targets: 3, steps: 10, cue: 2, duration: 8 }),
      reach = FullRankRNN.random({ units: 5, inputs: 3, outputs: 2 }, 2),
      moved = task.batch,
      plant = pointMass({ dt: 0.1, curl: 1 });
    expect(
      distance(
        lossAndGradient(reach, moved, { dt: 0.1, plant, loss: squared }).gradients.w.data,
        lossAndGradient(reach, moved, { dt: 0.1, plant }).gradients.w.data,
      ),
    ).toBeLessThan(1e-5);
  });

  test(
    "a head trains with everything else, whether it is tensors or variables used from " +
      "outside, and nothing is left over after 1000 evaluations",
    async () => {
      const [v, d] = [draw.normal([3, 2], 0.5), zeros([2])],
        wanted = draw.normal([5, 7, 2]),
        variables = { v: tf.variable(toTfjs(v)), d: tf.variable(toTfjs(d)) };
      const error = (y: tf.Tensor, t: tf.Tensor) => tf.losses.meanSquaredError(t, y);
      const inside = tfjsLoss((y, { targets: t, head }) => error(linear(y, head.v, head.d), t), {
        head: { v: toTfjs(v), d: toTfjs(d) },
      });
      const outside = tfjsLoss((y, { targets: t }) => error(linear(y, variables.v, variables.d), t), {
        head: variables,
      });
      const split = headLoss(
        tfjsHead((y, h) => linear(y, h.v, h.d), { head: { v: toTfjs(v), d: toTfjs(d) } }),
        tfjsLoss((y, { targets: t }) => error(y, t)),
      );
      const ends = [];
      for (const loss of [inside, outside, split]) {
        const objective = networkObjective(model, { inputs, targets: wanted }, { dt: 0.2, loss }),
          start: Params = { ...model.params, ...loss.params };
        const end = await last(train(objective, start, { optimizer: sgd(0.1), steps: 15 }));
        expect(Object.keys(end.params)).toEqual([...Object.keys(model.params), "v", "d"]);
        for (const [name, p] of Object.entries(end.params))
          expect(distance(p!.data, start[name]!.data), name).toBeGreaterThan(0);
        expect(structuredClone(end)).toEqual(end);
        ends.push(end);
      }
      // fifteen steps of float32 gradients
      for (const end of ends)
        for (const [name, p] of Object.entries(ends[0].params)) close(end.params[name]!, p!, 1e-4);
      // variables hold what was evaluated last
      expect(distance(variables.v.dataSync(), ends[1].params.v!.data)).toBeLessThan(1e-7);
      const small = FullRankRNN.random({ units: 2, inputs: 1, outputs: 3 }, 1),
        few = {
          inputs: zeros([2, 2, 1]),
          targets: zeros([2, 2, 2]),
          validation: tensor([2, 2, 2], [1, 0, 0, 0, 0, 0, 0, 0]),
        };
      const before = tf.memory().numTensors;
      for (let i = 0; i < 334; i++) for (const loss of [inside, outside, split]) lossAndGradient(small, few, { loss });
      expect(tf.memory().numTensors).toBe(before);
      Object.values(variables).forEach((x) => x.dispose());
    },
  );

  test("a fit takes a loss in tfjs, in the activity's unit, and a head as decoder; both train everything", async () => {
    const truth = LowTensorRankRNN.random({ units: 6, inputs: 2, outputs: 4, rank: 1, trials: 16, tau: 2 }, 5),
      known = draw.normal([16, 9, 2]),
      { outputs } = simulate(truth.with({ params: { readout: draw.normal([4, 6], 40) } }), known, { dt: 1 });
    const activity: Tensor3 = {
        shape: outputs.shape,
        data: outputs.data.map((y, at) => (at % 11 === 0 ? NaN : y + 100)),
      },
      train = { shape: activity.shape, data: activity.data.map((x, at) => (Number.isNaN(x) || at % 7 === 0 ? 0 : 1)) },
      validation = {
        shape: activity.shape,
        data: activity.data.map((x, at) => (!Number.isNaN(x) && at % 7 === 0 ? 1 : 0)),
      };
    const options = {
      mask: train,
      validation,
      inputs: known,
      network: { units: 5 },
      // a custom loss has no priors either
      training: { steps: 25, starts: 1, optimizer: adam(0.03), penalties: { noiseShare: 0 } },
      seed: 2,
    };
    const plain = await fitLowTensorRank(activity, 1, options),
      own = await fitLowTensorRank(activity, 1, { ...options, training: { ...options.training, loss: squared } });
    expect(own.loss / plain.loss).toBeCloseTo(1, 2); // Adam does not see the unit of a loss
    expect(distance(own.prediction.data, plain.prediction.data)).toBeLessThan(0.05);
    expect(own.provenance.facts.loss).toEqual({ kind: "custom", name: "squared" });
    const head = tfjsHead((y, h) => tf.add(tf.mul(40, linear(y, h.c)), h.d), {
      head: { c: toTfjs(draw.normal([5, 4], 0.4)), d: tf.fill([4], 100) },
      name: "decoder",
    });
    const decoded = await fitLowTensorRank(activity, 1, {
      ...options,
      decoder: head,
      training: { steps: 60, starts: 1, optimizer: adam(0.03), loss: squared },
    });
    expect(Object.keys(decoded.customParams)).toEqual(["c", "d"]);
    for (const name of ["c", "d"])
      expect(distance(decoded.customParams[name]!.data, head.params[name]!.data)).toBeGreaterThan(1e-3);
    expect(decoded.prediction.shape).toEqual(activity.shape);
    expect(decoded.model.params.readout).toBeUndefined();
    expect(decoded.loss).toBeLessThan(decoded.starts[0].validationLoss * 2);
    const again = headLoss(head, squared).evaluate(
      {
        outputs: simulate(decoded.model, decoded.inputs, { dt: decoded.dt, conditions: decoded.conditions }).outputs,
        targets: { shape: activity.shape, data: activity.data.map((x, at) => (train.data[at] ? x : 0)) },
        mask: train,
      },
      decoded.customParams,
    );
    expect(again.loss / decoded.loss).toBeCloseTo(1, 5); // what the fit gives is what it reached
  });
});

test("wrong functions are refused, each with what to do", async () => {
  const batch = { inputs, targets },
    run = (loss: ReturnType<typeof tfjsLoss>) => () => lossAndGradient(model, batch, { loss });
  const before = tf.memory().numTensors;
  expect(run(tfjsLoss((y) => y))).toThrow(
    "tfjsLoss: expected a scalar tensor, in float32, got a tensor of shape (5 " +
      "× 7 × 3) and dtype float32. Return tf.mean(…)",
  );
  expect(run(tfjsLoss((y) => tf.mean(y).dataSync()[0] as never))).toThrow(
    /^tfjsLoss: expected a scalar tensor, in float32, got -?[\d.e-]+\./,
  );
  expect(run(tfjsLoss((async (y: tf.Tensor) => tf.mean(y)) as never))).toThrow("got a Promise");
  expect(run(tfjsLoss((_, { targets: t }) => tf.mean(t)))).toThrow(
    "tfjsLoss: expected a function of the outputs, its first argument, got one without a gradient in them",
  );
  expect(run(tfjsLoss((y) => tf.mean(tf.tensor(y.dataSync()))))).toThrow(
    "dataSync, tf.tensor of numbers, argMax and comparisons have no gradient",
  );
  expect(run(tfjsLoss((y) => tf.mean(y), { head: { idle: tf.zeros([2]) } }))).toThrow(
    "expected a function of head.idle, got one without a gradient in it. Use it by " +
      "differentiable tfjs operations, or leave it out of head",
  );
  expect(run(tfjsLoss((y) => tf.mean(tf.log(tf.sub(y, y)))))).toThrow(
    "lossAndGradient: expected a finite loss, got -Infinity. Fix the loss",
  );
  expect(run(tfjsLoss((y) => tf.sum(tf.sqrt(tf.mul(y, 0)))))).toThrow(
    "expected finite gradients of the loss in the outputs, got NaN at index [0, 0, 0]",
  );
  expect(run(tfjsLoss((y) => tf.sum(tf.einsum("abc,abc->ab", y, y))))).toThrow(
    /expected operations that the backend computes and tfjs differentiates, got Einsum: /,
  );
  const gain = tf.variable(tf.scalar(2), true, "my gain");
  expect(run(tfjsLoss((y) => tf.mean(tf.mul(gain, y))))).toThrow(
    "expected every trainable variable that the function uses in the option head, got the variable " +
      "my gain, which would not train. Pass { head: { my_gain: … } }",
  );
  gain.dispose();
  expect(() => lossAndGradient(model, { inputs }, { loss: squared })).toThrow(
    "tfjsLoss: expected targets in the batch, got none",
  );
  expect(() => tfjsLoss((y) => tf.mean(y), { head: { v: zeros([2]) as never } })).toThrow(
    "tfjsLoss: expected head.v to be a tfjs tensor or variable",
  );
  const head = tfjsHead((y) => tf.sum(y, 1));
  expect(() => head.predict(targets, {})).toThrow(
    "tfjsHead: expected a prediction (5 × 7 × n), in float32, got a tensor of shape (5 × 3)",
  );
  await expect(fitLowTensorRank(targets, 1, { training: { loss: { kind: "custom" } as never } })).rejects.toThrow(
    'fitLowTensorRank: expected training.loss to be a custom loss { kind: "custom", name, params, evaluate }',
  );
  await expect(
    fitLowTensorRank(targets, 1, {
      training: { loss: tfjsLoss((y, { head: h }) => tf.mean(tf.mul(h.a, y)), { head: { a: tf.scalar(1) } }) },
    }),
  ).rejects.toThrow("expected parameters of different names in all parts of the fit, got a in two of them");
  // the heads above, and what tfjs keeps of a tape that an error ended
  expect(tf.memory().numTensors - before).toBeLessThan(12);
});
