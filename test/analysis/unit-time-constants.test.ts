import { expect, test } from "vitest";
import { allFixedPoints, fixedPoints, jacobian, latentDynamics } from "../../src/analysis";
import { eigenvalues } from "../../src/linalg";
import { FullRankRNN, LowRankRNN } from "../../src/models";
import { simulate } from "../../src/run";
import { tensor, zeros } from "../../src/tensor";
import { close } from "../support/close";
import { draw } from "../support/sweep";

const custom = {
  name: "hyperbolic",
  value: (x: number) => Math.tanh(x),
  derivative: (x: number) => 1 - Math.tanh(x) ** 2,
};

test("units with their own tau rest where they would with one, and eigenvalues are those of the whole Jacobian", () => {
  const d = draw(3),
    tau = tensor([8], [1, 2, 3, 4, 5, 6, 7, 8]);
  for (const one of [
    FullRankRNN.random({ units: 8, inputs: 1, gain: 1.8 }, 2),
    LowRankRNN.random({ units: 8, inputs: 1, rank: 2, gain: 2 }, 2).with({ params: { bias: d.normal([8], 0.2) } }),
  ]) {
    const own = one.with({ tau }),
      [p, q] = [fixedPoints(one, { starts: 40 }), fixedPoints(own, { starts: 40 })];
    expect(q.points.length).toBe(p.points.length);
    for (const { state, eigenvalues: found, speed } of q.points) {
      const nearest = Math.min(
        ...p.points.map((other) => Math.hypot(...other.state.data.map((x, i) => x - state.data[i]))),
      );
      expect(nearest).toBeLessThan(1e-8);
      expect(speed).toBeLessThan(1e-18);
      const { real } = eigenvalues(jacobian(own, state));
      const sorted = (x: ArrayLike<number>) =>
        tensor(
          [8],
          Array.from(x).sort((r, s) => r - s),
        );
      close(sorted(found.real), sorted(real), 1e-9);
    }
  }
});

test("the Jacobian of units with their own tau is the difference of Euler steps", () => {
  const d = draw(5),
    model = FullRankRNN.random({ units: 4, inputs: 1 }, 1).with({ tau: tensor([4], [2, 3, 5, 8]), phi: custom }),
    x = d.normal([4]),
    j = jacobian(model, x),
    h = 1e-5;
  const step = (column: number, by: number) => {
    const x0 = { shape: [1, 4] as const, data: x.data.map((value, i) => (i === column ? value + by : value)) },
      { states } = simulate(model.with({ params: { x0 } }), zeros([1, 1, 1]), { dt: 1 });
    return states.data.subarray(4, 8);
  };
  for (let column = 0; column < 4; column++) {
    const [up, down] = [step(column, h), step(column, -h)];
    for (let i = 0; i < 4; i++)
      expect((up[i] - down[i]) / (2 * h) - (i === column ? 1 : 0)).toBeCloseTo(j.data[i * 4 + column], 8);
  }
});

test("what is stable with one tau can swing with two", () => {
  // -I + W = [[0.5, -2], [2, -2.5]]
  const w = tensor([2, 2], [1.5, -2, 2, -1.5]),
    slow = new FullRankRNN({ w, wIn: zeros([2, 1]), x0: zeros([1, 2]) }, { tau: 1, phi: "identity" }),
    own = slow.with({ tau: tensor([2], [1, 8]) });
  expect(fixedPoints(slow, { starts: 5 }).points[0].stability).toBe("stable");
  expect(fixedPoints(own, { starts: 5 }).points[0].stability).toBe("unstable");
  // by hand: trace 0.5 - 2.5 / 8 above 0, where one tau gives -2, and determinant (0.5 · -2.5 + 4) / 8 above 0
  expect(allFixedPoints(own).points.map(({ stability }) => stability)).toEqual(["unstable"]);
});

test("a custom activation has the fixed points of the one by name that it is", () => {
  const model = LowRankRNN.random({ units: 12, inputs: 1, rank: 2, gain: 2 }, 4),
    [p, q] = [model, model.with({ phi: custom })].map((network) => fixedPoints(network, { starts: 30 }));
  expect(q.points.map(({ stability, unstable }) => [stability, unstable])).toEqual(
    p.points.map(({ stability, unstable }) => [stability, unstable]),
  );
  q.points.forEach(({ state }, i) =>
    expect(Math.hypot(...state.data.map((x, k) => x - p.points[i].state.data[k]))).toBeLessThan(1e-8),
  );
  expect(() => allFixedPoints(model.with({ phi: custom }))).toThrow("got the custom activation hyperbolic");
  expect(() => latentDynamics(model.with({ tau: tensor([12], new Array(12).fill(2)) }), zeros([1, 2]))).toThrow(
    "one tau for all units",
  );
});
