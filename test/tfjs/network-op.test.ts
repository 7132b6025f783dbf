import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, test } from "vitest";
import { FullRankRNN, LowRankRNN, LowTensorRankRNN } from "../../src/models";
import { simulate } from "../../src/run";
import { zeros, type Tensor, type Tensor3 } from "../../src/tensor";
import { networkOp, paramsOf, toTfjs, variablesOf } from "../../src/tfjs";
import { distance } from "../support/close";
import { draw as drawing, type Draw } from "../support/sweep";
import { inTfjs } from "../support/tfjs-network";

const kinds = ["full rank", "low rank", "low tensor rank"] as const,
  whats = ["states", "rates", "outputs"] as const;
/**
 * Sums of some tens of terms in float32, 6e-8 each, through up to eight steps of a network that does not amplify much.
 */
const tolerance = 3e-5;

function drawModel(draw: Draw, kind: (typeof kinds)[number], trials: number) {
  const units = draw.int(2, 7),
    inputs = draw.int(1, 3),
    outputs = draw.int(1, 3),
    rank = draw.int(1, 3),
    normal = draw.normal;
  const setting = {
    phi: (["tanh", "relu", "softplus", "identity"] as const)[draw.int(0, 3)],
    reads: draw.int(0, 1) ? ("rates" as const) : ("states" as const),
    tau: 1,
  };
  const shared = {
    wIn: normal([units, inputs]),
    x0: normal([draw.int(0, 1) ? 1 : trials, units], 0.5),
    ...(draw.int(0, 3) ? { bias: normal([units], 0.3) } : {}),
    ...(draw.int(0, 3) ? { readout: normal([outputs, units], 0.5), readoutBias: normal([outputs]) } : {}),
    ...(outputs === units && draw.int(0, 1) ? { readoutGain: normal([outputs]) } : {}),
  };
  if (kind === "full rank") return new FullRankRNN({ ...shared, w: normal([units, units], 0.4) }, setting);
  const [a, b] = [normal([units, rank], 0.5), normal([units, rank], 0.5)];
  return kind === "low rank"
    ? new LowRankRNN({ ...shared, m: a, n: b }, setting)
    : new LowTensorRankRNN({ ...shared, a, b, c: normal([trials, rank]) }, setting);
}

const numbers = (tensors: Record<string, tf.Tensor>) =>
  Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, x.dataSync() as Float32Array]));

describe.each(["cpu", "wasm"])("on the %s backend", (backend) => {
  beforeAll(async () => {
    expect(await tf.setBackend(backend)).toBe(true);
  });

  test.each(kinds)(
    "values and every gradient agree with tfjs's own of the same network in tfjs operations: %s",
    (kind) => {
      for (let seed = 1; seed <= 12; seed++) {
        const draw = drawing(seed),
          trials = draw.int(1, 19),
          steps = draw.int(1, 8),
          model = drawModel(draw, kind, trials),
          alpha = 0.2;
        tf.tidy(() => {
          const params = variablesOf(model.params as never) as Record<string, tf.Variable>,
            names = Object.keys(params),
            inputs = toTfjs(draw.normal([trials, steps, model.params.wIn.shape[1]])) as tf.Tensor3D,
            op = networkOp(model, { dt: alpha });
          // weights of every entry, so that a gradient that is put in the wrong place shows
          const weights = Object.fromEntries(
            Object.entries(inTfjs(model, params, inputs, alpha)).map(([what, y]) => [
              what,
              toTfjs(draw.normal(y.shape)),
            ]),
          );
          const all = [...names.map((name) => params[name]), inputs];
          const gradients = (f: (p: Record<string, tf.Tensor>, u: tf.Tensor3D) => tf.Tensor) => {
            const { value, grads } = tf.engine().gradients(() => f(params, inputs), all, undefined, true);
            return numbers({
              value,
              ...Object.fromEntries(grads.map((g, i) => [names[i] ?? "inputs", g ?? tf.zerosLike(all[i])])),
            });
          };
          const compare = (got: Record<string, Float32Array>, want: Record<string, Float32Array>, what: string) => {
            for (const name of Object.keys(want))
              expect(distance(got[name], want[name]), `seed ${seed}, ${what}, ${name}`).toBeLessThan(tolerance);
          };
          for (const what of whats) {
            expect(
              distance(op[what](params, inputs).dataSync(), inTfjs(model, params, inputs, alpha)[what].dataSync()),
              `seed ${seed}, ${what}`,
            ).toBeLessThan(tolerance);
            const by = (y: tf.Tensor) => tf.sum(tf.mul(tf.square(y), weights[what]));
            compare(
              gradients((p, u) => by(op[what](p, u))),
              gradients((p, u) => by(inTfjs(model, p, u, alpha)[what])),
              what,
            );
          }
          const together = (y: Record<string, tf.Tensor>) =>
            tf.add(
              tf.sum(tf.mul(y.states, weights.states)),
              tf.add(tf.sum(tf.mul(tf.square(y.rates), weights.rates)), tf.sum(tf.mul(y.outputs, weights.outputs))),
            );
          compare(
            gradients((p, u) => together(op.all(p, u))),
            gradients((p, u) => together(inTfjs(model, p, u, alpha))),
            "all",
          );
          names.forEach((name) => params[name].dispose());
        });
      }
    },
  );

  test("no tensor is left over after 1000 steps of a tfjs optimizer on any of the outputs", () => {
    const model = LowTensorRankRNN.random({ units: 3, inputs: 1, outputs: 1, rank: 1, trials: 2 }, 1),
      params = variablesOf(model.params as never) as Record<string, tf.Variable>,
      op = networkOp(model),
      u = toTfjs(zeros([2, 3, 1])),
      optimizer = tf.train.sgd(0.01);
    const losses = [
      () => op.outputs(params, u),
      () => op.rates(params, zeros([2, 3, 1])),
      () => op.states(params, u),
      () => op.all(params, u).outputs,
    ].map((y) => () => tf.mean(tf.square(tf.sub(y(), 1))) as tf.Scalar);
    const step = (i: number) => optimizer.minimize(losses[i % 4]);
    for (let i = 0; i < 4; i++) step(i);
    const { numTensors, numDataBuffers, numBytes } = tf.memory();
    for (let i = 0; i < 1000; i++) step(i);
    expect(tf.memory()).toMatchObject({ numTensors, numDataBuffers, numBytes });
    [...Object.values(params), u].forEach((x) => x.dispose());
  });

  test("a tfjs optimizer trains every parameter, and the model takes them back", async () => {
    const draw = drawing(5),
      trials = 6,
      truth = LowTensorRankRNN.random({ units: 8, inputs: 2, outputs: 2, rank: 2, trials }, 3),
      inputs = draw.normal([trials, 10, 2]),
      targets = simulate(truth, inputs, { dt: 0.2 }).outputs;
    const model = LowTensorRankRNN.random({ units: 8, inputs: 2, outputs: 2, rank: 2, trials }, 4),
      params = variablesOf(model.params as never) as Record<string, tf.Variable>,
      op = networkOp(model, { dt: 0.2 }),
      wanted = toTfjs(targets),
      optimizer = tf.train.adam(0.02);
    const loss = () => tf.losses.meanSquaredError(wanted, op.outputs(params, inputs)) as tf.Scalar;
    const before = tf.tidy(() => loss().dataSync()[0]);
    for (let i = 0; i < 60; i++) optimizer.minimize(loss);
    const trained = model.with({ params: (await paramsOf(params)) as never });
    for (const [name, p] of Object.entries(trained.params))
      expect(distance(p!.data, (model.params as Record<string, Tensor>)[name].data), name).toBeGreaterThan(0);
    const now =
      simulate(trained, inputs, { dt: 0.2 }).outputs.data.reduce((sum, y, at) => sum + (y - targets.data[at]) ** 2, 0) /
      targets.data.length;
    expect(now).toBeLessThan(before / 10);
  });
});

test(
  "parameters that are not passed are constants, trials and conditions are " +
    "chosen as in simulate, and noise is that of its seed",
  () => {
    const draw = drawing(2),
      model = drawModel(draw, "low tensor rank", 4),
      some = model.with({ params: { x0: draw.normal([4, model.units]) } }),
      options = {
        dt: 0.1,
        trials: [3, 1, 3],
        conditions: [0, 2, 2],
        noise: { sigma: 0.2, seed: 4 },
        integrator: "heun",
      } as const;
    const inputs = draw.normal([3, 5, model.params.wIn.shape[1]]),
      want = simulate(some, inputs, options),
      op = networkOp(some, options);
    for (const what of whats)
      expect(distance(op[what]({}, inputs).dataSync(), want[what].data), what).toBeLessThan(tolerance);
    const { wIn } = variablesOf({ wIn: model.params.wIn }),
      { grads } = tf.variableGrads(() => tf.sum(op.rates({ wIn }, inputs)) as tf.Scalar);
    expect(Object.keys(grads)).toEqual([wIn.name]);
    // the loss asked for twice on one tape: its second gradient runs forward anew
    const twice = tf
        .grad((w: tf.Tensor) => tf.sum(tf.add(op.rates({ wIn: w }, inputs), op.rates({ wIn: w }, inputs))))(wIn)
        .dataSync(),
      once = grads[wIn.name].dataSync();
    expect(
      distance(
        twice,
        once.map((g) => 2 * g),
      ),
    ).toBeLessThan(1e-6);
    wIn.dispose();
  },
);

test("wrong calls are refused with their place", () => {
  const model = FullRankRNN.random({ units: 3, inputs: 1, outputs: 1 }, 1),
    op = networkOp(model),
    u = zeros([2, 4, 1]);
  expect(() => networkOp(model, { plant: {} } as never)).toThrow(
    "networkOp: expected no plant, got one. Hand the plant to networkObjective",
  );
  expect(() => op.outputs({ v: tf.scalar(1) }, u)).toThrow(
    "networkOp.outputs: expected parameters of the model: w, wIn, x0, bias, readout, readoutBias, got v",
  );
  expect(() => op.rates({ w: model.params.w as never }, u)).toThrow(
    "networkOp.rates: expected w to be a tfjs tensor or variable",
  );
  expect(() => op.states({ w: tf.zeros([2, 2]) }, u)).toThrow(
    "networkOp.states: expected w of shape (3 × 3), as in the model, got (2 × 2)",
  );
  expect(() => op.states({}, tf.zeros([2, 4]))).toThrow("networkOp.states: expected inputs to have 3 modes");
  expect(() => op.outputs({ w: tf.fill([3, 3], NaN) }, u)).toThrow(
    "networkOp.outputs: expected finite entries in w, got NaN at index [0, 0]",
  );
  expect(() => tf.grad((w: tf.Tensor) => tf.mul(tf.sum(op.outputs({ w }, u)), NaN))(tf.zeros([3, 3]))).toThrow(
    "networkOp.outputs: expected finite gradients of the loss in the outputs, got NaN at index [0, 0, 0]",
  );
  expect(op.outputs({}, u as Tensor3).shape).toEqual([2, 4, 1]);
});
