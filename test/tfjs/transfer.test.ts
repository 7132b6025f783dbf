import * as tf from "@tensorflow/tfjs-core";
import { expect, test } from "vitest";
import { FullRankRNN } from "../../src/models";
import { lossAndGradient } from "../../src/run";
import { zeros } from "../../src/tensor";
import { linear, networkOp, tfjsLoss, toTfjs, variablesOf } from "../../src/tfjs";

const model = FullRankRNN.random({ units: 2, inputs: 1, outputs: 1 }, 1),
  inputs = zeros([1, 2, 1]);
const calls: Record<string, () => unknown> = {
  toTfjs: () => toTfjs(inputs),
  variablesOf: () => variablesOf(model.params as never),
  linear: () => linear({ shape: [1, 1] } as never, { shape: [1, 1] } as never),
  "networkOp.outputs": () => networkOp(model).outputs({}, inputs),
  tfjsLoss: () => lossAndGradient(model, { inputs }, { loss: tfjsLoss((y) => tf.mean(y)) }),
};

test.each(Object.keys(calls))(
  "without a backend, and before it is ready, a call says what to await: %s",
  async (name) => {
    expect(calls[name]).toThrow(
      /: expected a tfjs backend .* No backend found in registry\.. Import one, such as "@tensorflow\/tfjs-/,
    );
    let ready = (_: tf.KernelBackend) => {};
    tf.registerBackend("slow", () => new Promise((resolve) => (ready = resolve)));
    const setting = tf.setBackend("slow");
    expect(calls[name]).toThrow(
      /expected a tfjs backend that is ready, got .* Backend 'slow' has not yet been initialized.*await tf\.setBackend/,
    );
    ready({ dispose() {}, memory: () => ({ unreliable: true }), numDataIds: () => 0 } as never);
    await setting;
    tf.removeBackend("slow");
  },
);
