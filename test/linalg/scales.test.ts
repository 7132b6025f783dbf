import { expect, test } from "vitest";
import { random } from "../../src/base";
import {
  cholesky,
  eigenvectors,
  kRank,
  kruskalUnique,
  multilinearRank,
  numericalRank,
  orthonormalBasis,
  orthonormalColumns,
  principalAngles,
  pseudoInverse,
  solveSymmetric,
} from "../../src/linalg";
import { gram, identity, type Matrix, matmul, select, tensor, transpose, zeros } from "../../src/tensor";
import { close } from "../support/close";
import { sweep } from "../support/sweep";

const times = (m: Matrix, factor: number): Matrix => ({ shape: m.shape, data: m.data.map((x) => factor * x) });
const scaledColumns = (m: Matrix, scales: readonly number[]): Matrix => ({
  shape: m.shape,
  data: m.data.map((x, i) => x * scales[i % scales.length]),
});

test("angles do not depend on the length of the columns", () =>
  sweep((draw) => {
    const a = draw.normal([12, 3]),
      b = draw.normal([12, 4]),
      want = principalAngles(a, b);
    for (const scales of [
      [1e-4, 1, 1e4, 3],
      [1e-160, 1e160, 1, 1e-300],
    ])
      principalAngles(scaledColumns(a, scales.slice(0, 3)), scaledColumns(b, scales)).forEach((angle, i) => {
        // rounding of the angles themselves: a few 2^-52, times the condition of 12 × 4 normal columns, below 20
        expect(Math.abs(angle - want[i])).toBeLessThan(1e-14);
      });
  }));

test("systems, factors, bases and inverses at 1e-150 and 1e150 are those at 1", () =>
  sweep((draw) => {
    const m = draw.normal([6, 4]),
      g = gram(m),
      rhs = draw.normal([4, 2]),
      want = solveSymmetric(g, rhs);
    for (const scale of [1e-150, 1e150, 1e-300, 1e300]) {
      const { x, singular } = solveSymmetric(times(g, scale), times(rhs, scale));
      expect(singular).toBe(false);
      close(x, want.x, 1e-10);
      const l = cholesky(times(g, scale));
      close(times(matmul(times(l, 1 / Math.sqrt(scale)), times(transpose(l), 1 / Math.sqrt(scale))), 1), g, 1e-13);
      close(gram(orthonormalColumns(times(m, scale))), identity(4), 1e-14);
      expect(orthonormalBasis(times(m, scale)).shape).toEqual([6, 4]);
      expect(numericalRank(times(m, scale)).rank).toBe(4);
      close(times(pseudoInverse(times(m, scale)), scale), pseudoInverse(m), 1e-10);
      const thin = gram(select(transpose(m), 0, [0, 1, 2])),
        flat = solveSymmetric(times(thin, scale), times(matmul(thin, draw.normal([6, 1])), scale));
      expect(flat.singular).toBe(true);
      expect(flat.x.data.every(Number.isFinite)).toBe(true);
      expect(eigenvectors(times(gram(m), scale))?.data.every(Number.isFinite)).toBe(true);
    }
  }, 5));

test("a factor with a row per pixel has a k-rank", () => {
  const stream = random(1, "pixels"),
    rows = 262_144;
  expect(
    kRank(
      tensor(
        [rows, 2],
        Float64Array.from({ length: 2 * rows }, () => stream.normal()),
      ),
    ),
  ).toBe(2);
});

test("the sum of k-ranks does not overflow with the entries", () => {
  const f = times(identity(2), 1e200);
  expect(kruskalUnique({ factors: [f, f, times(f, 1e-300)] }).kRanks).toEqual([2, 2, 2]);
});

test("ranks of ordinary connectivity: blocks of constants, all ones, one pattern at every step", () => {
  const blocks = Float64Array.from({ length: 10_000 }, (_, i) => {
    const inhibited = Math.floor(i / 100) >= 80 ? 1 : 0;
    return (
      [
        [1, -4],
        [1.2, -3.6],
      ][inhibited][i % 100 >= 80 ? 1 : 0] / 100
    );
  });
  expect(numericalRank(tensor([100, 100], blocks)).rank).toBe(2);
  expect(numericalRank(tensor([64, 64], new Float64Array(4096).fill(1))).rank).toBe(1);
  expect(multilinearRank(tensor([64, 64, 3], new Float64Array(12_288).fill(1))).ranks).toEqual([1, 1, 1]);
});

test("a wrong call is refused in the name of the function that was called", () => {
  const broken = { shape: [2, 2], data: new Float64Array(3) } as unknown as Matrix;
  const calls: readonly [string, () => unknown][] = [
    ["numericalRank", () => numericalRank(broken)],
    ["multilinearRank", () => multilinearRank(broken)],
    ["orthonormalBasis", () => orthonormalBasis(broken)],
    ["orthonormalBasis", () => orthonormalBasis(zeros([2, 2]), 1e-3 as never)],
    ["pseudoInverse", () => pseudoInverse(broken)],
    ["pseudoInverse", () => pseudoInverse(zeros([2, 2]), 1e-3 as never)],
    ["principalAngles", () => principalAngles(broken, zeros([2, 2]))],
    ["principalAngles", () => principalAngles(zeros([2, 2]), tensor([2, 1], [1, NaN]))],
    ["kRank", () => kRank(broken)],
    ["kRank", () => kRank(zeros([2, 2]), { tolerence: 1 } as never)],
    ["kruskalUnique", () => kruskalUnique(null as never)],
    ["kruskalUnique", () => kruskalUnique({ factors: [broken] })],
    ["kruskalUnique", () => kruskalUnique({ factors: [tensor([1, 1], [NaN])] })],
    ["solveSymmetric", () => solveSymmetric(identity(2), zeros([3, 1]))],
    ["solveSymmetric", () => solveSymmetric(identity(2), broken)],
    ["cholesky", () => cholesky(zeros([2, 3]))],
    ["eigenvectors", () => eigenvectors(zeros([2, 3]))],
    ["orthonormalColumns", () => orthonormalColumns(zeros([2, 3]))],
  ];
  for (const [where, call] of calls) expect(call).toThrow(expect.objectContaining({ name: "LtrnnError", where }));
});
