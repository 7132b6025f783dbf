/**
 * A head in TensorFlow.js on a low-tensor-rank network: a softmax reads from its rates which of two stimuli was shown,
 * and both train.
 */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { LowTensorRankRNN, adam, last, networkObjective, random, tensor, train } from "ltrnn";
import { linear, tfjsLoss } from "ltrnn/tfjs";

export async function main() {
  await tf.setBackend("cpu");
  const trials = 20,
    steps = 25,
    noise = random(1, "noise").normal,
    shown = Array.from({ length: trials }, (_, k) => k % 2);
  const model = LowTensorRankRNN.random({ units: 20, inputs: 2, rank: 2, trials }, 2);
  const inputs = tensor(
    [trials, steps, 2],
    Array.from(
      { length: trials * steps * 2 },
      (_, at) => (shown[Math.floor(at / 2 / steps)] === at % 2 ? 0.3 : 0) + noise(),
    ),
  );
  const labels = tf.oneHot(tf.tensor1d(shown, "int32"), 2);

  const entropy = tfjsLoss(
    (rates, { head }) => {
      const atEnd = tf.reshape(tf.slice(rates, [0, steps - 1, 0], [trials, 1, 20]), [trials, 20]);
      return tf.losses.softmaxCrossEntropy(labels, linear(atEnd, head.readout, head.offset));
    },
    { head: { readout: tf.zeros([20, 2]), offset: tf.zeros([2]) } },
  );
  const objective = networkObjective(model, { inputs }, { dt: 0.1, loss: entropy }),
    start = { ...model.params, ...entropy.params };
  const end = await last(train(objective, start, { optimizer: adam(0.02), steps: 60 }));
  console.log(
    `cross-entropy ${objective(start, 0).loss.toFixed(3)} before, ${end.loss.toFixed(3)} ` +
      `after; trained: ${Object.keys(end.params).join(", ")}`,
  );
  labels.dispose();
  return end.loss;
}
