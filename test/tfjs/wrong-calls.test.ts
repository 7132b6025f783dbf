import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { FullRankRNN } from "../../src/models";
import type { Head, CustomLoss } from "../../src/losses";
import { tensor, zeros } from "../../src/tensor";
import { fromTfjs, linear, networkOp, paramsOf, tfjsHead, tfjsLoss, toTfjs, variablesOf } from "../../src/tfjs";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** What is right nowhere below. */
const nowhereRight: readonly (readonly [name: string, value: unknown])[] = [
  ["null", null],
  ["NaN", NaN],
  ["-1", -1],
  ["2 ** 40", 2 ** 40],
  ["a text", "text"],
  ["an empty text", ""],
  ["true", true],
  ["a symbol", Symbol("s")],
  ["a BigInt", 5n],
  ["an array", [1, 2]],
  ["a typed array", new Float64Array(3)],
  ["a date", new Date(0)],
  ["a map", new Map()],
  ["a Promise", Promise.resolve(1)],
  ["a record without meaning", { surprise: 1 }],
  ["a tensor of fractional size", { shape: [1.5, 2], data: new Float64Array(3) }],
  ["a tensor of negative size", { shape: [-1, -3], data: new Float64Array(3) }],
  ["a tensor whose data disagree", { shape: [2, 2], data: new Float64Array(3) }],
  ["a tensor of an array", { shape: [2], data: [1, 2] }],
  ["a shape of text", { shape: "abc", data: new Float64Array(3) }],
  ["something that is nearly of tfjs", { shape: [1], dtype: "float32", dataSync: 1, data: 2 }],
];

const model = FullRankRNN.random({ units: 3, inputs: 1, outputs: 1 }, 1),
  u = zeros([2, 4, 1]),
  op = networkOp(model),
  square = (y: tf.Tensor) => tf.mean(tf.square(y)),
  disposed = () => {
    const x = tf.zeros([2, 2]);
    x.dispose();
    return x;
  };

let loss: CustomLoss, head: Head; // made when the backend is there
beforeAll(() => {
  loss = tfjsLoss((y, { head: { g } }) => square(tf.mul(y, g)), { head: { g: tf.scalar(2) } });
  head = tfjsHead((y, { g }) => tf.mul(y, g), { head: { g: tf.scalar(2) } });
});
const params = { g: tensor([], [2]) };

type Call = (junk: never) => unknown;
/** Every argument of every function, and what an error may be said to come from. */
type Place = readonly [where: string, argument: string, call: Call, also: readonly unknown[]];
const places: readonly Place[] = [
  ["toTfjs", "x", toTfjs as Call, [undefined, disposed]],
  ["fromTfjs", "x", fromTfjs as Call, [undefined, disposed(), u]],
  ["variablesOf", "params", variablesOf as Call, [undefined, { w: null }, { w: 1 }, { w: tf.zeros([1]) }]],
  ["paramsOf", "tensors", paramsOf as Call, [undefined, { w: u }, { w: disposed() }, { w: undefined }]],
  ["linear", "x", (x) => linear(x, tf.zeros([2, 2])), [undefined, u, disposed(), tf.scalar(1), tf.zeros([2, 3])]],
  ["linear", "w", (w) => linear(tf.zeros([2, 2]), w), [undefined, u, disposed(), tf.zeros([2]), tf.zeros([3, 2])]],
  ["linear", "b", (b) => linear(tf.zeros([2, 2]), tf.zeros([2, 2]), b), [u, disposed(), tf.zeros([3]), tf.scalar(1)]],
  ["networkOp", "model", (x) => networkOp(x), [undefined, {}, { params: {} }]],
  [
    "networkOp",
    "options",
    (options) => networkOp(model, options),
    [0.05, { dT: 1 }, { dt: 0 }, { dt: "0.1" }, { noise: null }, { noise: { sigma: 1 } }, { integrator: "toString" }],
  ],
  [
    "networkOp.outputs",
    "params",
    (params) => op.outputs(params, u),
    [undefined, { constructor: tf.scalar(1) }, { w: u }],
  ],
  ["networkOp.rates", "params", (params) => op.rates(params, u), [undefined, { w: tf.zeros([9]) }, { w: disposed() }]],
  ["networkOp.states", "inputs", (inputs) => op.states({}, inputs), [undefined, tf.zeros([2, 4]), zeros([2, 4, 2])]],
  ["tfjsLoss", "f", (f) => tfjsLoss(f), [undefined, {}]],
  ["tfjsLoss", "options", (options) => tfjsLoss(square, options), [{ heads: {} }, { head: { g: 1 } }, { name: 3 }]],
  ["tfjsHead", "f", (f) => tfjsHead(f), [undefined, {}]],
  ["tfjsHead", "options", (options) => tfjsHead(square, options), [{ head: null }, { head: { g: disposed() } }]],
  ["tfjsLoss", "seen", (seen) => loss.evaluate(seen, params), [undefined, {}, { outputs: zeros([2]) }]],
  ["tfjsLoss", "params", (params) => loss.evaluate({ outputs: u }, params), [undefined, { g: null }, { g: 1 }]],
  ["tfjsHead", "outputs", (outputs) => head.predict(outputs, params), [undefined, {}, zeros([2])]],
  ["tfjsHead", "dPrediction", (d) => head.adjoint(u, d, params), [undefined, {}, zeros([2, 4, 2])]],
  ["tfjsHead", "params", (params) => head.adjoint(u, u, params), [undefined, { g: { shape: [2], data: [1] } }]],
];

test.each(places)("%s refuses a wrong %s, whatever it is, in its own name", async (where, _argument, call, also) => {
  const others = also.map((value, i) => [`special ${i}`, value] as const);
  for (const [name, value] of [...nowhereRight, ...others]) {
    const error = await Promise.resolve()
      .then(() => call(value as never))
      .then(
        () => "accepted",
        (reason: unknown) => reason,
      );
    expect(error, `${name}: ${error}`).toBeInstanceOf(LtrnnError);
    const { where: said, got, fix } = error as LtrnnError;
    expect([said, got.length > 0, fix.length > 0], name).toEqual([where, true, true]);
  }
});

test("functions that give what they should not are refused, and nothing is left over", () => {
  const before = tf.memory().numTensors;
  for (const given of [undefined, null, 1, "text", Symbol("s"), u, {}, Promise.resolve(1)])
    expect(() => tfjsLoss(() => given as never).evaluate({ outputs: u }, {})).toThrow(
      /^tfjsLoss: expected a scalar tensor, in float32, got ./,
    );
  expect(() => tfjsHead(() => tf.zeros([9, 4, 1])).predict(u, {})).toThrow(
    "tfjsHead: expected a prediction (2 × 4 × n)",
  );
  expect(() => variablesOf({ a: tensor([1], [1]), b: tensor([1], [1e300]) })).toThrow("variablesOf: expected numbers");
  expect(tf.memory().numTensors).toBe(before);
});
