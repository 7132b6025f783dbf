import { describe, expect, test } from "vitest";
import {
  box,
  cpAls,
  hardSparsity,
  l1Penalty,
  l2Ball,
  l2Penalty,
  monotone,
  nonNegative,
  orthogonal,
  proximal,
  ridgePenalty,
  simplex,
  smoothAlong,
  softSparsity,
  totalVariation,
  unimodal,
  unitNorm,
  type ConstraintDescription,
  type CpConstraint,
} from "../../src/decompose";
import { cpToTensor } from "../../src/factored";
import { gram, matmul, tensor, transpose, type Matrix } from "../../src/tensor";
import { draw, sweep } from "../support/sweep";

const sum = (data: Float64Array, of: (x: number) => number) => data.reduce((total, x) => total + of(x), 0);
const column = ({ shape, data }: Matrix, r: number) => data.filter((_, i) => i % shape[1] === r);
const rises = (c: Float64Array) => c.every((x, i) => i === 0 || x >= c[i - 1]);

const variation = ({ shape: [, rank], data }: Matrix, power = 1) =>
  data.subarray(rank).reduce((total, x, i) => total + Math.abs(x - data[i]) ** power, 0);

const operator = ({ description }: CpConstraint, factor: Matrix, step: number): Matrix =>
  proximal(description as ConstraintDescription, factor, step);

/** Each constraint with its penalty, and whether a column satisfies it to rounding. */
const rows: [CpConstraint, (f: Matrix) => number, (c: Float64Array) => boolean][] = [
  [l1Penalty(0.7), (f) => 0.7 * sum(f.data, Math.abs), () => true],
  [
    l2Penalty(0.7),
    (f) => 0.7 * [0, 1, 2].reduce((t, r) => t + Math.sqrt(sum(column(f, r), (x) => x * x)), 0),
    () => true,
  ],
  [simplex(), () => 0, (c) => c.every((x) => x >= 0) && Math.abs(sum(c, (x) => x) - 1) < 1e-12],
  [monotone(), () => 0, rises],
  [monotone("falling"), () => 0, (c) => rises(c.slice().reverse())],
  [
    unimodal(),
    () => 0,
    (c) => {
      const top = c.indexOf(Math.max(...c));
      return c.every((x) => x >= 0) && rises(c.slice(0, top + 1)) && rises(c.slice(top).reverse());
    },
  ],
  [unitNorm(), () => 0, (c) => Math.abs(sum(c, (x) => x * x) - 1) < 1e-12],
  [softSparsity(1.5), () => 0, (c) => sum(c, Math.abs) <= 1.5 + 1e-12],
  [hardSparsity(3), () => 0, (c) => c.filter((x) => x !== 0).length <= 3],
  [
    l1Penalty(0.7, { nonNegative: true }),
    (f) => (f.data.some((x) => x < 0) ? Infinity : 0.7 * sum(f.data, Math.abs)),
    (c) => c.every((x) => x >= 0),
  ],
  [simplex(2.5), () => 0, (c) => c.every((x) => x >= 0) && Math.abs(sum(c, (x) => x) - 2.5) < 1e-12],
  [
    unimodal({ nonNegative: false }),
    () => 0,
    (c) => {
      const top = c.indexOf(Math.max(...c));
      return rises(c.slice(0, top + 1)) && rises(c.slice(top).reverse());
    },
  ],
  [
    hardSparsity(2, { unitNorm: true }),
    () => 0,
    (c) => c.filter((x) => x !== 0).length <= 2 && Math.abs(sum(c, (x) => x * x) - 1) < 1e-12,
  ],
  [box({ least: -0.5, most: 0.25 }), () => 0, (c) => c.every((x) => x >= -0.5 && x <= 0.25)],
  [box({ least: 0 }), () => 0, (c) => c.every((x) => x >= 0)],
  [l2Ball(0.8), () => 0, (c) => sum(c, (x) => x * x) <= 0.64 + 1e-12],
  [l2Ball(0.8, { nonNegative: true }), () => 0, (c) => c.every((x) => x >= 0) && sum(c, (x) => x * x) <= 0.64 + 1e-12],
  [totalVariation(0.7), (f) => 0.7 * variation(f), () => true],
  [totalVariation(0.7, { l1: 0.4 }), (f) => 0.7 * variation(f) + 0.4 * sum(f.data, Math.abs), () => true],
  [ridgePenalty(0.7), (f) => 0.7 * sum(f.data, (x) => x * x), () => true],
  [smoothAlong(0.7), (f) => 0.7 * variation(f, 2), () => true],
  [nonNegative({ exact: true }), () => 0, (c) => c.every((x) => x >= 0)],
];

describe.each(rows.map(([constraint, penalty, holds]) => ({ name: constraint.name, constraint, penalty, holds })))(
  "$name",
  ({ constraint, penalty, holds }) => {
    test("its operator gives a factor that satisfies it, and none nearby is better", () =>
      sweep((stream) => {
        const f = stream.normal([7, 3]),
          step = 0.3 + stream.uniform(),
          found = operator(constraint, f, step);
        const value = (g: Matrix) =>
          sum(
            Float64Array.from(g.data, (x, i) => x - f.data[i]),
            (x) => x * x,
          ) /
            2 +
          step * penalty(g);
        for (let r = 0; r < 3; r++) expect(holds(column(found, r))).toBe(true);
        for (let round = 0; round < 10; round++) {
          // any other factor that satisfies it: moved a little or much, and brought back
          const by = stream.normal([7, 3], [1e-3, 0.1, 1][round % 3]),
            moved = { shape: f.shape, data: found.data.map((x, i) => x + by.data[i]) },
            other = penalty(moved) > 0 ? moved : operator(constraint, moved, 0);
          expect(value(found)).toBeLessThanOrEqual(value(other) + 1e-12);
        }
      }, 15));

    test("its update satisfies it, and never raises error and penalty", () =>
      sweep((stream) => {
        const others = stream.normal([9, 3]),
          normal = gram(others),
          products = stream.normal([7, 3], 3),
          before = operator(constraint, stream.normal([7, 3]), 0),
          after = constraint.update(normal, products, before);
        const value = (g: Matrix) => {
          const image = matmul(g, normal);
          return g.data.reduce((t, x, i) => t + x * (image.data[i] - 2 * products.data[i]), penalty(g));
        };
        for (let r = 0; r < 3; r++) expect(holds(column(after, r))).toBe(true);
        expect(value(after)).toBeLessThanOrEqual(value(before) + 1e-12 * Math.abs(value(before)));
      }, 15));
  },
);

test("exact non-negative least squares meet the conditions of Karush, Kuhn and Tucker", () =>
  sweep((stream) => {
    const rank = stream.int(1, 6),
      others = stream.normal([stream.int(rank, 12), rank]),
      normal = gram(others),
      products = stream.normal([8, rank]),
      { data } = nonNegative({ exact: true }).update(normal, products, products),
      image = matmul({ shape: [8, rank], data }, normal).data;
    data.forEach((x, i) => {
      const slope = image[i] - products.data[i];
      expect(x).toBeGreaterThanOrEqual(0);
      // a solve of condition up to 1e4
      if (x > 0) expect(Math.abs(slope)).toBeLessThan(1e-9);
      else expect(slope).toBeGreaterThan(-1e-9);
    });
  }));

test("the lasso of one column is found in closed form, and of several it satisfies the subgradient conditions", () =>
  sweep((stream) => {
    const normal = gram(stream.normal([20, 3])),
      products = stream.normal([6, 3], 4),
      { data } = l1Penalty(2).update(normal, products, stream.normal([6, 3])),
      image = matmul({ shape: [6, 3], data }, normal).data;
    data.forEach((x, i) => {
      const slope = 2 * (image[i] - products.data[i]);
      if (x !== 0)
        expect(Math.abs(slope + 2 * Math.sign(x))).toBeLessThan(1e-6); // an iterative solve
      else expect(Math.abs(slope)).toBeLessThan(2 + 1e-6);
    });
  }));

test("a piecewise constant column satisfies the conditions of its minimum, whatever the column", () =>
  sweep((stream) => {
    const size = stream.int(1, 40),
      y = stream.normal([size, 1], [0.1, 1, 5][stream.seed % 3]),
      by = 0.2 + stream.uniform(),
      { data: x } = operator(totalVariation(1), y, by);
    // the running sum of what was taken away is within the strength, and at it, on the right side, where x steps
    let sum = 0;
    for (let i = 0; i < size; i++) {
      if (i > 0) {
        expect(Math.abs(sum)).toBeLessThanOrEqual(by + 1e-12);
        if (x[i] !== x[i - 1]) expect(Math.abs(sum + Math.sign(x[i] - x[i - 1]) * by)).toBeLessThan(1e-12);
      }
      sum += y.data[i] - x[i];
    }
    expect(Math.abs(sum)).toBeLessThan(1e-12);
  }));

test("planted changes over trials are found where they are", () => {
  const { normal } = draw(5),
    steps = tensor(
      [30, 2],
      Array.from({ length: 60 }, (_, i) => (i % 2 ? Number(i >> 1 < 12) : 0.5 + Number(i >> 1 >= 20))),
    ),
    x = cpToTensor({ weights: tensor([2], [4, 4]), factors: [normal([8, 2]), normal([7, 2]), steps] }),
    noise = normal(x.shape, 0.3);
  x.data.forEach((value, i) => (x.data[i] = value + noise.data[i]));
  const { raw } = cpAls(x, 2, { constraints: [unitNorm(), unitNorm(), totalVariation(8)], seed: 1, starts: 4 }),
    jumps = [0, 1].map((r) => {
      const c = column(raw[2], r),
        rises = Array.from(c, (v, i) => (i === 0 ? 0 : Math.abs(v - c[i - 1])));
      return rises.indexOf(Math.max(...rises));
    });
  expect(jumps.sort((a, b) => a - b)).toEqual([12, 20]);
  expect(new Set(raw[2].data).size).toBeLessThan(12);
});

test("the nearest orthonormal columns are those of the polar factor", () =>
  sweep((stream) => {
    const f = stream.normal([7, 3]),
      found = operator(orthogonal(), f, 1),
      overlap = matmul(transpose(found), f);
    gram(found).data.forEach((g, i) => expect(Math.abs(g - Number(i % 4 === 0))).toBeLessThan(1e-13));
    // f = found times a symmetric matrix, none of whose eigenvalues is below 0
    overlap.data.forEach((g, i) =>
      expect(Math.abs(g - overlap.data[(i % 3) * 3 + Math.floor(i / 3)])).toBeLessThan(1e-12),
    );
  }));

test("planted one-peaked courses are found again among columns of unit length, and errors never rise", () => {
  const { normal } = draw(3),
    bump = (top: number) => (i: number) => Math.exp(-((i - top) ** 2) / 8),
    courses = tensor(
      [20, 2],
      Array.from({ length: 40 }, (_, i) => bump(i % 2 ? 14 : 5)(i >> 1)),
    ),
    x = cpToTensor({ weights: tensor([2], [3, 2]), factors: [normal([8, 2]), normal([7, 2]), courses] }),
    noise = normal(x.shape, 0.05);
  x.data.forEach((value, i) => (x.data[i] = value + noise.data[i]));
  const end = cpAls(x, 2, { constraints: [unitNorm(), unitNorm(), unimodal()], seed: 2, starts: 4 });
  const peaks = [0, 1].map((r) => column(end.raw[2], r)).map((c) => c.indexOf(Math.max(...c)));
  expect(peaks.sort((a, b) => a - b).every((top, r) => Math.abs(top - [5, 14][r]) <= 1)).toBe(true);
  end.trace.slice(1).forEach((error, i) => expect(error).toBeLessThanOrEqual(end.trace[i] + 1e-12));
  expect(end.relativeError).toBeLessThan(0.15);
});

test("what has no operator, and wrong numbers, are refused", () => {
  const wrong: [() => unknown, string][] = [
    [() => proximal({ kind: "custom", name: "mine" }, tensor([1, 1], [1])), "proximal: expected the description"],
    [() => proximal({ kind: "orthogonal" }, tensor([1, 2], [1, 2])), "proximal: expected no more columns than rows"],
    [() => box({}), "box: expected a bound, least no larger than most"],
    [() => box({ least: 2, most: 1 }), "box: expected a bound, least no larger than most"],
    [() => l2Ball(0), "l2Ball: expected radius to be a finite number above 0"],
    [() => totalVariation(1, { l1: -1 }), "totalVariation: expected l1 to be a finite number of at least 0"],
    [() => proximal({ kind: "simplex" }, tensor([1, 1], [NaN])), "proximal: expected finite entries in factor"],
    [
      () => proximal({ kind: "simplex" }, tensor([1, 1], [1]), -1),
      "proximal: expected step to be a finite number at least 0",
    ],
    [() => l1Penalty(0), "l1Penalty: expected strength to be a finite number above 0"],
    [() => hardSparsity(0.5), "hardSparsity: expected count to be a whole number"],
    [() => monotone("up" as never), 'monotone: expected direction to be "rising" or "falling"'],
  ];
  for (const [call, message] of wrong) expect(call).toThrow(message);
  expect(transpose(proximal({ kind: "simplex" }, tensor([1, 2], [5, -5]))).data).toEqual(Float64Array.from([1, 1]));
});
