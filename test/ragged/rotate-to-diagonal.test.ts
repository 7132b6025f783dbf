import { expect, test } from "vitest";
import { gram, matmul, symmetricEigen, transpose, type Matrix } from "../../src";
import { rotateToDiagonal } from "../../src/ragged/rotate-to-diagonal";
import { identity } from "../../src/tensor";
import { close } from "../support/close";
import { sweep } from "../support/sweep";

test("Jacobi rotations leave the eigenvalues on the diagonal, and orthonormal eigenvectors, at any condition", () =>
  sweep((draw) => {
    const n = draw.int(1, 7),
      m = draw.normal([n + 2, n]) as Matrix;
    for (let i = 0; i < m.data.length; i++) m.data[i]! *= 10 ** (-2 * (i % n));
    const g = gram(m),
      a = g.data.slice(),
      vectors: Matrix = { shape: [n, n], data: new Float64Array(n * n) };
    rotateToDiagonal(a, vectors.data, n);
    close(gram(vectors), identity(n), 1e-14);
    close(matmul(matmul(transpose(vectors), g), vectors), { shape: [n, n], data: a }, 1e-14);
    const values = Array.from({ length: n }, (_, i) => a[i * (n + 1)]!).sort((p, q) => q - p);
    symmetricEigen(g).values.forEach((value, i) => {
      expect(Math.abs(values[i]! - value)).toBeLessThan(1e-14 * values[0]!);
    });
  }));
