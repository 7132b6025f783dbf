import { describe, expect, test } from "vitest";
import {
  box,
  cpAls,
  cpAlsSparse,
  cpToTensor,
  l1Penalty,
  l2Ball,
  matchComponents,
  nonNegative,
  orthogonal,
  smoothAlong,
  sparseOf,
  tensor,
  type CpConstraint,
  type Matrix,
} from "../../src";
import { updateFactor } from "../../src/decompose";
import { draw, type Draw } from "../support/sweep";

const ones = (rank: number) => tensor([rank], new Float64Array(rank).fill(1));
const positive = (stream: Draw, shape: [number, number]): Matrix => {
  const { data } = stream.normal(shape);
  return { shape, data: data.map((value) => Math.abs(value)) };
};
/** Components of three modes, non-negative but in the middle one. */
function planted(seed: number) {
  const stream = draw(seed),
    cp = {
      weights: ones(3),
      factors: [positive(stream, [8, 3]), stream.normal([9, 3]), positive(stream, [10, 3])],
    };
  return { cp, x: cpToTensor(cp) };
}
const free = [nonNegative(), undefined, nonNegative()];

describe("beside a mode that is non-negative, columns of the wrong sign come back", () => {
  test.each(["random", "hosvd", "nndsvd"] as const)("planted components are found from every %s start", (start) => {
    for (let seed = 1; seed <= 4; seed++) {
      const { cp, x } = planted(seed),
        end = cpAls(x, 3, { start, seed, sweeps: 1000, constraints: free });
      expect(end.status, `seed ${seed}`).toBe("converged");
      expect(matchComponents(cp, end).score, `seed ${seed}`).toBeGreaterThan(1 - 1e-5);
      for (const mode of [0, 2]) expect(Math.min(...end.factors[mode].data)).toBeGreaterThanOrEqual(0);
    }
  });

  test.each([
    ["nonNegative", nonNegative()],
    ["box", box({ least: 0, most: 4 })],
    ["l2Ball", l2Ball(20, { nonNegative: true })],
  ])("in one mode alone, by %s", (_, constraint) => {
    const { cp, x } = planted(4),
      end = cpAls(x, 3, { seed: 4, sweeps: 60, constraints: [constraint] });
    expect(matchComponents(cp, end).score).toBeGreaterThan(0.99);
  });

  test("with a mask, and of coordinates and values", () => {
    for (const seed of [4, 5]) {
      const { cp, x } = planted(seed),
        stream = draw(seed + 100),
        mask = { shape: x.shape, data: x.data.map(() => (stream.uniform() < 0.2 ? 0 : 1)) },
        options = { seed, sweeps: 1000, tolerance: 1e-9, constraints: free };
      expect(cpAls(x, 3, { ...options, mask }).relativeError, `seed ${seed}`).toBeLessThan(1e-6);
      expect(matchComponents(cp, cpAlsSparse(sparseOf(x), 3, options)).score).toBeGreaterThan(1 - 1e-6);
    }
  });
});

test("where normal equations are 0, columns of modes of either sign stay, and the first of them change it", () => {
  const stream = draw(5),
    before = stream.normal([4, 2]),
    products = stream.normal([4, 2]),
    normal = tensor([2, 2], [0, 0, 0, 2]), // the first component has a column of zeros in another mode
    solved = (constraints: (CpConstraint | undefined)[], mode: number, fixed: number[] = []) => {
      const { factor } = updateFactor({ where: "test", ridge: 0, fixed, constraints })(mode, normal, products, before);
      return [0, 1].map((r) => Array.from({ length: 4 }, (_, i) => factor.data[2 * i + r]));
    },
    [first] = [0, 1].map((r) => Array.from({ length: 4 }, (_, i) => before.data[2 * i + r])),
    turned = first.map((value) => -value),
    half = Array.from({ length: 4 }, (_, i) => products.data[2 * i + 1] / 2);
  expect(solved([nonNegative()], 1)).toEqual([turned, half]);
  expect(solved([nonNegative()], 2)).toEqual([first, half]);
  expect(solved([nonNegative()], 2, [1])).toEqual([turned, half]);
  for (const penalty of [smoothAlong(1), l1Penalty(1)]) expect(solved([nonNegative(), penalty], 1)[0]).toEqual(turned);
  expect(solved([nonNegative(), orthogonal()], 2)[0]).toEqual(turned); // an orthogonal factor is found as a whole
  expect(solved([], 0)[0]).toEqual([0, 0, 0, 0]); // with no constraint, the solution of least norm
});

test("a smooth mode beside non-negative ones does not lose components either", () => {
  for (let seed = 1; seed <= 4; seed++) {
    const { x } = planted(seed),
      end = cpAls(x, 3, { seed, sweeps: 200, constraints: [nonNegative(), smoothAlong(1e-6), nonNegative()] });
    expect(Math.min(...end.weights.data), `seed ${seed}`).toBeGreaterThan(0);
    expect(end.relativeError, `seed ${seed}`).toBeLessThan(0.01);
  }
});
