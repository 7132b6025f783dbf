import { expect, test } from "vitest";
import {
  numericalRank,
  rankAbove,
  roundingOf,
  singularValues,
  symmetricEigen,
  symmetricValues,
} from "../../src/linalg";
import { countBelow, tridiagonalValue } from "../../src/linalg/tridiagonal-values";
import { matmul, tensor, transpose, zeros, type Matrix } from "../../src/tensor";
import { sweep } from "../support/sweep";

test("eigenvalues by bisection are those with vectors, to the rounding of the largest, at every scale", () =>
  sweep((draw) => {
    const n = draw.int(1, 12),
      scale = 10 ** draw.int(-150, 150),
      m = draw.normal([n, n]) as Matrix,
      mT = transpose(m);
    const symmetric: Matrix = { shape: m.shape, data: m.data.map((x, i) => (x + mT.data[i]) * scale) };
    const { values } = symmetricEigen(symmetric),
      size = Math.max(Math.abs(values[0]), Math.abs(values[n - 1]));
    symmetricValues("test", symmetric).forEach((value, i) => {
      expect(Math.abs(value - values[i])).toBeLessThanOrEqual(4e-15 * n * size);
    });
  }));

test("eigenvalues of the second difference matrix are 2 - 2 cos(k pi / (n + 1)), and counts agree", () => {
  const n = 40,
    d = new Float64Array(n).fill(2),
    e = new Float64Array(n).fill(-1);
  for (let k = 1; k <= n; k++) {
    const exact = 2 - 2 * Math.cos((k * Math.PI) / (n + 1));
    expect(Math.abs(tridiagonalValue(d, e, k - 1) - exact)).toBeLessThan(4e-15);
    expect([countBelow(d, e, exact - 1e-9), countBelow(d, e, exact + 1e-9)]).toEqual([k - 1, k]);
  }
});

test("the counted rank is the numerical rank, of tall, wide, exactly dependent and scaled matrices", () =>
  sweep((draw) => {
    const [rows, columns, rank] = [draw.int(1, 40), draw.int(1, 9), draw.int(0, 9)];
    const product = matmul(draw.normal([rows, rank]) as Matrix, draw.normal([rank, columns]) as Matrix);
    for (const scale of [1, 1e-300, 1e200]) {
      const m: Matrix = { shape: product.shape, data: product.data.map((x) => x * scale) };
      const expected = Math.min(rows, columns, rank);
      expect(numericalRank(m).rank).toBe(expected);
      expect(rankAbove("test", m, roundingOf(m))).toBe(expected);
      expect(rankAbove("test", transpose(m), roundingOf(m))).toBe(expected);
    }
  }));

test("singular values just above and below the tolerance are told apart, also where they are graded", () => {
  const values = [1, 1e-3, 1e-6, 1e-9, 1e-12, 1e-14],
    angle = zeros([6, 6]);
  values.forEach((value, i) => {
    angle.data[i * 7] = value;
    if (i > 0) angle.data[i * 7 - 1] = value / 3; // beside the diagonal
  });
  const found = singularValues(angle);
  found.slice(1).forEach((value, i) => {
    expect(rankAbove("test", angle, (value / found[0]) * (1 - 1e-8))).toBe(i + 2);
    expect(rankAbove("test", angle, (value / found[0]) * (1 + 1e-8))).toBe(i + 1);
  });
});

test("matrices without entries, of zeros, of ones and identities have the ranks that they have", () => {
  const rankOf = (m: Matrix) => rankAbove("test", m, 1e-12);
  expect([zeros([0, 0]), zeros([3, 0]), zeros([4, 3])].map((m) => rankOf(m as Matrix))).toEqual([0, 0, 0]);
  expect(rankOf({ shape: [50, 50], data: new Float64Array(2500).fill(0.1) })).toBe(1);
  expect(rankOf(tensor([3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1]) as Matrix)).toBe(3);
  expect(symmetricValues("test", zeros([3, 3]) as Matrix)).toEqual([0, 0, 0]);
});
