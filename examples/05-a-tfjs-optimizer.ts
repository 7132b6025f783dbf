/** The network as a TensorFlow.js operation, moved by a tfjs optimizer, and taken back as a model. */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { LowTensorRankRNN, random, simulate, tensor } from "ltrnn";
import { networkOp, paramsOf, toTfjs, variablesOf } from "ltrnn/tfjs";

export async function main() {
  await tf.setBackend("cpu");
  const trials = 8,
    spec = { units: 15, inputs: 2, outputs: 2, rank: 2, trials },
    truth = LowTensorRankRNN.random(spec, 1),
    model = LowTensorRankRNN.random(spec, 2);
  const inputs = tensor([trials, 20, 2], Array.from({ length: trials * 40 }, random(3, "inputs").normal));
  const wanted = toTfjs(simulate(truth, inputs, { dt: 0.1 }).outputs),
    op = networkOp(model, { dt: 0.1 });

  const params = variablesOf(model.params),
    optimizer = tf.train.rmsprop(0.005),
    losses: number[] = [];
  for (let step = 0; step < 80; step++) {
    const loss = optimizer.minimize(
      () => tf.losses.meanSquaredError(wanted, op.outputs(params, inputs)) as tf.Scalar,
      true,
    )!;
    losses.push(loss.dataSync()[0]);
    loss.dispose();
  }
  const trained = model.with({ params: await paramsOf(params) });
  [wanted, optimizer, ...Object.values(params)].forEach((x) => x.dispose());
  console.log(
    `mean squared error ${losses[0].toExponential(2)} before, ${losses[79].toExponential(2)} after; the ` +
      `weights of trial 0 are (${trained.weights(0).shape.join(" × ")})`,
  );
  return losses[79];
}
