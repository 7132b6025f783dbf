import { expect, test } from "vitest";
import { numericalRank, singularValues } from "../../src/linalg";
import { FullRankRNN, LowTensorRankRNN } from "../../src/models";
import { backpropagate, simulate } from "../../src/run";
import { matmul, zeros, type Matrix, type Tensor3 } from "../../src/tensor";
import { activationRankBound, chebyshevRankBound, gradientRankBound, latentDimensionBound } from "../../src/theory";
import { sweep, type Draw } from "../support/sweep";

const through = (m: Matrix, f: (x: number) => number): Matrix => ({ shape: m.shape, data: m.data.map(f) });
const smooth = {
  tanh: Math.tanh,
  softplus: (x: number) => Math.log1p(Math.exp(x)),
  relu: (x: number) => Math.max(0, x),
  identity: (x: number) => x,
} as const;

test("a polynomial of states in d dimensions fills the bound exactly, in general position", () =>
  sweep((draw) => {
    const d = draw.int(1, 3),
      states = matmul(draw.normal([60, d]), draw.normal([d, 80])),
      options = { tolerance: 1e-10 };
    expect(
      numericalRank(
        through(states, (x) => 1 + x + x ** 2 + x ** 3),
        options,
      ).rank,
    ).toBe(activationRankBound(d, 3).atMost);
    expect(
      numericalRank(
        through(states, (x) => x - x ** 3 / 3),
        options,
      ).rank,
    ).toBe(activationRankBound(d, 3, "odd").atMost);
  }, 10));

test.each(["tanh", "softplus", "relu", "identity"] as const)(
  "the cut-off of the Chebyshev series is below its bound: %s",
  (activation) => {
    for (const range of [0.3, 1, 3])
      for (const degree of [1, 4, 9, 15]) {
        const nodes = 4000,
          phi = smooth[activation],
          { uniformError } = chebyshevRankBound({
            activation,
            range,
            dimension: 1,
            degree,
            units: 9,
            trials: 1,
            steps: 1,
          });
        const coefficient = (j: number) => {
          let sum = 0;
          for (let k = 0; k < nodes; k++)
            sum += phi(range * Math.cos((Math.PI * (k + 0.5)) / nodes)) * Math.cos((j * Math.PI * (k + 0.5)) / nodes);
          return (sum * (j === 0 ? 1 : 2)) / nodes;
        };
        const series = Array.from({ length: degree + 1 }, (_, j) => coefficient(j));
        let largest = 0;
        for (let s = 0; s <= 500; s++) {
          const angle = (Math.PI * s) / 500;
          largest = Math.max(
            largest,
            Math.abs(phi(range * Math.cos(angle)) - series.reduce((sum, a, j) => sum + a * Math.cos(j * angle), 0)),
          );
        }
        // the quadrature of relu's coefficients is good to 1e-7
        expect(largest, `${range}, ${degree}`).toBeLessThanOrEqual(uniformError + 1e-6);
        if (activation === "tanh" || activation === "softplus")
          expect(uniformError, "not idle").toBeLessThan(1e3 * largest + 1e-12);
      }
  },
);

test("rates of states in few dimensions have singular values below the bound past its rank", () =>
  sweep((draw) => {
    const d = draw.int(1, 2),
      states = matmul(draw.normal([40, d]), draw.normal([d, 60])),
      range = Math.max(...states.data.map(Math.abs)),
      scale = 1.2 / range;
    const small = through(states, (x) => x * scale),
      degree = 2 * draw.int(1, 4) + 1;
    const bound = chebyshevRankBound({
      activation: "tanh",
      range: 1.2,
      dimension: d,
      degree,
      units: 40,
      trials: 6,
      steps: 10,
    });
    expect(singularValues(through(small, Math.tanh))[bound.atMost]).toBeLessThanOrEqual(bound.matrixError);
  }, 12));

test("one gradient has the rank of its adjoints or rates at most, and every singular value is below its bound", () =>
  sweep((draw) => {
    const units = draw.int(4, 12),
      model = FullRankRNN.random(
        { units, inputs: 2, outputs: draw.int(1, 2), phi: draw.int(0, 1) ? "tanh" : "identity" },
        draw.seed,
      );
    const run = backpropagate(model, {
      inputs: draw.normal([2, 6, 2]) as Tensor3,
      targets: draw.normal([2, 6, model.params.readout!.shape[0]]) as Tensor3,
    });
    const bound = gradientRankBound(run),
      values = singularValues(run.gradients.w);
    expect(numericalRank(run.gradients.w, { tolerance: 1e-10 }).rank).toBeLessThanOrEqual(bound.atMost);
    values
      .slice(0, bound.singularValuesAtMost.length)
      .forEach((value, k) => expect(value).toBeLessThanOrEqual(bound.singularValuesAtMost[k] * (1 + 1e-12) + 1e-18));
  }));

test("states of a network of low tensor rank stay in the subspace over all trials, noise takes them out of it", () =>
  sweep((draw: Draw) => {
    const model = LowTensorRankRNN.random({ units: 20, inputs: 2, rank: 2, trials: 7, gain: 3 }, draw.seed),
      c = draw.normal([7, 2]),
      inputs = draw.normal([7, 15, 2]) as Tensor3;
    const bound = latentDimensionBound({ units: 20, rank: 2, inputs: 2 }),
      rankOf = (noise: boolean) => {
        const { states } = simulate(
          model.with({ params: { c } }),
          inputs,
          noise ? { noise: { sigma: 0.1, seed: 1 } } : {},
        );
        return numericalRank({ shape: [7 * 16, 20], data: states.data }, { tolerance: 1e-12 }).rank;
      };
    expect(bound).toMatchObject({ status: "holds", atMost: 4 });
    expect(rankOf(false)).toBe(4);
    expect(rankOf(true)).toBe(20);
    expect(latentDimensionBound({ units: 20, rank: 2, inputs: 2, noise: true }).status).toBe("refused");
    expect(latentDimensionBound({ units: 5, rank: 3, inputs: 2, bias: true })).toMatchObject({
      atMost: 5,
      vacuous: true,
    });
  }, 8));

test("wrong calls are refused", () => {
  expect(() => activationRankBound(2, 1.5)).toThrow("activationRankBound: expected degree to be a whole number");
  expect(() => activationRankBound(2, 1, "even" as never)).toThrow('expected parity to be "any" or "odd", got "even"');
  expect(() =>
    chebyshevRankBound({ activation: "tanh", range: 0, dimension: 1, degree: 1, units: 1, trials: 1, steps: 1 }),
  ).toThrow("chebyshevRankBound: expected setup.range to be a finite number above 0");
  expect(() => gradientRankBound({ adjoints: zeros([1, 2, 3]), rates: zeros([1, 2, 4]), alpha: 1 })).toThrow(
    "rates of shape (1 × 2 × 3)",
  );
  expect(() => latentDimensionBound({ units: 3, rank: -1, inputs: 0 })).toThrow("rank");
});
