/** A loss written in TensorFlow.js operations, in `train`: a robust error, and a price on rates that change fast. */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { FullRankRNN, adam, last, networkObjective, random, tensor, train } from "ltrnn";
import { linear, tfjsLoss } from "ltrnn/tfjs";

export async function main() {
  await tf.setBackend("cpu");
  const trials = 4,
    steps = 30,
    units = 20,
    draw = random(1, "outliers"),
    model = FullRankRNN.random({ units, inputs: 1 }, 2); // no readout: the loss sees its rates
  const inputs = tensor(
    [trials, steps, 1],
    Array.from({ length: trials * steps }, (_, at) => Math.sin(((at % steps) * (1 + Math.floor(at / steps))) / 10)),
  );
  const targets = tensor(
    [trials, steps, 1],
    inputs.data.map((u) => 0.5 * u + (draw.uniform() < 0.05 ? 5 : 0)),
  );

  const robust = tfjsLoss(
    (rates, { targets: wanted, head }) => {
      const jumps = tf.sub(
        tf.slice(rates, [0, 1, 0], [trials, steps - 1, units]),
        tf.slice(rates, [0, 0, 0], [trials, steps - 1, units]),
      );
      return tf.add(
        tf.losses.huberLoss(wanted, linear(rates, head.readout), undefined, 0.1),
        tf.mul(0.01, tf.mean(tf.square(jumps))),
      );
    },
    { head: { readout: tf.zeros([units, 1]) } },
  );
  const objective = networkObjective(model, { inputs, targets }, { dt: 0.2, loss: robust }),
    start = { ...model.params, ...robust.params };
  const end = await last(train(objective, start, { optimizer: adam(0.01), steps: 80 }));
  console.log(`loss ${objective(start, 0).loss.toFixed(4)} before, ${end.loss.toFixed(4)} after ${end.step} updates`);
  return end.loss;
}
