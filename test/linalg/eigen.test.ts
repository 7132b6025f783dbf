import { EigenvalueDecomposition, Matrix as MlMatrix } from "ml-matrix";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { eigen, eigenvalues, haarTimes, twoSidedEigen, type Eigen } from "../../src/linalg";
import { lengthOf, matmul, tensor, transpose, zeros, type Matrix } from "../../src/tensor";
import { bestAssignment } from "../../src/factored/assignment";
import { random } from "../../src/base";
import { cpuTime } from "../support/cpu-time";
import { matrixOf, kinds } from "../support/matrices";
import { sweep } from "../support/sweep";

interface Row {
  readonly name: string;
  readonly n: number;
  /** eigenvalues, what rounding may move them by, and LAPACK's error are those of the matrix over this */
  readonly unit: number;
  readonly real: readonly number[];
  readonly imaginary: readonly number[];
  readonly allowed: readonly number[];
  readonly lapack: number;
  readonly data?: readonly number[];
  readonly seed?: number;
}
const { rows } = JSON.parse(readFileSync(new URL("../oracles/eigenvalues.json", import.meta.url), "utf8")) as {
  rows: Row[];
};
const matrixOfRow = ({ name, n, data, seed }: Row): Matrix =>
  data ? tensor([n, n], data) : matrixOf(name, n, n, seed ?? 0);
const distance = (a: readonly [number, number], b: readonly [number, number]) => Math.hypot(a[0] - b[0], a[1] - b[1]);
const sizeOf = (m: Matrix) => lengthOf(m.data);

/** Distances to the expected eigenvalues, in their order, under the best assignment. */
function errors(got: Pick<Eigen, "real" | "imaginary">, row: Row): number[] {
  const gain = row.real.map((x, i) =>
    got.real.map((_, j) => -distance([x, row.imaginary[i]], [got.real[j] / row.unit, got.imaginary[j] / row.unit])),
  );
  return bestAssignment(gain).map((j, i) => -gain[i][j]);
}

/** The largest entry of `m v - lambda v` over all vectors, relative to the size of m. */
function residual(m: Matrix, { real, imaginary }: Pick<Eigen, "real" | "imaginary">, vectors: Matrix): number {
  const n = m.shape[0],
    product = matmul(m, vectors);
  let worst = 0;
  for (let j = 0; j < n; j += imaginary[j] === 0 ? 1 : 2)
    for (let i = 0; i < n; i++) {
      const p = vectors.data[i * n + j],
        q = imaginary[j] === 0 ? 0 : vectors.data[i * n + j + 1];
      worst = Math.max(worst, Math.abs(product.data[i * n + j] - real[j] * p + imaginary[j] * q));
      if (imaginary[j] !== 0)
        worst = Math.max(worst, Math.abs(product.data[i * n + j + 1] - real[j] * q - imaginary[j] * p));
    }
  return worst / (sizeOf(m) || 1);
}

test("there are more than a hundred matrices with 120-digit eigenvalues", () =>
  expect(rows.length).toBeGreaterThan(100));

test.each(rows)("$name, $n × $n: eigenvalues are exact to rounding, and as good as LAPACK's", (row) => {
  const m = matrixOfRow(row);
  for (const got of [eigenvalues(m), eigen(m)]) {
    const found = errors(got, row);
    found.forEach((error, i) => expect(error).toBeLessThanOrEqual(row.allowed[i]));
    expect(Math.max(...found)).toBeLessThanOrEqual(
      30 * row.lapack + (30 * row.n * Number.EPSILON * sizeOf(m)) / row.unit,
    );
  }
});

test.each(rows)("$name, $n × $n: every vector has length 1 and is what it says, from both sides", (row) => {
  const m = matrixOfRow(row),
    inUnit: Matrix = { shape: m.shape, data: m.data.map((x) => x / row.unit) };
  const found = twoSidedEigen("test", inUnit),
    bound = 20 * row.n * Number.EPSILON;
  if (row.name !== "badly scaled") {
    expect(residual(inUnit, found, found.vectors)).toBeLessThan(bound);
    expect(residual(transpose(inUnit), found, found.left)).toBeLessThan(bound);
  }
  expect(found.vectors).toEqual(eigen(inUnit).vectors);
  for (const { data } of [found.vectors, found.left])
    for (let j = 0; j < row.n; j += found.imaginary[j] === 0 ? 1 : 2) {
      let squares = 0;
      for (let i = 0; i < row.n; i++)
        squares += data[i * row.n + j] ** 2 + (found.imaginary[j] === 0 ? 0 : data[i * row.n + j + 1] ** 2);
      expect(squares).toBeCloseTo(1, 13);
    }
});

test("eigenvalues come from the largest real part on, pairs as neighbors, the positive imaginary part first", () =>
  sweep((draw) => {
    const n = draw.int(1, 12),
      { real, imaginary } = eigenvalues(draw.normal([n, n]));
    expect([...real].sort((x, y) => y - x)).toEqual(real);
    for (let j = 0; j < n; j++) {
      if (imaginary[j] === 0) continue;
      expect(imaginary[j]).toBeGreaterThan(0);
      expect([real[j + 1], imaginary[j + 1]]).toEqual([real[j], -imaginary[j]]);
      j++;
    }
  }));

test("scaling by powers of two scales eigenvalues to the bit, from 2^-1000 to 2^1000", () =>
  sweep((draw) => {
    const m = draw.normal([6, 6]),
      { real, imaginary, vectors } = eigen(m);
    for (const exponent of [-1000, 1000]) {
      const factor = 2 ** exponent,
        got = eigen({ shape: m.shape, data: m.data.map((x) => x * factor) });
      expect(got.real.map((x) => x / factor)).toEqual(real);
      expect(got.imaginary.map((x) => x / factor)).toEqual(imaginary);
      expect(got.vectors).toEqual(vectors);
    }
  }));

describe.each(Object.keys(kinds))("%s", (kind) => {
  test("ends, with finite vectors that are what they say, at every size", () => {
    for (const n of [1, 2, 3, 4, 6, 13, 30])
      for (let seed = 1; seed <= 4; seed++) {
        const m = matrixOf(kind, n, n, seed),
          begin = cpuTime(),
          found = eigen(m);
        expect(cpuTime() - begin).toBeLessThan(1000);
        expect([...found.real, ...found.imaginary, ...found.vectors.data].every(Number.isFinite)).toBe(true);
        const unit = Math.max(...m.data.map(Math.abs)) || 1,
          inUnit = { shape: m.shape, data: m.data.map((x) => x / unit) };
        const over = { real: found.real.map((x) => x / unit), imaginary: found.imaginary.map((x) => x / unit) };
        // scaled apart by balancing, a matrix differs by rounding of its scaled self
        expect(residual(inUnit, over, found.vectors)).toBeLessThan(/graded|tiny/.test(kind) ? 1e-7 : 1e-13);
      }
  });
});

test("Jordan blocks of 2 to 59 rows, turned, end, and their vectors are what they say", () => {
  for (let n = 2; n < 60; n += 3) {
    const m = zeros([n, n]);
    for (let i = 0; i < n; i++) {
      m.data[i * n + i] = 0.5;
      if (i + 1 < n) m.data[i * n + i + 1] = 1;
    }
    const once = transpose(haarTimes(m, random(1, "turn")));
    const turned = haarTimes(once, random(1, "turn")); // Q m' Q'
    const found = eigen(turned);
    expect(residual(turned, found, found.vectors)).toBeLessThan(1e-14);
    // all that rounding moves them by: 0.5 plus a root of it
    found.real.forEach((x, i) =>
      expect(Math.hypot(x - 0.5, found.imaginary[i])).toBeLessThan((20 * n * Number.EPSILON) ** (1 / n) * 1.1),
    );
  }
});

test("ten thousand small matrices of few whole numbers, many defective, settle and satisfy their equation", () => {
  const { int } = random(3, "whole");
  for (let round = 0; round < 10_000; round++) {
    const n = int(2, 6),
      m = tensor(
        [n, n],
        Array.from({ length: n * n }, () => int(-1, 1)),
      );
    const found = eigen(m);
    const trace = Array.from({ length: n }, (_, i) => m.data[i * n + i]).reduce((sum, x) => sum + x, 0);
    expect(Math.abs(found.real.reduce((sum, x) => sum + x, 0) - trace)).toBeLessThan(1e-13);
    expect(residual(m, found, found.vectors)).toBeLessThan(1e-14);
  }
});

test("ml-matrix finds the same eigenvalues of random matrices", () =>
  sweep((draw) => {
    const n = draw.int(1, 15),
      m = draw.normal([n, n]),
      got = eigenvalues(m);
    const ml = new EigenvalueDecomposition(MlMatrix.from1DArray(n, n, [...m.data]));
    const row = { unit: 1, real: ml.realEigenvalues, imaginary: ml.imaginaryEigenvalues } as unknown as Row;
    expect(Math.max(...errors(got, row))).toBeLessThan(1e-12 * sizeOf(m));
  }));

test("eigenvalues of a 200 × 200 matrix within ten seconds on a loaded machine", () => {
  const n = 200,
    m = matrixOf("random", n, n, 1),
    begin = cpuTime(),
    found = eigen(m);
  expect(cpuTime() - begin).toBeLessThan(2000); // about 100
  expect(residual(m, found, found.vectors)).toBeLessThan(1e-14);
});

test("matrices without rows have no eigenvalues; others than square and finite ones are refused", () => {
  expect(eigen(zeros([0, 0]))).toEqual({ real: [], imaginary: [], vectors: zeros([0, 0]) });
  expect(() => eigen(zeros([2, 3]))).toThrow("eigen: expected m to be square, got (2 × 3)");
  expect(() => eigenvalues(tensor([1, 1], [NaN]))).toThrow("eigenvalues: expected finite entries in m");
});
