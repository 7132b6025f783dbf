import { expect, test } from "vitest";
import { symmetricSpectrum } from "../../src/linalg";
import { gram, matmul, symmetricEigen, tensor, transpose, zeros, type Matrix } from "../../src";
import { identity } from "../../src/tensor";
import { close } from "../support/close";
import { sweep } from "../support/sweep";

/** Distance of `g u` from `u diag(values)`, and of `u'u` from the identity. */
function checkEigenvectors(g: Matrix, values: readonly number[], u: Matrix, tolerance: number): void {
  const count = u.shape[1],
    scale = Math.max(1, Math.abs(values[0] ?? 0)),
    turned = matmul(g, u);
  close(gram(u), identity(count), 1e-13);
  turned.data.forEach((value, i) => {
    expect(Math.abs(value - values[i % count]! * u.data[i]!)).toBeLessThan(tolerance * scale);
  });
}

test("a spectrum has the values of the whole decomposition, and its leading vectors are eigenvectors", () =>
  sweep((draw) => {
    const n = draw.int(1, 30),
      square = draw.normal([n, n]) as Matrix,
      g = tensor(
        [n, n],
        square.data.map((value, i) => value + square.data[(i % n) * n + Math.floor(i / n)]!),
      ),
      spectrum = symmetricSpectrum("a test", g),
      whole = symmetricEigen(g);
    spectrum.values.forEach((value, k) => {
      expect(Math.abs(value - whole.values[k]!)).toBeLessThan(1e-13 * n);
    });
    for (const count of [1, Math.ceil(n / 3), n]) {
      const u = spectrum.leading(count);
      expect(u.shape).toEqual([n, count]);
      checkEigenvectors(g, spectrum.values, u, 1e-13);
    }
  }));

test("vectors of equal and nearly equal eigenvalues are orthonormal", () =>
  sweep((draw) => {
    const n = draw.int(3, 20),
      values = Float64Array.from({ length: n }, (_, k) => 1 + (k < 5 ? 1 + 1e-15 * k : 0)),
      q = symmetricEigen(gram(draw.normal([n + 2, n]) as Matrix)).vectors,
      g = matmul(
        q,
        tensor(
          [n, n],
          transpose(q).data.map((value, i) => value * values[Math.floor(i / n)]!),
        ),
      ),
      spectrum = symmetricSpectrum("a test", g);
    checkEigenvectors(g, spectrum.values, spectrum.leading(Math.min(n, 5)), 1e-13);
  }));

test("spectra of a zero, an identity and a matrix of rank one", () => {
  const zero = symmetricSpectrum("a test", zeros([4, 4]));
  expect(zero.values).toEqual([0, 0, 0, 0]);
  close(gram(zero.leading(2)), identity(2), 0);
  const one = symmetricSpectrum("a test", identity(3));
  expect(one.values).toEqual([1, 1, 1]);
  close(gram(one.leading(3)), identity(3), 0);
  const { values, leading } = symmetricSpectrum("a test", tensor([2, 2], [1, 2, 2, 4]));
  expect(values[0]).toBeCloseTo(5, 14);
  expect(Math.abs(leading(1).data[1]! / leading(1).data[0]!)).toBeCloseTo(2, 14);
});
