import { expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import {
  fold,
  gram,
  hadamard,
  khatriRao,
  matmul,
  modeGram,
  modeProduct,
  mttkrp,
  norm,
  tensor,
  transpose,
  unfold,
  zeros,
  type Matrix,
  type Tensor,
} from "../../src/tensor";
import { close } from "../support/close";
import { oracle, type Oracle } from "../support/oracle";
import { sweep } from "../support/sweep";

const { algebra } = oracle("cp");

test.each<Oracle>(algebra.map((a: Oracle) => ({ shape: a.shape.join(" × "), a })))(
  "unfoldings and Khatri-Rao products equal TensorLy's exactly, MTTKRPs to rounding: $shape",
  ({ a }) => {
    a.shape.forEach((_: number, mode: number) => {
      expect(unfold(a.tensor, mode)).toEqual(a.unfold[mode]);
      expect(fold(a.unfold[mode], mode, a.shape)).toEqual(a.tensor);
      expect(khatriRao(a.factors.filter((_: Matrix, m: number) => m !== mode))).toEqual(a.khatri_rao_skip[mode]);
      close(mttkrp(a.tensor, a.factors, mode), a.mttkrp[mode], 1e-13);
    });
    expect(khatriRao(a.factors)).toEqual(a.khatri_rao_all);
  },
);

test("fold undoes unfold, in every mode", () =>
  sweep((draw) => {
    const shape = Array.from({ length: draw.int(1, 5) }, () => draw.int(1, 5)),
      mode = draw.int(0, shape.length - 1);
    const x = draw.normal(shape);
    expect(fold(unfold(x, mode), mode, shape)).toEqual(x);
  }));

test("mttkrp equals its definition, and a mode product multiplies the unfolding", () =>
  sweep((draw) => {
    const shape = Array.from({ length: draw.int(2, 4) }, () => draw.int(1, 6)),
      mode = draw.int(0, shape.length - 1),
      rank = draw.int(1, 4);
    const x: Tensor = draw.normal(shape),
      factors = shape.map((size) => draw.normal([size, rank]));
    close(mttkrp(x, factors, mode), matmul(unfold(x, mode), khatriRao(factors.filter((_, m) => m !== mode))), 1e-12);
    const m = draw.normal([draw.int(1, 5), shape[mode]]);
    close(unfold(modeProduct(x, m, mode), mode), matmul(m, unfold(x, mode)), 1e-12);
  }));

test("a Gram matrix is m' m, and the product of transposes is the transpose of the product", () =>
  sweep((draw) => {
    const m = draw.normal([draw.int(1, 6), draw.int(1, 6)]),
      n = draw.normal([m.shape[1], draw.int(1, 6)]);
    close(gram(m), matmul(transpose(m), m), 1e-12);
    close(transpose(matmul(m, n)), matmul(transpose(n), transpose(m)), 1e-12);
  }));

test("the norm neither overflows nor vanishes", () => {
  expect(norm(tensor([2], [3e200, 4e200]))).toBeCloseTo(5e200, -190);
  expect(norm(tensor([2], [3e-200, 4e-200])) / 5e-200).toBeCloseTo(1, 12);
  expect(norm(zeros([3]))).toBe(0);
  expect(norm(tensor([2], [1, NaN]))).toBeNaN();
  expect(norm(tensor([2], [1, -Infinity]))).toBe(Infinity);
});

test("wrong calls say where, what was expected, what came, and how to go on", () => {
  expect(() => tensor([2, 3], [1, 2])).toThrow(
    "tensor: expected 6 entries for shape (2 × 3), got 2. Give one entry per index, the last index running fastest.",
  );
  expect(() => tensor([2, -1], [])).toThrow("tensor: expected whole, non-negative sizes");
  expect(() => unfold(zeros([2, 2]), 2)).toThrow("unfold: expected mode to be a whole number from 0 to 1, got 2");
  expect(() => fold(zeros([2, 5]), 0, [2, 4])).toThrow(
    "fold: expected a matrix (2 × 4), the mode-0 unfolding of shape (2 × 4), got (2 × 5)",
  );
  expect(() => khatriRao([zeros([2, 3]), zeros([2, 2])])).toThrow(
    "khatriRao: expected 3 columns in every factor, as in mode 0, got 2 in " +
      "mode 1. Build all factors with the same rank.",
  );
  expect(() => mttkrp(zeros([2, 3]), [zeros([2, 1]), zeros([2, 1])], 0)).toThrow(
    "mttkrp: expected factors with 2, 3 rows, got 2, 2",
  );
  expect(() => modeProduct(zeros([2, 3]), zeros([4, 2]), 1)).toThrow(
    "modeProduct: expected a matrix with 3 columns, the size of mode 1, got (4 × 2)",
  );
  expect(() => hadamard(zeros([2]) as Tensor, zeros([3]) as Tensor)).toThrow(LtrnnError);
});

test("the Gram matrix of a mode is that of its unfolding", () =>
  sweep((draw) => {
    const x: Tensor = draw.normal([draw.int(1, 7), draw.int(1, 40), draw.int(1, 60)]),
      mode = draw.int(0, 2),
      m = unfold(x, mode);
    close(modeGram(x, mode), matmul(m, transpose(m)), 1e-12);
  }));
