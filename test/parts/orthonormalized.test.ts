import { expect, test } from "vitest";
import { orthonormalized } from "../../src/parts/orthonormalized";
import { lowerInverse } from "../../src/linalg";
import { identity } from "../../src/tensor/identity";
import { matmul, transpose, type Matrix, type Params } from "../../src/tensor";
import { close } from "../support/close";
import { gradcheck } from "../support/gradcheck";
import { draw, sweep } from "../support/sweep";

/** Columns that differ by `spread` only: a condition of about 1 / spread. */
function nearlyDependent(seed: number, [rows, columns]: readonly [number, number], spread: number): Matrix {
  const d = draw(seed),
    base = d.normal([rows, 1]),
    x = d.normal([rows, columns], spread);
  return { shape: x.shape, data: x.data.map((value, i) => value + base.data[Math.floor(i / columns)]) };
}

test(
  "columns, or rows where there are fewer, are orthonormal to rounding, " +
    "also of matrices of condition 1e6 and 1e10",
  () =>
    sweep((d) => {
      const [rows, columns] = [d.int(1, 12), d.int(1, 12)],
        x =
          d.int(0, 1) === 1
            ? d.normal([rows, columns])
            : nearlyDependent(d.seed, [rows, columns], d.int(0, 1) === 1 ? 1e-6 : 1e-10),
        [q] = orthonormalized(x);
      const [tall, n] = rows < columns ? [transpose(q), rows] : [q, columns];
      close(matmul(transpose(tall), tall), identity(n), 1e-12);
      // the same span, and R upper triangular with a positive diagonal
      const wide = rows < columns ? transpose(x) : x,
        r = matmul(transpose(tall), wide);
      close(matmul(tall, r), wide, 1e-12);
      for (let i = 0; i < n; i++) {
        expect(r.data[i * n + i]).toBeGreaterThan(0);
        for (let j = 0; j < i; j++) expect(Math.abs(r.data[i * n + j])).toBeLessThan(1e-9 * Math.sqrt(rows));
      }
    }, 60),
);

test("the adjoint passes finite differences, for tall, square and wide matrices, and through the second pass", () =>
  sweep((d) => {
    const [rows, columns] = [d.int(1, 8), d.int(1, 8)],
      rough = d.int(0, 2) === 0,
      x = rough ? nearlyDependent(d.seed, [rows, columns], 0.03) : d.normal([rows, columns]),
      weights = d.normal([rows, columns]);
    const f = ({ m }: Params) =>
      orthonormalized(m as Matrix)[0].data.reduce((sum, q, i) => sum + q * weights.data[i], 0);
    const [, adjoint] = orthonormalized(x);
    // steps are small beside what tells the columns apart
    gradcheck(f, { m: x }, { m: adjoint(weights) }, d.normal, rough ? 1e-5 : 1e-7);
  }, 60));

test("of dependent columns Q is orthonormal still, and the gradient is no number", () => {
  const x = draw(1).normal([4, 2]);
  for (let i = 0; i < 4; i++) x.data[2 * i + 1] = 0;
  const [q, adjoint] = orthonormalized(x);
  close(matmul(transpose(q), q), identity(2), 1e-14);
  expect(adjoint(draw(2).normal([4, 2])).data.every(Number.isFinite)).toBe(false);
});

test("the inverse of a lower triangular matrix times it is the identity", () =>
  sweep((d) => {
    const n = d.int(1, 9),
      l = d.normal([n, n]);
    for (let i = 0; i < n; i++)
      for (let j = i; j < n; j++) l.data[i * n + j] = i === j ? 1 + Math.abs(l.data[i * n + j]) : 0;
    close(matmul(lowerInverse(l), l), identity(n), 1e-11);
    close(matmul(l, lowerInverse(l)), identity(n), 1e-11);
  }));
