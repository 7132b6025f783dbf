import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { scaled } from "../../src/base";
import { jacobiSvd } from "../../src/linalg/jacobi-svd";
import { numericalRank, singularValues, svd, symmetricEigen } from "../../src/linalg";
import { gram, type Matrix, matmul, transpose, zeros } from "../../src/tensor";
import { cpuTime } from "../support/cpu-time";
import { kinds, matrixOf } from "../support/matrices";

type Row = readonly [
  kind: string,
  rows: number,
  columns: number,
  seed: number,
  exponent: number,
  s: number[],
  eigen?: number[],
];
const { rows } = JSON.parse(readFileSync(new URL("../oracles/singular-values.json", import.meta.url), "utf8")) as {
  rows: Row[];
};

/** Rounding of a decomposition of a matrix of size 1, with room for the other side's rounding: 450 times 2^-52. */
const tolerance = 1e-13;

const unit = (x: number, exponent: number) =>
  scaled(scaled(x, Math.trunc(-exponent / 2)), -exponent - Math.trunc(-exponent / 2));
const inUnit = (m: Matrix, exponent: number): Matrix => ({
  shape: m.shape,
  data: m.data.map((x) => unit(x, exponent)),
});
const largest = (m: Matrix) => m.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
const minus = (a: Matrix, b: Matrix): Matrix => ({ shape: a.shape, data: a.data.map((x, i) => x - b.data[i]) });
/** How far columns are from orthonormal. */
const skewness = (q: Matrix) => {
  const g = gram(q),
    n = g.shape[0];
  return g.data.reduce((most, x, i) => Math.max(most, Math.abs(x - (i % (n + 1) === 0 ? 1 : 0))), 0);
};
const timesColumns = (m: Matrix, weights: readonly number[]): Matrix => ({
  shape: m.shape,
  data: m.data.map((x, i) => x * weights[i % weights.length]),
});

test("there are two thousand matrices of thirty kinds and more", () => {
  expect(rows.length).toBeGreaterThanOrEqual(2000);
  expect(new Set(rows.map(([kind]) => kind)).size).toBeGreaterThanOrEqual(30);
});

describe.each(Object.keys(kinds))("%s", (kind) => {
  const cases = rows.filter(([name]) => name === kind);

  test("singular values are LAPACK's, vectors are orthonormal, their product is the matrix, no call is long", () => {
    for (const [, m, n, seed, exponent, s] of cases) {
      const matrix = matrixOf(kind, m, n, seed),
        where = `${kind} ${m} × ${n}, seed ${seed}`,
        begin = cpuTime();
      const { u, singularValues: values, v } = svd(matrix),
        alone = singularValues(matrix);
      expect(cpuTime() - begin, where).toBeLessThan(1000);
      const bound = tolerance * (s[0] || 1);
      s.forEach((want, k) => {
        expect(Math.abs(unit(values[k], exponent) - want), where).toBeLessThanOrEqual(bound);
        expect(Math.abs(unit(alone[k], exponent) - want), where).toBeLessThanOrEqual(bound);
      });
      expect(skewness(u), where).toBeLessThan(tolerance);
      expect(skewness(v), where).toBeLessThan(tolerance);
      const product = matmul(
        timesColumns(
          u,
          values.map((x) => unit(x, exponent)),
        ),
        transpose(v),
      );
      expect(largest(minus(product, inUnit(matrix, exponent))), where).toBeLessThanOrEqual(bound);
    }
  });

  test("eigenvalues of the symmetric part are LAPACK's, vectors are orthonormal and what they say", () => {
    for (const [, m, n, seed, exponent, , eigen] of cases) {
      if (!eigen) continue;
      const matrix = matrixOf(kind, m, n, seed),
        turned = transpose(matrix),
        where = `${kind} ${m} × ${n}, seed ${seed}`;
      const symmetric: Matrix = { shape: [n, n], data: matrix.data.map((x, i) => x / 2 + turned.data[i] / 2) };
      const { values, vectors } = symmetricEigen(symmetric);
      const size = Math.max(Math.abs(eigen[0]), Math.abs(eigen[n - 1])) || 1;
      eigen.forEach((want, k) =>
        expect(Math.abs(unit(values[k], exponent) - want), where).toBeLessThanOrEqual(tolerance * size),
      );
      expect(skewness(vectors), where).toBeLessThan(tolerance);
      const product = matmul(
        timesColumns(
          vectors,
          values.map((x) => unit(x, exponent)),
        ),
        transpose(vectors),
      );
      expect(largest(minus(product, inUnit(symmetric, exponent))), where).toBeLessThanOrEqual(tolerance * size);
    }
  });

  test("one-sided Jacobi, the fallback, agrees", () => {
    for (const [, m, n, seed, exponent, s] of cases.slice(0, 16)) {
      if (m < n) continue;
      const { data } = inUnit(matrixOf(kind, m, n, seed), exponent),
        { values, left, right } = jacobiSvd("svd", data, m, n);
      s.forEach((want, k) => expect(Math.abs(values[k] - want)).toBeLessThanOrEqual(tolerance * (s[0] || 1)));
      expect(skewness(transpose({ shape: [n, m], data: left }))).toBeLessThan(tolerance);
      expect(skewness(transpose({ shape: [n, n], data: right }))).toBeLessThan(tolerance);
    }
  });
});

test.each(["constant", "blocks", "tiled", "random", "kahan", "one-hot beside a large column"])(
  "200 × 200, %s: within ten seconds on a loaded machine",
  (kind) => {
    const begin = cpuTime(),
      m = matrixOf(kind, 200, 200, 7),
      { u, v } = svd(m);
    numericalRank(m);
    symmetricEigen(gram(m));
    expect(cpuTime() - begin).toBeLessThan(4000); // about 200
    expect(Math.max(skewness(u), skewness(v))).toBeLessThan(1e-12);
  },
);

test("matrices without rows or columns have no singular values", () => {
  expect(svd(zeros([0, 3])).singularValues).toEqual([]);
  expect(singularValues(zeros([3, 0]))).toEqual([]);
  expect(symmetricEigen(zeros([0, 0])).values).toEqual([]);
});
