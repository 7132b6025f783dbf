/**
 * Problem S, float32: our loss and gradient, and the network as a tfjs operation, beside the same in tfjs operations
 * on the wasm backend, with a loss on all rates or on three outputs, and its gradient in every parameter.
 */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import { LowTensorRankRNN, lossAndGradient, random, tensor } from "ltrnn";
import { networkOp, toTfjs, variablesOf } from "ltrnn/tfjs";
import { median } from "./median";

await tf.setBackend("wasm");
const units = 200,
  rank = 5,
  trials = 250,
  time = 40,
  inputs = 3,
  alpha = 0.05,
  rounds = 7;
const draw = random(1, "inputs").normal,
  cube = (n: number, std: number) =>
    tensor(
      [trials, time, n],
      Array.from({ length: trials * time * n }, () => std * draw()),
    );
const drives = cube(inputs, 1),
  u = toTfjs(drives) as tf.Tensor3D;

for (const outputs of [undefined, 3]) {
  const model = LowTensorRankRNN.random({ units, inputs, outputs, rank, trials, phi: "tanh" }, 1),
    wanted = cube(outputs ?? units, 0.1),
    targets = toTfjs(wanted),
    op = networkOp(model, { dt: alpha });
  const params = variablesOf(model.params) as Record<string, tf.Variable>,
    list = Object.values(params),
    { a, b, c, wIn, x0, bias, readout, readoutBias } = params;
  const inTfjs = () => {
    const steps = tf.unstack(
        tf.add(
          tf.reshape(tf.matMul(tf.reshape(u, [trials * time, inputs]), tf.transpose(wIn)), [trials, time, units]),
          bias,
        ),
        1,
      ),
      aT = tf.transpose(a),
      seen: tf.Tensor[] = [],
      cT = readout && tf.transpose(readout);
    let x: tf.Tensor = tf.tile(x0, [trials, 1]),
      h = tf.tanh(x);
    for (const drive of steps) {
      const w = tf.matMul(tf.mul(tf.matMul(h, b), c), aT);
      x = tf.add(tf.mul(x, 1 - alpha), tf.mul(tf.add(w, drive), alpha));
      h = tf.tanh(x);
      seen.push(cT ? tf.add(tf.matMul(h, cT), readoutBias) : h);
    }
    return tf.stack(seen, 1);
  };
  const inTurn = (outputs: () => tf.Tensor) => () =>
    tf.tidy(() =>
      tf
        .variableGrads(() => tf.mean(tf.square(tf.sub(outputs(), targets))) as tf.Scalar, list)
        .grads[a.name].dataSync(),
    );
  const ways = {
    ours: () =>
      lossAndGradient(
        model,
        { inputs: drives, targets: wanted },
        { dt: alpha, precision: "float32" },
      ).gradients.a.data.map((g) => 2 * g), // of half the mean
    op: inTurn(() => op.outputs(params, u)),
    tfjs: inTurn(inTfjs),
  };
  const times = { ours: [] as number[], op: [] as number[], tfjs: [] as number[] },
    gradients: Record<string, ArrayLike<number>> = {};
  for (let round = -2; round < rounds; round++)
    for (const way of ["ours", "op", "tfjs"] as const) {
      const begun = performance.now();
      gradients[way] = ways[way]();
      if (round >= 0) times[way].push(performance.now() - begun);
    }
  const theirs = median(times.tfjs),
    largest = Math.max(...Array.from(gradients.tfjs, Math.abs));
  for (const [way, name, target] of [
    ["ours", "lossAndGradient", outputs ? undefined : 0.05],
    ["op", "the operation", 0.15],
  ] as const) {
    const difference = Math.max(...Array.from(gradients.tfjs, (g, i) => Math.abs(g - gradients[way][i]))) / largest;
    console.log(
      `${`problem S, ${outputs ? `${outputs} outputs` : `${units} rates`}, ${name}`.padEnd(58)} ours ` +
        `${median(times[way]).toFixed(1).padStart(7)} ms, tfjs ${theirs.toFixed(1)} ms, ratio ` +
        `${(median(times[way]) / theirs).toFixed(3)}${target ? ` (at most ${target})` : ""}; gradients ` +
        `in a differ by ${difference.toExponential(1)} of the largest`,
    );
  }
  list.forEach((x) => x.dispose());
}
