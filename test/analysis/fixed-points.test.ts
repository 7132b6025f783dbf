import { expect, test } from "vitest";
import {
  advice,
  fixedPoints,
  FullRankRNN,
  LowRankRNN,
  LowTensorRankRNN,
  simulate,
  tensor,
  zeros,
  type FixedPoint,
  type Matrix,
} from "../../src";
import { exp, log1p } from "../../src/base";
import { solveSquare } from "../../src/linalg";
import { identity, subtract } from "../../src/tensor";
import { oracle } from "../support/oracle";
import { sweep } from "../support/sweep";

/** A full-rank network of given weights and bias. */
const fullRank = (w: Matrix, bias: readonly number[], phi: "tanh" | "relu" | "softplus" | "identity", tau = 1) =>
  new FullRankRNN(
    { w, wIn: zeros([w.shape[0], 0]), x0: zeros([1, w.shape[0]]), bias: tensor([w.shape[0]], bias) },
    { phi, tau },
  );
/** The root of a function that changes its sign once between two places. */
function root(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  for (let round = 0; round < 200; round++) {
    const middle = (a + b) / 2;
    if (f(middle) < 0 === f(a) < 0) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}
const nearest = (points: readonly FixedPoint[], x: readonly number[]) =>
  Math.min(...points.map(({ state }) => Math.max(...x.map((value, i) => Math.abs(value - state.data[i])))));

test("a bistable network of rank one: two stable points and the saddle between, with the eigenvalues of theory", () => {
  const units = 40,
    strength = 2.5,
    tau = 3;
  const ones = tensor([units, 1], new Array(units).fill(1)),
    n = tensor([units, 1], new Array(units).fill(strength / units));
  const model = new LowRankRNN({ m: ones, n, wIn: zeros([units, 1]), x0: zeros([1, units]) }, { tau });
  const found = fixedPoints(model, { seed: 4 }),
    kappa = root((x) => strength * Math.tanh(x) - x, 0.5, 5);
  expect(found.status).toBe("converged");
  expect(found.points.map(({ stability, unstable }) => [stability, unstable])).toEqual([
    ["stable", 0],
    ["stable", 0],
    ["saddle", 1],
  ]);
  const latent = found.points.map((point) => point.kappa?.data[0] ?? NaN);
  expect([...latent].sort((p, q) => p - q)[0]).toBeCloseTo(-kappa, 12);
  expect([...latent].sort((p, q) => p - q)[2]).toBeCloseTo(kappa, 12);
  expect(latent[2]).toBe(0);
  const slope = strength * (1 - Math.tanh(kappa) ** 2);
  expect(found.points[0].eigenvalues.real[0]).toBeCloseTo((slope - 1) / tau, 12);
  expect(found.points[2].eigenvalues.real[0]).toBeCloseTo((strength - 1) / tau, 12);
  expect(found.points.reduce((sum, { reached }) => sum + reached, 0)).toBe(100);
  expect(found.searches).toEqual({ fixed: 100, slow: 0, exhausted: 0 });
});

test(
  "three bistable units that do not know of each other: 8 stable " +
    "points, 12 and 6 saddles, and one that is unstable",
  () => {
    const w = tensor([3, 3], [2, 0, 0, 0, 2, 0, 0, 0, 2]),
      found = fixedPoints(fullRank(w, [0, 0, 0], "tanh"), { starts: 800, seed: 1 });
    const x = root((value) => 2 * Math.tanh(value) - value, 0.5, 5);
    expect(found.points.map(({ unstable }) => unstable)).toEqual([
      ...new Array(8).fill(0),
      ...new Array(12).fill(1),
      ...new Array(6).fill(2),
      3,
    ]);
    expect(new Set(found.points.map(({ stability }) => stability))).toEqual(new Set(["stable", "saddle", "unstable"]));
    for (const point of found.points)
      for (const value of point.state.data)
        expect(Math.min(Math.abs(value), Math.abs(Math.abs(value) - x))).toBeLessThan(1e-12);
  },
);

test.each(
  oracle("fixed-points").networks.map((network: { phi: string }, i: number) => [i, network.phi]) as [number, string][],
)("all fixed points that scipy finds of network %i, %s, and no others; eigenvalues are numpy's", (i) => {
  const { phi, tau, w, bias, points } = oracle("fixed-points").networks[i],
    found = fixedPoints(fullRank(w, [...bias.data], phi, tau), { starts: 600, spread: 2 });
  expect(found.points.length).toBe(points.length);
  for (const { x, real } of points as { x: number[]; real: number[] }[]) {
    const near = found.points.find(({ state }) => nearest([{ state } as FixedPoint], x) < 1e-8);
    expect(near).toBeDefined();
    near?.eigenvalues.real.forEach((value, k) => expect(value).toBeCloseTo(real[k], 7));
    expect(near?.unstable).toBe(real.filter((value) => value > 0).length);
  }
});

test("a linear network has one fixed point, the solution of its system, whatever its unit", () =>
  sweep((draw) => {
    const n = draw.int(1, 6),
      size = 10 ** draw.int(-6, 6),
      w = draw.normal([n, n]),
      bias = draw.normal([n], size);
    const found = fixedPoints(fullRank(w, [...bias.data], "identity"), { starts: 3, spread: size });
    const x = solveSquare(subtract(identity(n), w) as Matrix, { shape: [n, 1], data: bias.data })!;
    expect(found.points.length).toBe(1);
    expect(nearest(found.points, [...x.data])).toBeLessThan(1e-9 * Math.max(...x.data.map(Math.abs)));
  }));

test("a softplus unit rests where its equation says", () => {
  const x = root((value) => 0.7 * log1p(exp(value)) - 0.4 - value, -5, 5);
  const [point] = fixedPoints(fullRank(tensor([1, 1], [0.7]), [-0.4], "softplus")).points;
  expect(point.state.data[0]).toBeCloseTo(x, 13);
  expect(point.eigenvalues.real[0]).toBeCloseTo(0.7 / (1 + exp(-x)) - 1, 13);
});

test("where there is no fixed point, the status says so, and nothing is NaN", () => {
  const found = fixedPoints(fullRank(tensor([1, 1], [2]), [1], "relu"), { starts: 30 });
  expect(found.status).toBe("exhausted");
  expect(advice(found)).toContain("Updates ran out");
  expect(found.points).toEqual([]);
  expect(JSON.stringify(found)).not.toMatch(/null|NaN/);
});

test("the ghost of two points that have met is a slow point, where the speed is least", () => {
  // x' = -x + 2 tanh(x) + s has a double root at cosh² x = 2, there x' = 0 for s = x - 2 tanh(x)
  const place = -Math.acosh(Math.SQRT2),
    threshold = place - 2 * Math.tanh(place),
    beyond = 0.02;
  const found = fixedPoints(fullRank(tensor([1, 1], [2]), [threshold + beyond], "tanh"), { starts: 200 });
  expect(found.points.map(({ stability }) => stability)).toEqual(["stable"]);
  const slow = found.slowPoints.find(({ state }) => Math.abs(state.data[0] - place) < 1e-4);
  expect(slow?.speed).toBeCloseTo(beyond ** 2 / 2, 9);
});

test("networks of low rank are searched where their fixed points are, and find those of the same weights in full", () =>
  sweep((draw) => {
    const units = 8,
      model = LowTensorRankRNN.random(
        { units, inputs: 2, rank: 2, trials: 3, gain: 3, phi: draw.int(0, 1) ? "tanh" : "softplus" },
        draw.seed,
      ).with({ params: { c: draw.normal([3, 2]), bias: draw.normal([units], 0.3) } });
    const trial = draw.int(0, 2),
      input = draw.normal([2]),
      at = { trial, input, seed: 2, starts: 60 };
    const { a: _a, b: _b, c: _c, w0: _w0, ...shared } = model.params,
      full = new FullRankRNN({ ...shared, w: model.weights(trial) }, model.setting);
    const low = fixedPoints(model, at),
      high = fixedPoints(full, { ...at, trial: 0 });
    const stable = (points: readonly FixedPoint[]) => points.filter((point) => point.stability === "stable");
    expect(stable(low.points).length).toBe(stable(high.points).length);
    for (const { state, eigenvalues, unstable } of low.points) {
      const twin = high.points.find((other) => nearest([other], [...state.data]) < 1e-7);
      if (!twin) continue;
      expect(twin.unstable).toBe(unstable);
      // the others are -1 / tau
      const rest = twin.eigenvalues.real.filter((x) => Math.abs(x + 1) > 1e-9);
      eigenvalues.real.filter((x) => Math.abs(x + 1) > 1e-9).forEach((x, k) => expect(x).toBeCloseTo(rest[k], 8));
    }
  }));

test("trajectories end in stable fixed points, and those can be looked for from where trajectories went", () => {
  const model = FullRankRNN.random({ units: 20, inputs: 1, gain: 1.5 }, 11),
    { states } = simulate(
      model.with({ params: { x0: tensor([1, 20], new Array(20).fill(0.3)) } }),
      zeros([1, 2000, 1]),
      {
        dt: 0.1,
      },
    );
  const last = tensor([1, 20], states.data.slice(-20)),
    found = fixedPoints(model, { starts: 0, from: last });
  const apart = nearest(found.points, [...last.data]);
  if (found.points[0]?.stability === "stable") expect(apart).toBeLessThan(1e-6);
  const all = fixedPoints(model, { starts: 40 });
  expect(fixedPoints(model, { starts: 40 })).toEqual(all);
  expect(fixedPoints(model, { starts: 40, seed: 1 }).points.length).toBeGreaterThan(0);
  expect(structuredClone(all)).toEqual(all);
});

test("a line of fixed points is marginal", () => {
  const found = fixedPoints(fullRank(tensor([2, 2], [1, 0, 0, 0]), [0, 0.5], "identity"), { starts: 5 });
  expect(found.points.length).toBe(5);
  for (const { stability, state } of found.points) {
    expect(stability).toBe("marginal");
    expect(state.data[1]).toBeCloseTo(0.5, 9);
  }
});

test("wrong calls say what was wrong", () => {
  const model = FullRankRNN.random({ units: 4, inputs: 2 }, 1);
  expect(() => fixedPoints(model, { input: zeros([3]) })).toThrow(
    "fixedPoints: expected input of length 2, the columns of wIn, got 3",
  );
  expect(() => fixedPoints(model, { from: zeros([2, 3]) })).toThrow("fixedPoints: expected from of shape (2 × 4)");
  expect(() =>
    fixedPoints(LowTensorRankRNN.random({ units: 4, inputs: 1, rank: 1, trials: 2 }, 1), { trial: 2 }),
  ).toThrow("fixedPoints: expected trial to be a whole number from 0 to 1, got 2");
});
