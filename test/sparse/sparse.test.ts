import { expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { cpAls, nonNegative } from "../../src/decompose";
import { cpToTensor, factorMatchScore } from "../../src/factored";
import {
  cpAlsSparse,
  cpAlsSparseSweeps,
  sparseContract,
  sparseFrom,
  sparseInner,
  sparseMttkrp,
  sparseOf,
  sparseToTensor,
} from "../../src/sparse";
import { inner, mttkrp, multiModeProduct, norm, subtract, tensor, zeros, type Tensor } from "../../src/tensor";
import { close } from "../support/close";
import { draw as drawOf, sweep, type Draw } from "../support/sweep";

/** A tensor of mostly zeros. */
const spikes = (draw: Draw, shape: readonly number[], share: number): Tensor => ({
  shape,
  data: draw.normal(shape).data.map((value) => (draw.uniform() < share ? value : 0)),
});

test("coordinates and values are those of the tensor, there and back", () => {
  sweep((draw) => {
    const x = spikes(draw, [4, 3, 5], 0.2);
    expect(sparseToTensor(sparseOf(x))).toEqual(x);
    expect(sparseOf(x).values.length).toBe(x.data.filter((value) => value !== 0).length);
  });
});
test("the MTTKRP over nonzeros is that of the whole tensor, in every mode of two, three and four", () => {
  sweep((draw) => {
    for (const shape of [
      [5, 4],
      [4, 3, 5],
      [2, 3, 4, 3],
    ]) {
      const x = spikes(draw, shape, 0.3),
        factors = shape.map((size) => draw.normal([size, 3]));
      for (let mode = 0; mode < shape.length; mode++)
        close(sparseMttkrp(sparseOf(x), factors, mode), mttkrp(x, factors, mode), 1e-13);
    }
  }, 10);
});
test("the decomposition is that of the whole tensor from the same start", () => {
  sweep((draw) => {
    const x = spikes(draw, [9, 8, 7], 0.2),
      start = { weights: tensor([2], [1, 1]), factors: [9, 8, 7].map((size) => draw.normal([size, 2])) },
      whole = cpAls(x, 2, { start, sweeps: 20, tolerance: 0, method: { accelerate: true } }),
      found = cpAlsSparse(sparseOf(x), 2, { start, sweeps: 20, tolerance: 0 });
    expect(found.relativeError).toBeCloseTo(whole.relativeError, 9);
    expect(norm(subtract(cpToTensor(found), x)) / norm(x)).toBeCloseTo(found.relativeError, 9);
  }, 8);
});
test("planted sparse components are found, also non-negative, and errors do not rise", () => {
  const draw = drawOf(3),
    factors = [20, 18, 25].map((size) => {
      const f = draw.normal([size, 2]);
      return { shape: f.shape, data: f.data.map((value) => (draw.uniform() < 0.3 ? Math.abs(value) : 0)) };
    }),
    truth = { weights: tensor([2], [1, 1]), factors },
    x = sparseOf(cpToTensor(truth));
  for (const constraints of [[], [nonNegative(), nonNegative(), nonNegative()]]) {
    const found = cpAlsSparse(x, 2, { starts: 6, sweeps: 1000, constraints });
    expect(factorMatchScore(found, truth)).toBeGreaterThan(0.999);
    if (constraints.length === 0)
      found.trace.slice(1).forEach((now, i) => expect(now).toBeLessThanOrEqual(found.trace[i]));
    for (const { data } of constraints.length > 0 ? found.factors : [])
      expect(Math.min(...data)).toBeGreaterThanOrEqual(0);
  }
  expect(cpAlsSparse(x, 2, { seed: 5 })).toEqual(cpAlsSparse(x, 2, { seed: 5 }));
});
test("a tensor too large to be written out is decomposed", () => {
  const size = 100_000,
    coordinates = Int32Array.from({ length: 3 * 400 }, (_, i) => (7919 * Math.floor(i / 3) + 31 * (i % 3)) % size),
    values = Float64Array.from({ length: 400 }, (_, i) => (i === 0 ? 100 : 0.01)),
    found = cpAlsSparse({ shape: [size, size, size], coordinates, values }, 1, { starts: 4, sweeps: 30 });
  expect(found.weights.data[0]).toBeCloseTo(100, 3);
});
test("wrong calls are refused", () => {
  const x = sparseOf(tensor([2, 2], [1, 0, 0, 2]));
  for (const [work, text] of [
    [() => cpAlsSparse({ ...x, coordinates: Int32Array.of(0, 0, 0, 0) }, 1), "every entry at most once"],
    [() => cpAlsSparse({ ...x, coordinates: Int32Array.of(0, 0, 1, 2) }, 1), "coordinates from 0 to 1 in mode 1"],
    [() => cpAlsSparse({ ...x, values: Float64Array.of(1, NaN) }, 1), "finite values"],
    [() => cpAlsSparse({ ...x, values: Float64Array.of(1) }, 1), "2 coordinates"],
    [() => cpAlsSparse(sparseOf(zeros([3])), 1), "two modes or more"],
    [() => cpAlsSparse(x, 3), "rank"],
    [() => cpAlsSparse(tensor([2, 2], [1, 2, 3, 4]) as never, 1), "Int32Array"],
  ] as const) {
    expect(work).toThrow(LtrnnError);
    expect(work).toThrow(text);
  }
});

test("a run goes on from a checkpoint to the bit, and from a model of any scale", () => {
  const x = sparseOf(drawOf(9).normal([6, 5, 7])),
    options = { seed: 3, tolerance: 0 },
    whole = cpAlsSparse(x, 2, { ...options, sweeps: 12 }),
    part = cpAlsSparse(x, 2, { ...options, sweeps: 5 }),
    rest = cpAlsSparse(x, 2, { ...options, sweeps: 7, start: structuredClone(part) });
  expect([rest.raw, rest.relativeError, rest.extrapolation]).toEqual([
    whole.raw,
    whole.relativeError,
    whole.extrapolation,
  ]);
  expect(rest.trace).toEqual(whole.trace.slice(5));
  const large = { ...x, values: x.values.map((value) => value * 2 ** 700) },
    found = cpAlsSparse(large, 2, { ...options, sweeps: 12 }),
    model = { weights: found.weights, factors: found.factors },
    again = cpAlsSparse(large, 2, { start: model, sweeps: 2 });
  expect(again.relativeError).toBeLessThanOrEqual(found.relativeError * (1 + 1e-9));
  expect(found.relativeError).toBeCloseTo(whole.relativeError, 12);
});

test("entries one by one are added up at their places, in any order, and zeros are left out", () =>
  sweep((draw) => {
    const shape = [3, 4, 2],
      count = 40,
      coordinates = Int32Array.from({ length: 3 * count }, (_, at) => draw.int(0, shape[at % 3] - 1)),
      values = Float64Array.from({ length: count }, () => draw.int(-2, 2)),
      whole = zeros(shape);
    values.forEach((value, entry) => {
      const [i, j, k] = coordinates.subarray(3 * entry, 3 * entry + 3);
      whole.data[i * 8 + j * 2 + k] += value;
    });
    expect(sparseFrom(shape, coordinates, values)).toEqual(sparseOf(whole));
  }, 10));

test("contractions and inner products are those of the whole tensors", () =>
  sweep((draw) => {
    const shape = [4, 3, 5],
      [x, y] = [spikes(draw, shape, 0.3), spikes(draw, shape, 0.5)],
      cp = { weights: draw.normal([2]), factors: shape.map((size) => draw.normal([size, 2])) },
      vectors = shape.map((size) => draw.normal([size]));
    for (const kept of [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]]) {
      const operands = vectors.map((vector, mode) => (kept.includes(mode) ? null : vector));
      close(sparseToTensor(sparseContract(sparseOf(x), operands)), multiModeProduct(x, operands), 1e-13);
    }
    const size = norm(x) * norm(y);
    expect(Math.abs(sparseInner(sparseOf(x), sparseOf(y)) - inner(x, y))).toBeLessThan(1e-14 * size);
    expect(Math.abs(sparseInner(sparseOf(x), cp) - inner(x, cpToTensor(cp)))).toBeLessThan(1e-13 * norm(x) * 50);
    expect(sparseInner(sparseOf(zeros(shape)), sparseOf(y))).toBe(0);
  }, 10));

test("the stepwise form ends in the result, errors do not rise, and a step is a start that goes on bit for bit", () => {
  const x = sparseOf(spikes(drawOf(4), [9, 8, 7], 0.3)),
    options = { sweeps: 12, tolerance: 0 };
  for (const starts of [1, 4]) {
    const steps = [...cpAlsSparseSweeps(x, 2, { ...options, starts })],
      whole = cpAlsSparse(x, 2, { ...options, starts });
    expect(steps[steps.length - 1]).toEqual(whole);
    expect(steps.slice(0, -1).every(({ status }) => status === "running")).toBe(true);
    if (starts > 1) continue;
    expect(steps.length).toBe(12);
    const rest = cpAlsSparse(x, 2, { start: structuredClone(steps[4]), sweeps: 7, tolerance: 0 });
    expect([rest.factors, rest.weights]).toEqual([whole.factors, whole.weights]);
    steps
      .slice(1)
      .forEach(({ relativeError }, i) => expect(relativeError).toBeLessThanOrEqual(steps[i].relativeError + 1e-15));
  }
});

test("wrong calls of products are refused", () => {
  const x = sparseOf(tensor([2, 2], [1, 0, 2, 3])),
    one = tensor([2], [1, 1]);
  expect(() => sparseContract(x, [one, one])).toThrow("sparseContract: expected 2 vectors, one per mode, null for one");
  expect(() => sparseContract(x, [tensor([3], [1, 1, 1]), null])).toThrow(
    "sparseContract: expected 2 entries for mode 0",
  );
  expect(() => sparseInner(x, sparseOf(tensor([2], [1, 2])))).toThrow("sparseInner: expected other of shape (2 × 2)");
  expect(() => sparseFrom([2], Int32Array.of(2), Float64Array.of(1))).toThrow(
    "sparseFrom: expected coordinates from 0 to 1",
  );
  expect(() => sparseMttkrp(x, [tensor([2, 1], [1, 1])], 0)).toThrow("sparseMttkrp: expected factors with 2, 2 rows");
});
