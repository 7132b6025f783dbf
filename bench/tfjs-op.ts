/** A network through the tfjs operation beside the same in tfjs operations, on the wasm backend: a loss, on all rates or on three outputs, and its gradient in every parameter: `npm run bench`. */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import { LowTensorRankRNN, random, tensor } from "ltrnn";
import { networkOp, toTfjs, variablesOf } from "ltrnn/tfjs";
import { median } from "./median";

await tf.setBackend("wasm");
const units = 200, rank = 5, trials = 250, time = 40, inputs = 3, alpha = 0.05, rounds = 7;
const draw = random(1, "inputs").normal, cube = (n: number, std: number) => toTfjs(tensor([trials, time, n], Array.from({ length: trials * time * n }, () => std * draw()))) as tf.Tensor3D;
const u = cube(inputs, 1);

for (const outputs of [undefined, 3]) {
  const model = LowTensorRankRNN.random({ units, inputs, outputs, rank, trials, phi: "tanh" }, 1), targets = cube(outputs ?? units, 0.1), op = networkOp(model, { dt: alpha });
  const params = variablesOf(model.params) as Record<string, tf.Variable>, list = Object.values(params), { a, b, c, wIn, x0, bias, readout, readoutBias } = params;
  const inTfjs = () => {
    const drives = tf.unstack(tf.add(tf.reshape(tf.matMul(tf.reshape(u, [trials * time, inputs]), tf.transpose(wIn)), [trials, time, units]), bias), 1), aT = tf.transpose(a), seen: tf.Tensor[] = [], cT = readout && tf.transpose(readout);
    let x: tf.Tensor = tf.tile(x0, [trials, 1]), h = tf.tanh(x);
    for (const drive of drives) {
      const w = tf.matMul(tf.mul(tf.matMul(h, b), c), aT);
      x = tf.add(tf.mul(x, 1 - alpha), tf.mul(tf.add(w, drive), alpha));
      h = tf.tanh(x);
      seen.push(cT ? tf.add(tf.matMul(h, cT), readoutBias) : h);
    }
    return tf.stack(seen, 1);
  };
  const ways = { op: () => op.outputs(params, u), tfjs: inTfjs }, times = { op: [] as number[], tfjs: [] as number[] }, gradients: Record<string, Float32Array> = {};
  for (let round = -2; round < rounds; round++)
    for (const way of ["op", "tfjs"] as const) {
      const begun = performance.now();
      tf.tidy(() => {
        const { grads } = tf.variableGrads(() => tf.mean(tf.square(tf.sub(ways[way](), targets))) as tf.Scalar, list);
        gradients[way] = grads[a.name].dataSync() as Float32Array;
      });
      if (round >= 0) times[way].push(performance.now() - begun);
    }
  const [ours, theirs] = [median(times.op), median(times.tfjs)], largest = Math.max(...gradients.tfjs.map(Math.abs)), difference = Math.max(...gradients.tfjs.map((g, i) => Math.abs(g - gradients.op[i]))) / largest;
  console.log(`loss on ${outputs ? `${outputs} outputs` : `${units} rates`}, all gradients: operation ${ours.toFixed(1)} ms, tfjs operations ${theirs.toFixed(1)} ms, ratio ${(ours / theirs).toFixed(3)}; gradients in a differ by ${difference.toExponential(1)} of the largest`);
  list.forEach((x) => x.dispose());
}
