import { afterAll, expect, test, vi } from "vitest";
import { cpAls, cpAlsSweeps, nonNegative, type CpOptions, type CpResult } from "../../src/decompose";
import { dimensionTree } from "../../src/decompose/dimension-tree";
import { cpToTensor, gramOfOthers } from "../../src/factored";
import { contractionKernels } from "../../src/kernels";
import { solveSymmetric } from "../../src/linalg";
import { gram, khatriRao, matmul, transpose, unfold, type Matrix, type Tensor } from "../../src/tensor";
import { close } from "../support/close";
import { sweep, type Draw } from "../support/sweep";

const kernels = contractionKernels(),
  spies = [vi.spyOn(kernels, "right"), vi.spyOn(kernels, "left")];
afterAll(() => {
  for (const spy of spies) spy.mockRestore();
});
/** Passes over x that `work` makes, by the entries that kernels were given. */
const passesOf = (x: Tensor, work: () => void): number => {
  for (const spy of spies) spy.mockClear();
  work();
  const entries = spies.flatMap(({ mock }) => mock.calls.map(([, , , rows, columns]) => rows * columns));
  return entries.reduce((sum, count) => sum + count, 0) / x.data.length;
};

const factorsOf = (draw: Draw, shape: readonly number[], rank: number): Matrix[] =>
  shape.map((size) => draw.normal([size, rank]));
/** The MTTKRP by its definition. */
const mttkrp = (x: Tensor, factors: readonly Matrix[], mode: number): Matrix =>
  matmul(unfold(x, mode), khatriRao(factors.filter((_, m) => m !== mode)));
/** A planted tensor of long modes with noise, so that sweeps go on. */
const long = (draw: Draw, rank: number): Tensor => {
  const factors = factorsOf(draw, [33, 36, 32], rank),
    x = cpToTensor({ weights: { shape: [rank], data: new Float64Array(rank).fill(1) }, factors });
  return { shape: x.shape, data: x.data.map((value) => value + 0.5 * draw.normal([1]).data[0]) };
};

test("products are those of the definition with the newest factors, in every mode, in both kinds of sweep", () =>
  sweep((draw) => {
    const rank = draw.int(1, 4),
      isLong = draw.int(0, 1) === 1,
      shape = isLong
        ? [32, 33, 35].map((size) => size + draw.int(0, 3))
        : Array.from({ length: draw.int(2, 5) }, () => draw.int(1, 6)),
      x = draw.normal(shape),
      tree = dimensionTree(x, rank);
    let factors = factorsOf(draw, shape, rank);
    for (const odd of [false, true, false, true]) {
      factors = [...factors];
      for (const { mode, products } of tree.sweep(factors, odd)) {
        close(products, mttkrp(x, factors, mode), 1e-12);
        factors[mode] = draw.normal([shape[mode], rank]);
      }
    }
    const other = factorsOf(draw, shape, rank); // as after an extrapolation: nothing of the tree is of these
    for (const { mode, products } of tree.sweep(other, true)) close(products, mttkrp(x, other, mode), 1e-12);
  }, 20));

test("long modes take three passes in two sweeps, others two a sweep; a sweep does not depend on those before", () =>
  sweep((draw) => {
    const x = long(draw, 3),
      tree = dimensionTree(x, 3),
      fresh = () => dimensionTree(x, 3),
      factors = factorsOf(draw, x.shape, 3);
    const perSweep = [false, true, false, true].map((odd) => {
      const before = [...factors],
        got: Matrix[] = [];
      const count = passesOf(x, () => {
        for (const { mode, products } of tree.sweep(factors, odd)) {
          got.push(products);
          factors[mode] = draw.normal([x.shape[mode], 3]);
        }
      });
      for (const { mode, products } of fresh().sweep(before, odd)) {
        expect(products).toEqual(got[mode]);
        before[mode] = factors[mode];
      }
      return count;
    });
    expect(perSweep).toEqual([2, 1, 2, 1]);
    const four = draw.normal([6, 7, 5, 8]),
      small = dimensionTree(four, 2),
      ofFour = factorsOf(draw, four.shape, 2);
    for (const odd of [false, true])
      expect(
        passesOf(four, () => {
          for (const { mode } of small.sweep(ofFour, odd)) ofFour[mode] = draw.normal([four.shape[mode], 2]);
        }),
      ).toBe(2);
  }, 3));

test("sweeps over long modes are those of the published algorithm, in its order", () =>
  sweep((draw) => {
    const x = long(draw, 2),
      start = factorsOf(draw, x.shape, 2),
      states = [...cpAlsSweeps(x, 2, { start, sweeps: 5, tolerance: 0, method: { accelerate: false } })],
      factors = [...start];
    for (const { raw } of states) {
      for (let mode = 0; mode < 3; mode++)
        factors[mode] = transpose(
          solveSymmetric(gramOfOthers(factors.map(gram), mode), transpose(mttkrp(x, factors, mode))).x,
        );
      for (let mode = 0; mode < 3; mode++) close(raw[mode], factors[mode], 1e-9);
    }
  }, 3));

const ways: readonly [string, (draw: Draw, x: Tensor) => CpOptions][] = [
  ["plain", () => ({ method: { accelerate: false } })],
  ["extrapolated", () => ({ method: { accelerate: true } })],
  ["with a fixed mode", () => ({ fixed: [1] })],
  ["with constraints", () => ({ constraints: [undefined, nonNegative(), undefined] })],
  ["with missing entries", (draw, x) => ({ mask: maskOf(draw, x), missing: "exact" })],
  ["with imputed entries", (draw, x) => ({ mask: maskOf(draw, x), missing: "impute" })],
];
const maskOf = (draw: Draw, x: Tensor): Tensor => ({
  shape: x.shape,
  data: Float64Array.from(draw.normal(x.shape).data, (z) => (z < -1 ? 0 : 1)),
});

test.each(ways)("a run over long modes, %s, resumes from every state to the bits of the whole", (_, optionsOf) =>
  sweep((draw) => {
    const x = long(draw, 3),
      options = { ...optionsOf(draw, x), sweeps: 9, tolerance: 0 },
      start = factorsOf(draw, x.shape, 3),
      states: CpResult[] = [...cpAlsSweeps(x, 3, { ...options, start })],
      end = states[states.length - 1];
    expect(states.length).toBe(9);
    for (const [made, half] of states.slice(0, -1).entries()) {
      const rest = cpAls(x, 3, { ...options, start: structuredClone(half), sweeps: 8 - made });
      expect(rest.raw).toEqual(end.raw);
      expect(rest.relativeError).toBe(end.relativeError);
    }
    end.trace.slice(1).forEach((error, k) => expect(error).toBeLessThanOrEqual(end.trace[k] + 1e-12));
  }, 1),
);
