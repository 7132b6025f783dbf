import { expect, test } from "vitest";
import { random } from "../../src/base";
import {
  cholesky,
  haarTimes,
  multilinearRank,
  numericalRank,
  orthonormalBasis,
  principalAngles,
  pseudoInverse,
  singularValues,
  solveSquare,
  solveSymmetric,
  svd,
  symmetricEigen,
} from "../../src/linalg";
import { gram, matmul, tensor, transpose, zeros, type Matrix } from "../../src/tensor";
import { cpToTensor } from "../../src/factored";
import { close } from "../support/close";
import { sweep, type Draw } from "../support/sweep";

const identity = (n: number): Matrix => ({
  shape: [n, n],
  data: Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0)),
});
const diagonal = (values: readonly number[]): Matrix => ({
  shape: [values.length, values.length],
  data: identity(values.length).data.map((x, at) => x * values[at % values.length]),
});
/** orthonormal columns, by Gram and Schmidt twice: independent of what is tested */
function orthonormal(draw: Draw, rows: number, columns: number): Matrix {
  const q = transpose(draw.normal([rows, columns]));
  for (let pass = 0; pass < 2; pass++)
    for (let j = 0; j < columns; j++) {
      const row = q.data.subarray(j * rows, (j + 1) * rows);
      for (let k = 0; k < j; k++) {
        const other = q.data.subarray(k * rows, (k + 1) * rows),
          inner = row.reduce((sum, x, i) => sum + x * other[i], 0);
        row.forEach((x, i) => (row[i] = x - inner * other[i]));
      }
      const length = Math.hypot(...row);
      row.forEach((x, i) => (row[i] = x / length));
    }
  return transpose(q);
}

test("an SVD multiplies back, tall, wide and square, with orthonormal factors", () =>
  sweep((draw) => {
    const m = draw.normal([draw.int(1, 9), draw.int(1, 9)]),
      { u, singularValues: s, v } = svd(m);
    close(matmul(matmul(u, diagonal(s)), transpose(v)), m, 1e-12);
    close(gram(u), identity(s.length), 1e-12);
    close(gram(v), identity(s.length), 1e-12);
  }));

test("singular values far below the largest survive block-wise reduction, which a Gram matrix would drown", () =>
  sweep((draw) => {
    const planted = [1, 1e-4, 1e-9, 1e-12],
      n = 6;
    const m = matmul(matmul(orthonormal(draw, 700, 4), diagonal(planted)), transpose(orthonormal(draw, n, 4)));
    const values = singularValues(draw.int(0, 1) ? m : transpose(m));
    expect(values.length).toBe(n);
    // rounding is relative to the largest
    planted.forEach((value, i) => expect(Math.abs(values[i] - value)).toBeLessThan(1e-15 * 10));
    expect(numericalRank(m).rank).toBe(4);
    expect(numericalRank(m, { tolerance: 1e-7 }).rank).toBe(2);
    expect(numericalRank(m, { absolute: 1e-5 }).rank).toBe(2);
  }, 5));

test("the multilinear rank of a sum of components in general position is their number", () =>
  sweep((draw) => {
    const rank = draw.int(1, 3),
      factors = [7, 8, 9].map((size) => draw.normal([size, rank]));
    expect(
      multilinearRank(cpToTensor({ weights: tensor([rank], new Float64Array(rank).fill(1)), factors })).ranks,
    ).toEqual([rank, rank, rank]);
  }));

test("the rank of zeros is 0, and NaN is named and not looped on", () => {
  expect(numericalRank(zeros([3, 4]))).toMatchObject({ rank: 0, threshold: 0, singularValues: [0, 0, 0] });
  expect(() => numericalRank(tensor([2, 2], [1, 2, NaN, 4]))).toThrow(
    "expected finite entries in m, got NaN at index [1, 0]",
  );
  for (const tolerance of [-1, 1]) expect(() => numericalRank(zeros([2, 2]), { tolerance })).toThrow("tolerance");
});

test("principal angles are those planted, from 1e-12 to a right angle", () =>
  sweep((draw) => {
    const planted = [1e-12, 1e-5, 0.3, 1.2, Math.PI / 2],
      n = planted.length,
      q = orthonormal(draw, 14, 2 * n);
    const a: Matrix = { shape: [14, n], data: new Float64Array(14 * n) },
      b: Matrix = { shape: [14, n], data: new Float64Array(14 * n) };
    for (let i = 0; i < 14; i++)
      for (let j = 0; j < n; j++) {
        a.data[i * n + j] = q.data[i * 2 * n + j];
        b.data[i * n + j] =
          Math.cos(planted[j]) * q.data[i * 2 * n + j] + Math.sin(planted[j]) * q.data[i * 2 * n + n + j];
      }
    // another basis of the same space: rounding grows with its condition, below 1e3 here
    const mixed = matmul(b, draw.normal([n, n]));
    principalAngles(a, b).forEach((angle, j) => expect(Math.abs(angle - planted[j])).toBeLessThan(1e-14));
    principalAngles(mixed, a).forEach((angle, j) => expect(Math.abs(angle - planted[j])).toBeLessThan(1e-11));
    expect(principalAngles(a, orthonormal(draw, 14, 2)).length).toBe(2);
  }));

test("eigenvectors, Cholesky factors, and pseudo-inverses satisfy their equations", () =>
  sweep((draw) => {
    const n = draw.int(1, 7),
      g = gram(draw.normal([n + 3, n])),
      { values, vectors } = symmetricEigen(g),
      l = cholesky(g);
    close(matmul(matmul(vectors, diagonal(values)), transpose(vectors)), g, 1e-12);
    expect([...values].sort((x, y) => y - x)).toEqual(values);
    close(matmul(l, transpose(l)), g, 1e-12);
    const a = draw.normal([draw.int(1, 6), draw.int(1, 6)]),
      p = pseudoInverse(a);
    close(matmul(matmul(a, p), a), a, 1e-10);
    close(matmul(matmul(p, a), p), p, 1e-10);
  }));

test("symmetric systems are solved, and a singular one is solved with least norm and said to be singular", () =>
  sweep((draw) => {
    const n = draw.int(2, 6),
      m = draw.normal([n + 2, n]),
      x = draw.normal([n, 3]),
      g = gram(m);
    const scales = Array.from({ length: n }, (_, i) => 10 ** (3 * i)); // badly scaled, but not singular
    const scaled = matmul(matmul(diagonal(scales), g), diagonal(scales));
    const regular = solveSymmetric(scaled, matmul(scaled, x));
    expect(regular.singular).toBe(false);
    const thin = draw.normal([n - 1, n]),
      rhs = matmul(gram(thin), x);
    const singular = solveSymmetric(gram(thin), rhs);
    expect(singular.singular).toBe(true);
    close(matmul(gram(thin), singular.x), rhs, 1e-9);
    close(singular.x, matmul(pseudoInverse(thin), matmul(thin, x)), 1e-8);
  }));

test("a random rotation keeps lengths and angles, and is uniform: entries of a column have mean square 1/n", () => {
  sweep((draw) => {
    const n = draw.int(1, 8),
      m = draw.normal([n, 3]);
    close(gram(haarTimes(m, random(draw.seed, "rotation"))), gram(m), 1e-12);
  });
  const n = 3,
    stream = random(5, "rotation"),
    draws = 4000,
    mean = new Float64Array(n * n),
    square = new Float64Array(n * n);
  for (let k = 0; k < draws; k++)
    haarTimes(identity(n), stream).data.forEach((q, at) => {
      mean[at] += q / draws;
      square[at] += (q * q) / draws;
    });
  // standard errors: sqrt(1/3/4000) = 0.009 of the mean, and sqrt(4/45/4000) = 0.005 of the square; five of them are
  // allowed
  mean.forEach((value) => expect(Math.abs(value)).toBeLessThan(0.046));
  square.forEach((value) => expect(Math.abs(value - 1 / n)).toBeLessThan(0.024));
});

test("a basis of dependent columns has as many vectors as they have dimensions", () =>
  sweep((draw) => {
    const rank = draw.int(1, 3),
      m = matmul(draw.normal([8, rank]), draw.normal([rank, 5])),
      q = orthonormalBasis(m);
    expect(q.shape).toEqual([8, rank]);
    close(matmul(q, matmul(transpose(q), m)), m, 1e-12);
  }));

test("solutions of square systems satisfy them, and singular ones have none", () =>
  sweep((draw) => {
    const n = draw.int(1, 8),
      m = draw.normal([n, n]),
      rhs = draw.normal([n, draw.int(1, 3)]);
    close(matmul(m, solveSquare(m, rhs)!), rhs, 1e-11);
    const column = draw.normal([n + 1, 1]);
    expect(solveSquare(matmul(column, draw.normal([1, n + 1])), column)).toBeUndefined();
    expect(() => solveSquare(m, draw.normal([n + 1, 1]))).toThrow(`solveSquare: expected rhs of ${n} rows`);
  }));
