import { expect, test } from "vitest";
import {
  cpGradient,
  cpModeProduct,
  cpNorm,
  cpToTensor,
  tuckerGradient,
  tuckerModeProduct,
  tuckerNorm,
  tuckerToTensor,
} from "../../src/factored";
import {
  inner,
  kronecker,
  modeProduct,
  multiModeProduct,
  norm,
  outer,
  tensor,
  tensordot,
  unfold,
  unfoldModes,
  zeros,
  type Tensor,
} from "../../src/tensor";
import { close } from "../support/close";
import { oracle, type Oracle } from "../support/oracle";

const o = oracle("algebra");

// 1e-13: the same sums in another order
test("products of tensors are numpy's", () => {
  close(kronecker([o.a, o.b, o.c]), o.kronecker, 1e-13);
  close(outer([o.v, o.a, o.v]), o.outer, 1e-13);
  const squares: Tensor = { shape: o.x.shape, data: o.x.data.map((value: number) => value * value) };
  expect(Math.abs(inner(o.x, squares) / o.inner - 1)).toBeLessThan(1e-13);
  o.tensordot.forEach(({ modes, product }: Oracle) => close(tensordot(o.x, o.y, modes), product, 1e-13));
  close(multiModeProduct(o.x, [o.m, o.v, o.n]), o.multiModeProduct, 1e-13);
  close(multiModeProduct(o.x, [null, o.v, null]), o.multiModeProductPartial, 1e-13);
  close(unfoldModes(o.x, [2, 0]), o.unfoldModes, 0);
  expect(unfoldModes(o.x, [1])).toEqual(unfold(o.x, 1));
  expect(multiModeProduct(o.x, [null, null, null])).toEqual(o.x);
  expect(multiModeProduct(o.x, [null, null, null]).data).not.toBe(o.x.data);
});

test("norms, mode products and gradients of CP and Tucker records are those of the tensors, as numpy has them", () => {
  expect(Math.abs(cpNorm(o.cp) / o.cpNorm - 1)).toBeLessThan(1e-13);
  expect(Math.abs(tuckerNorm(o.tucker) / o.tuckerNorm - 1)).toBeLessThan(1e-13);
  const ofCp = cpGradient(o.x, o.cp),
    ofTucker = tuckerGradient(o.x, o.tucker);
  expect(Math.abs(ofCp.loss / o.cpGradient.loss - 1)).toBeLessThan(1e-13);
  close(ofCp.weights, o.cpGradient.weights, 1e-12);
  for (const mode of [0, 1, 2]) {
    close(ofCp.factors[mode], o.cpGradient.factors[mode], 1e-12);
    close(ofTucker.factors[mode], o.tuckerGradient.factors[mode], 1e-12);
  }
  expect(Math.abs(ofTucker.loss / o.tuckerGradient.loss - 1)).toBeLessThan(1e-13);
  close(ofTucker.core, o.tuckerGradient.core, 1e-12);
  close(cpToTensor(cpModeProduct(o.cp, o.n, 2)), modeProduct(cpToTensor(o.cp), o.n, 2), 1e-13);
  close(tuckerToTensor(tuckerModeProduct(o.tucker, o.m, 0)), modeProduct(tuckerToTensor(o.tucker), o.m, 0), 1e-13);
});

test("the norm of a CP whose components cancel keeps the digits of the tensor", () => {
  const a = tensor([2, 2], [1, 1, 0, 1e-9]),
    cp = { weights: tensor([2], [1, -1]), factors: [a, tensor([3, 2], [1, 1, 2, 2, 3, 3]), tensor([1, 2], [1, 1])] };
  // a sum of inner products gives 0 or 1e-8
  expect(Math.abs(cpNorm(cp) / (1e-9 * Math.sqrt(14)) - 1)).toBeLessThan(1e-6);
  expect(Math.abs(cpNorm(cp) / norm(cpToTensor(cp)) - 1)).toBeLessThan(1e-6);
});

test("wrong calls are refused", () => {
  expect(() => kronecker([])).toThrow("kronecker: expected an array of at least one matrix");
  for (const mode of [Symbol("mode"), Object.create(null)])
    expect(() => tensordot(o.x, o.y, [[mode], [0]])).toThrow("tensordot: expected modes of a from 0 to");
  expect(() => tensordot(o.x, o.y, [[0], [0]])).toThrow(
    "tensordot: expected modes of b of sizes 3, as those of a, got 5",
  );
  expect(() => multiModeProduct(o.x, [o.v, null, null])).toThrow("multiModeProduct: expected a matrix with 3 columns");
  expect(() => unfoldModes(o.x, [1, 1])).toThrow("unfoldModes: expected rows to be modes from 0 to 2, each once");
  expect(() => cpModeProduct(o.cp, o.m, 1)).toThrow("cpModeProduct: expected a matrix with 4 columns");
  expect(() => tuckerGradient(zeros([2, 2]), o.tucker)).toThrow("tuckerGradient: expected x of shape (3 × 4 × 5)");
});
