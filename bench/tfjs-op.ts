/** A network through the tfjs operation beside the same in tfjs operations, on the wasm backend: a loss on the rates, and its gradient in every parameter. `tsx bench/tfjs-op.ts` after a build. */
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-wasm";
import { LowTensorRankRNN, random, tensor } from "ltrnn";
import { networkOp, toTfjs, variablesOf } from "ltrnn/tfjs";
import { median } from "./median";

await tf.setBackend("wasm");
const units = 200, rank = 5, trials = 250, time = 40, inputs = 3, alpha = 0.05, rounds = 7;
const draw = random(1, "inputs").normal, cube = (n: number, std: number) => toTfjs(tensor([trials, time, n], Array.from({ length: trials * time * n }, () => std * draw()))) as tf.Tensor3D;
const model = LowTensorRankRNN.random({ units, inputs, rank, trials, phi: "tanh" }, 1), u = cube(inputs, 1), targets = cube(units, 0.1);
const { a, b, c, wIn, x0, bias } = variablesOf(model.params) as Record<string, tf.Variable>, params = { a, b, c, wIn, x0, bias }, list = Object.values(params);
const op = networkOp(model, { dt: alpha });

const inTfjs = () => {
  const drives = tf.unstack(tf.add(tf.reshape(tf.matMul(tf.reshape(u, [trials * time, inputs]), tf.transpose(wIn)), [trials, time, units]), bias), 1), aT = tf.transpose(a), rates: tf.Tensor[] = [];
  let x: tf.Tensor = tf.tile(x0, [trials, 1]), h = tf.tanh(x);
  for (const drive of drives) {
    const w = tf.matMul(tf.mul(tf.matMul(h, b), c), aT);
    x = tf.add(tf.mul(x, 1 - alpha), tf.mul(tf.add(w, drive), alpha));
    rates.push((h = tf.tanh(x)));
  }
  return tf.stack(rates, 1);
};
const ways = { op: () => op.rates(params, u), tfjs: inTfjs }, times = { op: [] as number[], tfjs: [] as number[] }, seen: Record<string, Float32Array> = {};
for (let round = -2; round < rounds; round++)
  for (const way of ["op", "tfjs"] as const) {
    const begun = performance.now();
    tf.tidy(() => {
      const { grads } = tf.variableGrads(() => tf.mean(tf.square(tf.sub(ways[way](), targets))) as tf.Scalar, list);
      seen[way] = grads[a.name].dataSync() as Float32Array;
    });
    if (round >= 0) times[way].push(performance.now() - begun);
  }
const [ours, theirs] = [median(times.op), median(times.tfjs)], scale = Math.max(...seen.tfjs.map(Math.abs));
console.log(`loss on rates and all gradients: operation ${ours.toFixed(1)} ms, tfjs operations ${theirs.toFixed(1)} ms, ratio ${(ours / theirs).toFixed(3)}; gradients in a differ by ${(Math.max(...seen.tfjs.map((g, i) => Math.abs(g - seen.op[i]))) / scale).toExponential(1)} of the largest`);
