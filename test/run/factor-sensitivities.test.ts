import { expect, test } from "vitest";
import { LowTensorRankRNN } from "../../src/models";
import { activations } from "../../src/kernels";
import { lossAndGradient, simulate } from "../../src/run";
import { factorSensitivities, ownDirections } from "../../src/run/factor-sensitivities";
import { zeros, type Tensor3 } from "../../src/tensor";
import { distance } from "../support/close";
import { sweep, type Draw } from "../support/sweep";

/** A network of random sizes, with or without each part, and what drives it. */
function drawn(d: Draw) {
  const units = d.int(2, 7),
    rank = d.int(1, 3),
    trials = d.int(1, 4),
    outputs = d.int(1, 5),
    steps = d.int(1, 6),
    readout = d.int(0, 1) === 1;
  const model = new LowTensorRankRNN(
    {
      a: d.normal([units, rank]),
      b: d.normal([units, rank]),
      c: d.normal([trials, rank]),
      wIn: d.normal([units, 2]),
      x0: d.normal([1, units]),
      bias: d.normal([units]),
      ...(d.int(0, 1) ? { w0: d.normal([units, units], 0.3) } : {}),
      ...(readout ? { readout: d.normal([outputs, units]) } : {}),
      ...(d.int(0, 1) ? { readoutGain: d.normal([readout ? outputs : units]) } : {}),
    },
    { tau: 2, phi: activations[d.int(0, activations.length - 1)], reads: d.int(0, 1) ? "rates" : "states" },
  );
  const inputs = d.normal([trials, steps, 2]),
    { states, outputs: y } = simulate(model, inputs, { dt: 0.7 });
  const jacobian = zeros([...y.shape, rank] as never);
  factorSensitivities(
    model,
    { states, dt: 0.7, trialOf: [...Array(trials).keys()] },
    ownDirections(rank),
    (trial, part) => jacobian.data.set(part, trial * part.length),
  );
  return { model, inputs, y, jacobian: jacobian.data, rank };
}

test("outputs in trial factors: the product with the transpose is that of the adjoint of the scan", () =>
  sweep((d) => {
    const { model, inputs, y, jacobian, rank } = drawn(d),
      v = d.normal(y.shape);
    // half the mean of (y - target)² has the gradient J' (y - target) / count
    const targets: Tensor3 = { shape: y.shape, data: y.data.map((x, at) => x - y.data.length * v.data[at]) };
    const { gradients } = lossAndGradient(model, { inputs, targets }, { dt: 0.7 });
    const product = new Float64Array(gradients.c.data.length),
      perTrial = y.data.length / y.shape[0];
    for (let at = 0; at < y.data.length; at++)
      for (let r = 0; r < rank; r++)
        product[Math.floor(at / perTrial) * rank + r] += jacobian[at * rank + r] * v.data[at];
    expect(distance(product, gradients.c.data)).toBeLessThan(1e-11);
  }, 40));

test("outputs in trial factors pass finite differences", () =>
  sweep((d) => {
    const { model, inputs, jacobian, y, rank } = drawn(d);
    if (model.setting.phi === "relu") return; // a corner within a step
    const step = d.normal(model.params.c.shape),
      h = 1e-6;
    const moved = (sign: number) =>
      simulate(
        model.with({
          params: { c: { ...model.params.c, data: model.params.c.data.map((c, i) => c + sign * h * step.data[i]) } },
        }),
        inputs,
        { dt: 0.7 },
      ).outputs.data;
    const [up, down] = [moved(1), moved(-1)],
      perTrial = y.data.length / y.shape[0];
    const product = y.data.map((_, at) => {
      let sum = 0;
      for (let r = 0; r < rank; r++) sum += jacobian[at * rank + r] * step.data[Math.floor(at / perTrial) * rank + r];
      return sum;
    });
    expect(
      distance(
        up.map((x, at) => (x - down[at]) / (2 * h)),
        product,
      ),
    ).toBeLessThan(1e-6);
  }, 30));

test("outputs along every direction a_q b_r' pass finite differences", () =>
  sweep((d) => {
    const units = d.int(2, 5),
      rank = d.int(1, 3),
      steps = d.int(1, 5);
    const model = new LowTensorRankRNN(
      {
        a: d.normal([units, rank]),
        b: d.normal([units, rank]),
        c: d.normal([2, rank]),
        w0: zeros([units, units]),
        wIn: d.normal([units, 1]),
        x0: d.normal([1, units]),
      },
      { tau: 2 },
    );
    const { a, b } = model.params,
      inputs = d.normal([2, steps, 1]),
      [q, r] = [d.int(0, rank - 1), d.int(0, rank - 1)],
      h = 1e-6;
    const moved = (sign: number) => {
      const w0 = zeros([units, units]);
      for (let i = 0; i < units; i++)
        for (let j = 0; j < units; j++) w0.data[i * units + j] = sign * h * a.data[i * rank + q] * b.data[j * rank + r];
      return simulate(model.with({ params: { w0 } }), inputs, { dt: 0.7 }).outputs.data;
    };
    const [up, down] = [moved(1), moved(-1)],
      { states } = simulate(model, inputs, { dt: 0.7 }),
      exact = new Float64Array(up.length);
    factorSensitivities(model, { states, dt: 0.7, trialOf: [0, 1] }, [[q, r]], (trial, part) =>
      exact.set(part, trial * part.length),
    );
    expect(
      distance(
        up.map((x, at) => (x - down[at]) / (2 * h)),
        exact,
      ),
    ).toBeLessThan(1e-6);
  }, 20));
