import { expect, test } from "vitest";
import {
  allFixedPoints,
  eigenvalues,
  FullRankRNN,
  jacobian,
  latentActivity,
  latentDynamics,
  latentField,
  LowRankRNN,
  LowTensorRankRNN,
  matmul,
  overlaps,
  simulate,
  tensor,
  transpose,
  zeros,
  type Matrix,
  type Network,
  type Vector,
} from "../../src";
import { close } from "../support/close";
import { sweep } from "../support/sweep";

const phis = ["tanh", "relu", "softplus", "identity"] as const;
/** dx/dt at a state: one Euler step of the simulation. */
function velocity(model: Network, x: Float64Array, trial: number, input: Vector): Float64Array {
  const start = { ...model, params: { ...model.params, x0: tensor([1, model.units], x) } } as Network,
    dt = (model.setting.tau as number) / 16,
    { states } = simulate(
      { ...start, units: model.units, trials: model.trials } as Network,
      tensor([1, 1, input.shape[0]], input.data),
      {
        dt,
        ...(model.trials === undefined ? {} : { trials: [trial] }),
      },
    );
  return Float64Array.from({ length: model.units }, (_, i) => (states.data[model.units + i] - x[i]) / dt);
}

test("the Jacobian is what differences of the simulated velocity say, for every kind of network and activation", () =>
  sweep((stream) => {
    const phi = phis[stream.int(0, 3)],
      spec = { units: 6, inputs: 2, phi, tau: 2.5, gain: 1.3 };
    const model = [
      FullRankRNN.random(spec, stream.seed),
      LowRankRNN.random({ ...spec, rank: 2 }, stream.seed),
      LowTensorRankRNN.random({ ...spec, rank: 2, trials: 3 }, stream.seed).with({
        params: { c: stream.normal([3, 2]), ...(stream.int(0, 1) ? { w0: stream.normal([6, 6], 0.2) } : {}) },
      }),
    ][stream.int(0, 2)] as Network;
    const trial = model.trials === undefined ? 0 : stream.int(0, 2),
      x = stream.normal([6]),
      input = stream.normal([2]),
      j = jacobian(model, x, { trial }),
      h = 1e-5;
    for (let k = 0; k < 6; k++) {
      const moved = (sign: number) =>
        velocity(
          model,
          x.data.map((value, i) => (i === k ? value + sign * h : value)),
          trial,
          input,
        );
      const [up, down] = [moved(1), moved(-1)];
      // the simulation's tanh is good to 1e-15, differences to 1e-9
      for (let i = 0; i < 6; i++) expect(Math.abs((up[i] - down[i]) / (2 * h) - j.data[i * 6 + k])).toBeLessThan(1e-7);
    }
  }));

test("latent dynamics are those of the simulation: A dkappa/dt is the velocity of x = A kappa + W_in u + b", () =>
  sweep((stream) => {
    const rank = stream.int(1, 3),
      trials = 3,
      trial = stream.int(0, 2),
      input = stream.normal([2]);
    const model = LowTensorRankRNN.random(
      { units: 10, inputs: 2, rank, trials, phi: phis[stream.int(0, 3)], tau: 0.7 },
      stream.seed,
    ).with({ params: { c: stream.normal([trials, rank]), bias: stream.normal([10]) } });
    const kappa = stream.normal([4, rank]),
      { velocity: latent, states } = latentDynamics(model, kappa, { trial, input });
    const outer = matmul(latent, transpose(model.params.a));
    for (let p = 0; p < 4; p++)
      close(
        tensor([10], outer.data.slice(10 * p, 10 * p + 10)),
        tensor([10], velocity(model, states.data.slice(10 * p, 10 * p + 10), trial, input)),
        1e-12,
      );
  }));

test("a field is the latent dynamics on a grid, rows the second dimension, others held", () => {
  const model = LowRankRNN.random({ units: 20, inputs: 1, rank: 3, gain: 2 }, 3),
    input = tensor([1], [0.4]),
    field = latentField(
      model,
      [
        [-1, 1],
        [0, 3],
      ],
      { dimensions: [2, 0], points: 4, at: [9, 0.5, 9], input },
    );
  expect([field.first, field.second]).toEqual([[-1, -1 / 3, 1 / 3, 1].map((x) => expect.closeTo(x, 12)), [0, 1, 2, 3]]);
  for (let row = 0; row < 4; row++)
    for (let column = 0; column < 4; column++) {
      const kappa = tensor([1, 3], [field.second[row], 0.5, field.first[column]]),
        { data } = latentDynamics(model, kappa, { input }).velocity,
        entry = row * 4 + column;
      expect([field.firstVelocity.data[entry], field.secondVelocity.data[entry]]).toEqual([data[2], data[0]]);
      expect(field.speed.data[entry]).toBeCloseTo(Math.hypot(...data), 12);
    }
});

test("the field vanishes at fixed points", () =>
  sweep((stream) => {
    const model = LowRankRNN.random({ units: 30, inputs: 1, rank: 2, phi: "relu", gain: 1.5 }, stream.seed).with({
      params: { bias: stream.normal([30]) },
    });
    for (const { kappa } of allFixedPoints(model).points) {
      const { velocity: still } = latentDynamics(model, tensor([1, 2], kappa!.data));
      expect(Math.max(...still.data.map(Math.abs))).toBeLessThan(1e-11 * (1 + Math.max(...kappa!.data.map(Math.abs))));
    }
  }));

test("latent activity of a simulation is what the latent recursion gives, whatever else the integrator leaves", () =>
  sweep((stream) => {
    const rank = 2,
      units = 12,
      trials = 3,
      model = LowTensorRankRNN.random({ units, inputs: 1, rank, trials }, stream.seed).with({
        params: { c: stream.normal([trials, rank]), bias: stream.normal([units]), x0: stream.normal([1, units]) },
      });
    const inputs = stream.normal([trials, 7, 1]),
      dt = 0.2,
      { states } = simulate(model, inputs, { dt }),
      kappa = latentActivity(model, states);
    const { b, c } = model.params;
    for (let k = 0; k < trials; k++)
      for (let r = 0; r < rank; r++) {
        let want = 0; // kappa_0 = 0: the initial state is beside it
        for (let t = 0; t <= 7; t++) {
          expect(kappa.data[(k * 8 + t) * rank + r]).toBeCloseTo(want, 9);
          let drive = 0;
          for (let i = 0; i < units; i++)
            drive += b.data[i * rank + r] * Math.tanh(states.data[(k * 8 + t) * units + i]);
          want += dt * (c.data[k * rank + r] * drive - want);
        }
      }
  }));

test("overlaps are the inner products, and those of m and n have the eigenvalues of the weights", () =>
  sweep((stream) => {
    const trials = 2,
      model = LowTensorRankRNN.random({ units: 14, inputs: 2, outputs: 1, rank: 3, trials }, stream.seed).with({
        params: { c: stream.normal([trials, 3]) },
      });
    const { recurrent, input, readout, direct, vectors, products, cosines } = overlaps(model, { trial: 1 });
    const { a, b, c, wIn } = model.params,
      m: Matrix = { shape: a.shape, data: a.data.map((x, i) => x * c.data[3 + (i % 3)]) };
    close(recurrent, matmul(transpose(b), m), 1e-13);
    close(input, matmul(transpose(b), wIn), 1e-13);
    close(readout, matmul(model.params.readout!, m), 1e-13);
    close(direct, matmul(model.params.readout!, wIn), 1e-13);
    const gained = overlaps(model.with({ params: { readoutGain: tensor([1], [3]) } }), { trial: 1 });
    close(gained.readout, { shape: readout.shape, data: readout.data.map((x) => 3 * x) }, 1e-13);
    expect(vectors).toEqual(["m 0", "m 1", "m 2", "n 0", "n 1", "n 2", "input 0", "input 1", "readout 0", "bias"]);
    const at = (p: string, q: string) => vectors.indexOf(p) * vectors.length + vectors.indexOf(q);
    expect(products.data[at("n 1", "m 2")]).toBeCloseTo(recurrent.data[3 + 2], 12);
    expect(cosines.data[at("m 0", "m 0")]).toBeCloseTo(1, 13);
    expect(cosines.data[at("bias", "m 0")]).toBe(0); // the bias is zero
    const some =
      products.data[at("m 0", "n 0")] / Math.sqrt(products.data[at("m 0", "m 0")] * products.data[at("n 0", "n 0")]);
    expect(cosines.data[at("m 0", "n 0")]).toBeCloseTo(some, 12);
    const all = eigenvalues(model.weights(1)).real.filter((x) => Math.abs(x) > 1e-6);
    eigenvalues(recurrent).real.forEach((x) => expect(Math.min(...all.map((y) => Math.abs(x - y)))).toBeLessThan(1e-9));
  }));

test("wrong calls say what was wrong", () => {
  const full = FullRankRNN.random({ units: 5, inputs: 1 }, 1),
    low = LowRankRNN.random({ units: 5, inputs: 1, rank: 1 }, 1);
  for (const call of [
    () => overlaps(full),
    () => latentDynamics(full, zeros([1, 1])),
    () => latentActivity(full, zeros([1, 1, 5])),
    () =>
      latentField(full, [
        [0, 1],
        [0, 1],
      ]),
  ])
    expect(call).toThrow("expected a network of low rank without a static part");
  expect(() => jacobian(full, zeros([4]))).toThrow("jacobian: expected state of shape (5)");
  expect(() =>
    latentField(low, [
      [0, 1],
      [0, 1],
    ]),
  ).toThrow("latentField: expected a network of rank 2 or more, got rank 1");
  const flat = LowRankRNN.random({ units: 5, inputs: 1, rank: 2 }, 1);
  expect(() =>
    latentField(flat, [
      [1, 0],
      [0, 1],
    ]),
  ).toThrow("each low below its high");
  expect(() =>
    latentField(
      flat,
      [
        [0, 1],
        [0, 1],
      ],
      { dimensions: [0, 0] },
    ),
  ).toThrow("dimensions to be two latent variables");
  expect(() =>
    latentField(
      flat,
      [
        [0, 1],
        [0, 1],
      ],
      { at: [1] },
    ),
  ).toThrow("latentField: expected at of length 2");
  const dependent = flat.with({
    params: {
      wIn: tensor(
        [5, 1],
        flat.params.m.data.filter((_, i) => i % 2 === 0),
      ),
    },
  });
  expect(() => latentActivity(dependent, zeros([1, 1, 5]))).toThrow(
    "latentActivity: expected 2 column factors that are independent of input " +
      "weights, bias and initial states, got 1 that are",
  );
});
