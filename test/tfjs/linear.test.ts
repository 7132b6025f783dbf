import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { describe, beforeAll, expect, test } from "vitest";
import { linear, toTfjs } from "../../src/tfjs";
import { distance } from "../support/close";
import { draw as drawing } from "../support/sweep";

describe.each(["cpu", "wasm"])("on the %s backend", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  test("x w + b and its three gradients are those of tfjs, for any number of modes, with and without b", () => {
    for (let seed = 1; seed <= 20; seed++)
      tf.tidy(() => {
        const draw = drawing(seed),
          n = draw.int(1, 9),
          m = draw.int(1, 9),
          lead = Array.from({ length: draw.int(0, 3) }, () => draw.int(1, 5));
        const x = toTfjs(draw.normal([...lead, n])),
          w = toTfjs(draw.normal([n, m])),
          b = toTfjs(draw.normal([m])),
          weights = toTfjs(draw.normal([...lead, m])),
          biased = draw.int(0, 1) === 1;
        const reference = (x: tf.Tensor, w: tf.Tensor, b?: tf.Tensor) => {
          const y = tf.reshape(tf.matMul(tf.reshape(x, [-1, n]), w as tf.Tensor2D), [...lead, m]);
          return b ? tf.add(y, b) : y;
        };
        const of = (f: typeof reference) =>
          tf.valueAndGrads((...all: tf.Tensor[]) => tf.sum(tf.mul(f(all[0], all[1], all[2]), weights)))(
            biased ? [x, w, b] : [x, w],
          );
        const got = of(linear),
          want = of(reference);
        [got.value, ...got.grads].forEach((g, i) => {
          const r = [want.value, ...want.grads][i];
          expect(g.shape).toEqual(r.shape);
          // sums of up to 125 terms in float32, in another order
          expect(distance(g.dataSync(), r.dataSync()), `seed ${seed}, ${i}`).toBeLessThan(1e-5);
        });
      });
  });

  test("it leaves no tensor over", () => {
    const [x, w, b] = [[4, 3], [3, 2], [2]].map((shape) => tf.ones(shape)),
      step = () =>
        tf.tidy(() => {
          tf.grads((x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) => tf.sum(linear(x, w, b)))([x, w, b]);
        });
    step();
    const { numTensors } = tf.memory();
    for (let i = 0; i < 1000; i++) step();
    expect(tf.memory().numTensors).toBe(numTensors);
  });
});

test("shapes that disagree are refused", () => {
  expect(() => linear(tf.ones([2, 3]), tf.ones([2, 3]))).toThrow(
    "linear: expected x (… × n) of one to six modes, and w (n × m), got (2 × 3) and (2 × 3)",
  );
  expect(() => linear(tf.ones([2, 3]), tf.ones([3, 4]), tf.ones([3]))).toThrow(
    "linear: expected b of shape (4), got (3)",
  );
});
