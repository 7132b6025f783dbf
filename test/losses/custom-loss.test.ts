import { expect, test } from "vitest";
import { last } from "../../src/base";
import { sgd } from "../../src/optim";
import { FullRankRNN, LowTensorRankRNN } from "../../src/models";
import { headLoss, poissonLoss, type Head, type CustomLoss } from "../../src/losses";
import { backpropagate, lossAndGradient, type Batch } from "../../src/run";
import { pointMass, reaching } from "../../src/tasks";
import { matmul, tensor, transpose, zeros, type Matrix, type Params, type Tensor3 } from "../../src/tensor";
import { networkObjective, train } from "../../src/train";
import { distance } from "../support/close";
import { gradcheck } from "../support/gradcheck";
import { sweep, type Draw } from "../support/sweep";

/** Half the mean squared error over the mask, by hand. */
const byHand: CustomLoss = {
  kind: "custom",
  name: "byHand",
  params: {},
  evaluate({ outputs, targets, mask }) {
    const seen = (at: number) => mask?.data[at] !== 0,
      count = outputs.data.filter((_, at) => seen(at)).length;
    const errors = outputs.data.map((y, at) => (seen(at) ? y - targets!.data[at] : 0));
    return {
      loss: errors.reduce((sum, e) => sum + e * e, 0) / 2 / count,
      dOutputs: { shape: outputs.shape, data: errors.map((e) => e / count) },
      gradients: {},
    };
  },
};
/** y' = y m, over the last mode. */
const mixing = (m: Matrix): Head => {
  const flat = (x: Tensor3): Matrix => ({ shape: [x.shape[0] * x.shape[1], x.shape[2]], data: x.data }),
    fold = (x: Matrix, like: Tensor3): Tensor3 => ({ shape: [like.shape[0], like.shape[1], x.shape[1]], data: x.data });
  return {
    kind: "head",
    name: "mixing",
    params: { mix: m },
    predict: (y, { mix }) => fold(matmul(flat(y), mix as Matrix), y),
    adjoint: (y, d, { mix }) => ({
      dOutputs: fold(matmul(flat(d), transpose(mix as Matrix)), d),
      gradients: { mix: matmul(transpose(flat(y)), flat(d)) },
    }),
  };
};

function drawTask(draw: Draw) {
  const trials = draw.int(1, 19),
    steps = draw.int(1, 7),
    units = draw.int(2, 6),
    model = LowTensorRankRNN.random({ units, inputs: 2, outputs: 3, rank: 2, trials }, draw.seed);
  const targets = draw.normal([trials, steps, 3]),
    mask = zeros(targets.shape),
    validation = zeros(targets.shape);
  targets.data.forEach((_, at) => {
    (draw.int(0, 2) ? mask : validation).data[at] = 1;
  });
  mask.data[0] = validation.data[1] = 1;
  validation.data[0] = mask.data[1] = 0;
  return { model, batch: { inputs: draw.normal([trials, steps, 2]), targets, mask, validation } satisfies Batch };
}

test(
  "a custom loss that is the squared error gives its loss and gradients, " +
    "masks, held-out entries and integrators included",
  () =>
    sweep((draw) => {
      const { model, batch } = drawTask(draw),
        options = {
          dt: 0.2,
          integrator: draw.int(0, 1) ? ("heun" as const) : ("euler" as const),
          noise: { sigma: 0.1, seed: 3 },
        };
      const want = lossAndGradient(model, batch, options),
        got = lossAndGradient(model, batch, { ...options, loss: byHand });
      expect(Math.abs(got.loss / want.loss - 1)).toBeLessThan(1e-13);
      expect(Math.abs(got.validationLoss! / want.validationLoss! - 1)).toBeLessThan(1e-13);
      for (const [name, g] of Object.entries(want.gradients as Params))
        expect(distance((got.gradients as Params)[name]!.data, g!.data), name).toBeLessThan(1e-13);
      expect(distance(got.inputGradients.data, want.inputGradients.data)).toBeLessThan(1e-13);
      expect(got.provenance.options.loss).toEqual({ kind: "custom", name: "byHand" });
    }),
);

test(
  "gradients through a head pass finite differences, in the network and in " +
    "the head; targets are as wide as the prediction",
  () =>
    sweep((draw) => {
      const {
          model,
          batch: { inputs, mask },
        } = drawTask(draw),
        n = draw.int(1, 4),
        [trials, steps] = inputs.shape,
        targets = draw.normal([trials, steps, n]),
        some = { shape: targets.shape, data: targets.data.map((_, at) => (mask.data[at] === 0 ? 0 : 1)) };
      some.data[0] = 1;
      targets.data.forEach((t, at) => (targets.data[at] = some.data[at] === 0 ? NaN : t)); // never read
      const loss = headLoss(mixing(draw.normal([3, n])), draw.int(0, 1) ? byHand : undefined),
        batch = { inputs, targets, mask: some };
      const objective = networkObjective(model, batch, { dt: 0.2, loss }),
        start = { ...model.params, ...loss.params };
      gradcheck((params) => objective(params, 0).loss, start, objective(start, 0).gradients, draw.normal);
    }, 15),
);

test("with a plant, a custom loss sees the plant's states", () => {
  const task = reaching({ targets: 3, steps: 10, cue: 2, duration: 8 }),
    model = FullRankRNN.random({ units: 5, inputs: 3, outputs: 2 }, 2),
    plant = pointMass({ dt: 0.1, curl: 1 }),
    batch = task.batch;
  const options = { dt: 0.1, plant, loss: byHand },
    want = backpropagate(model, batch, { dt: 0.1, plant }),
    got = backpropagate(model, batch, options);
  expect(got.loss).toBeCloseTo(want.loss, 14);
  expect(distance(got.adjoints.data, want.adjoints.data)).toBeLessThan(1e-12);
});

test("a head trains with the network, and a snapshot carries it: a run resumes to the same bits", async () => {
  const draw = {
    normal: <const S extends readonly number[]>(shape: S) =>
      tensor(
        shape,
        Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * i)),
      ),
  };
  const model = FullRankRNN.random({ units: 5, inputs: 1, outputs: 3 }, 1),
    loss = headLoss(mixing(draw.normal([3, 2]))),
    objective = networkObjective(model, { inputs: draw.normal([4, 6, 1]), targets: draw.normal([4, 6, 2]) }, { loss }),
    start: Params = { w: model.params.w, ...loss.params };
  const whole = await last(train(objective, start, { optimizer: sgd(0.5), steps: 20 })),
    half = await last(train(objective, start, { optimizer: sgd(0.5), steps: 10 }));
  const resumed = await last(train(objective, structuredClone(half), { optimizer: sgd(0.5), steps: 10 }));
  expect(Object.keys(whole.params)).toEqual(["w", "mix"]);
  expect(whole.loss).toBeLessThan(half.loss);
  expect(distance(whole.params.mix!.data, loss.params.mix!.data)).toBeGreaterThan(0.01);
  expect(resumed.params).toEqual(whole.params);
  // what is not started with stays
  expect((await last(train(objective, { w: model.params.w } as Params, { steps: 2 }))).params.mix).toBeUndefined();
});

test("wrong losses are refused, each with what to do", () => {
  const model = FullRankRNN.random({ units: 3, inputs: 1, outputs: 2 }, 1),
    batch = { inputs: zeros([2, 4, 1]), targets: zeros([2, 4, 2]) };
  const giving = (change: object, params: Params = {}): CustomLoss => ({
    ...byHand,
    params,
    evaluate: (seen, at) => ({ ...byHand.evaluate(seen, at), ...change }),
  });
  const run =
    (loss: CustomLoss, more: object = {}) =>
    () =>
      lossAndGradient(model, { ...batch, ...more }, { loss });
  expect(run(giving({ loss: NaN }))).toThrow("lossAndGradient: expected a finite loss, got NaN. Fix the loss byHand");
  expect(run(giving({ dOutputs: zeros([2, 4, 1]) }))).toThrow(
    "expected the gradient of byHand in the outputs of shape (2 × 4 × 2), got (2 × 4 × 1)",
  );
  expect(
    run(
      giving({
        dOutputs: tensor(
          [2, 4, 2],
          Array.from({ length: 16 }, (_, i) => (i === 5 ? NaN : 0)),
        ),
      }),
    ),
  ).toThrow("expected finite gradients of the loss in the outputs, got NaN at index [0, 2, 1]");
  expect(run(giving({}, { h: zeros([2]) }))).toThrow("expected a gradient of byHand in its parameter h, got none");
  expect(run(giving({ gradients: { h: tensor([2], [0, Infinity]) } }, { h: zeros([2]) }))).toThrow(
    "got Infinity in h at index [1]",
  );
  expect(run(byHand, { targets: undefined, mask: zeros([2, 4, 2]) })).toThrow("expected targets beside mask, got none");
  expect(
    run(byHand, {
      targets: tensor(
        [2, 4, 2],
        Array.from({ length: 16 }, () => NaN),
      ),
    }),
  ).toThrow("expected finite entries in targets, got NaN at index [0, 0, 0]");
  expect(() => lossAndGradient(model, { inputs: batch.inputs })).toThrow(
    "lossAndGradient: expected targets in the batch, got none",
  );
  expect(() => networkObjective(model, batch, { loss: { ...byHand, params: { w: zeros([1]) } } })({}, 0)).toThrow(
    "expected parameters of the loss or head by names that the model does not use, got w",
  );
  expect(() =>
    networkObjective(model, batch, { loss: { ...byHand, params: { h: zeros([1]) } } })({ v: zeros([1]) }, 0),
  ).toThrow("readoutBias; or of the loss: h, got v");
  expect(() => headLoss(mixing(zeros([2, 2])), poissonLoss())).toThrow(
    "headLoss: expected half the mean squared error, or a custom loss, got a loss of the kind poisson",
  );
  expect(() => headLoss(mixing(zeros([2, 2])), { ...byHand, params: { mix: zeros([1]) } })).toThrow("got mix in both");
});
