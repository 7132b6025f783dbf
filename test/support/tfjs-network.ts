import * as tf from "@tensorflow/tfjs-core";
import type { Activation } from "../../src/kernels";
import type { Network } from "../../src/models";

/**
 * A network written in tfjs operations only: what the operation of `ltrnn/tfjs` must agree with, value and gradient.
 * Euler steps; x0 of one row, or one per trial.
 */
export function inTfjs(
  { params: known, setting, connectivity: { left, right, perTrial } }: Network,
  p: Record<string, tf.Tensor>,
  u: tf.Tensor3D,
  alpha: number,
) {
  const [trials, steps, inputs] = u.shape,
    phi = { tanh: tf.tanh, relu: tf.relu, softplus: tf.softplus, identity: (x: tf.Tensor) => tf.reshape(x, x.shape) }[
      setting.phi as Activation
    ];
  let x: tf.Tensor = known.x0.shape[0] === 1 ? tf.tile(p.x0, [trials, 1]) : tf.reshape(p.x0, p.x0.shape),
    h = phi(x);
  const states = [x],
    rates: tf.Tensor[] = [],
    outputs: tf.Tensor[] = [];
  for (let t = 0; t < steps; t++) {
    const recurrent = right
      ? tf.matMul(
          perTrial ? tf.mul(tf.matMul(h, p[right]), p[perTrial]) : tf.matMul(h, p[right]),
          tf.transpose(p[left]),
        )
      : tf.matMul(h, tf.transpose(p[left]));
    let drive = tf.add(
      recurrent,
      tf.matMul(tf.reshape(tf.slice(u, [0, t, 0], [trials, 1, inputs]), [trials, inputs]), tf.transpose(p.wIn)),
    );
    if (p.bias) drive = tf.add(drive, p.bias);
    x = tf.add(tf.mul(x, 1 - alpha), tf.mul(drive, alpha));
    h = phi(x);
    states.push(x);
    rates.push(h);
    const read = setting.reads === "rates" ? h : x,
      c = p.readout ? tf.matMul(read, tf.transpose(p.readout)) : read,
      y = p.readoutGain ? tf.mul(c, p.readoutGain) : c;
    outputs.push(p.readoutBias ? tf.add(y, p.readoutBias) : y);
  }
  return { states: tf.stack(states, 1), rates: tf.stack(rates, 1), outputs: tf.stack(outputs, 1) };
}
