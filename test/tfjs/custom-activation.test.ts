import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { FullRankRNN, LowTensorRankRNN } from "../../src/models";
import { lossAndGradient } from "../../src/run";
import { tensor, type Params } from "../../src/tensor";
import { networkOp, toTfjs, variablesOf } from "../../src/tfjs";
import { distance } from "../support/close";
import { draw as drawing } from "../support/sweep";

beforeAll(async () => {
  expect(await tf.setBackend("cpu")).toBe(true);
});

const square = { name: "square", value: (x: number) => x * x, derivative: (x: number) => 2 * x };

test(
  "a custom activation and time constants of units in tfjs: gradients " +
    "are those of the library, by all and by outputs",
  () => {
    const draw = drawing(1),
      setting = { phi: square, tau: tensor([5], [0.5, 1, 2, 1, 1]) },
      batch = { inputs: draw.normal([3, 6, 2], 0.3), targets: draw.normal([3, 6, 2]) };
    const models = [
      FullRankRNN.random({ units: 5, inputs: 2, outputs: 2, ...setting }, 1),
      LowTensorRankRNN.random({ units: 5, inputs: 2, outputs: 2, rank: 2, trials: 3, reads: "states", ...setting }, 2),
    ];
    for (const model of models)
      for (const integrator of ["euler", "heun"] as const) {
        const options = { dt: 0.2, integrator },
          want = lossAndGradient(model, batch, options),
          op = networkOp(model, options),
          inputs = toTfjs(batch.inputs) as tf.Tensor3D,
          targets = toTfjs(batch.targets) as tf.Tensor3D;
        for (const outputs of [op.outputs, (p: Record<string, tf.Tensor>, u: tf.Tensor3D) => op.all(p, u).outputs]) {
          const params = variablesOf(model.params as never) as Record<string, tf.Variable>,
            { value, grads } = tf.variableGrads(() =>
              tf.div<tf.Scalar>(tf.mean(tf.square(tf.sub(outputs(params, inputs), targets))), 2),
            );
          expect(Math.abs(value.dataSync()[0] / want.loss - 1)).toBeLessThan(1e-5);
          for (const [name, variable] of Object.entries(params)) {
            const exact = (want.gradients as unknown as Params)[name]!.data;
            expect(distance(grads[variable.name].dataSync(), exact), `${name}, ${integrator}`).toBeLessThan(3e-5);
          }
          for (const variable of Object.values(params)) variable.dispose();
        }
      }
  },
);
