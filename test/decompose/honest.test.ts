import { describe, expect, test } from "vitest";
import { cpAls, nonNegative, orthogonal, transform, type CpResult } from "../../src/decompose";
import {
  coreConsistency,
  componentVariance,
  cpFromArrays,
  cpToTensor,
  matchComponents,
  type Cp,
} from "../../src/factored";
import { random } from "../../src/base";
import { orthonormalColumns } from "../../src/linalg";
import { norm, subtract, tensor, zeros, type Matrix, type Tensor } from "../../src/tensor";
import { sweep, type Draw } from "../support/sweep";

const ones = (rank: number) => tensor([rank], new Array(rank).fill(1));
const planted = (draw: Draw, shape: readonly number[], rank: number): Cp => ({
  weights: ones(rank),
  factors: shape.map((size) => draw.normal([size, rank])),
});

describe("errors are those of the tensors themselves", () => {
  test("where components cancel, which is said", () => {
    const stream = random(3679, "fz");
    for (const high of [12, 12]) stream.int(2, high);
    stream.int(1, 12);
    stream.int(1, 6);
    stream.int(0, 4);
    stream.int(0, 4);
    const x = zeros([7, 5, 7]);
    for (let i = 0; i < x.data.length; i++) x.data[i] = i % 7 === 0 ? stream.normal() : 0;
    const found = cpAls(x, 4, { sweeps: 500, seed: 3679 }),
      truth = norm(subtract(x, cpToTensor(found))) / norm(x);
    expect(Math.abs(found.relativeError / truth - 1)).toBeLessThan(1e-9);
    expect(found.status).toBe("degenerate");
  });
  test("in the variance of components that cancel, however large", () => {
    const a = tensor([3, 2], [1, 1, 2, 2, 3, 3]),
      b = tensor([2, 2], [1, 1, -1, -1]);
    for (const size of [1, 1e4, 1e8]) {
      const rest = tensor([3, 2], [1, 0, 0, 1, 2, 0]),
        model: Cp = {
          weights: tensor([3], [size, -size, 1]),
          factors: [beside(a, tensor([3, 1], [1, 0, 2])), beside(b, tensor([2, 1], [1, 1]))],
        },
        x = cpToTensor({ weights: tensor([1], [1]), factors: [tensor([3, 1], [1, 0, 2]), tensor([2, 1], [1, 1])] });
      expect(rest.data.length).toBe(6);
      const { total, lost } = componentVariance(x, model);
      expect(total).toBeCloseTo(1, 12);
      expect(lost[2]).toBeCloseTo(1, 7); // the model is rounded at 1e-16 of its size
    }
  });
});

function beside(m: Matrix, column: Matrix): Matrix {
  const [rows, columns] = m.shape;
  return tensor(
    [rows, columns + 1],
    Array.from({ length: rows }, (_, i) => [...m.data.slice(i * columns, (i + 1) * columns), column.data[i]]).flat(),
  );
}

describe("orthogonal columns", () => {
  test.each([1, 2, 3])("in %d of three modes, exact orthonormal components are found with their weights", (count) =>
    sweep((draw) => {
      const basis = (size: number) => orthonormalColumns(draw.normal([size, 2])),
        x = cpToTensor({ weights: tensor([2], [5, 3]), factors: [basis(8), basis(7), basis(6)] });
      const constraints = Array.from({ length: count }, () => orthogonal()),
        found = cpAls(x, 2, { constraints, seed: draw.seed });
      expect(found.relativeError).toBeLessThan(1e-6);
      expect(found.weights.data[0]).toBeCloseTo(5, 5);
      expect(found.weights.data[1]).toBeCloseTo(3, 5);
    }, 10),
  );
  test("in every mode, the error never rises, weights are least squares, runs resume, with entries missing too", () =>
    sweep((draw) => {
      const x = cpToTensor(planted(draw, [6, 5, 7], 3)),
        constraints = [orthogonal(), orthogonal(), orthogonal()],
        mask = { shape: x.shape, data: Float64Array.from(x.data, (_, i) => (i % 8 === 3 ? 0 : 1)) };
      for (const extra of [{}, { mask, missing: "impute" as const }]) {
        const options = { constraints, seed: draw.seed, starts: 1, tolerance: 0, ...extra },
          whole = cpAls(x, 3, { ...options, sweeps: 25 });
        whole.trace.slice(1).forEach((error, k) => expect(error).toBeLessThanOrEqual(whole.trace[k] + 1e-12));
        const half = structuredClone(cpAls(x, 3, { ...options, sweeps: 5 })),
          more = cpAls(x, 3, { constraints, ...extra, tolerance: 0, start: half, sweeps: 20 });
        expect(half.status).toBe("exhausted"); // so that there is something to resume
        expect(more.raw).toEqual(whole.raw);
        expect(more.weights).toEqual(whole.weights);
        const less = {
          ...whole,
          weights: tensor(
            [3],
            Array.from(whole.weights.data, (w) => 0.99 * w),
          ),
        };
        const errorOf = (model: Cp) => {
          const y = cpToTensor(model).data;
          return Math.sqrt(
            y.reduce((sum, v, i) => sum + ("mask" in extra && mask.data[i] === 0 ? 0 : (v - x.data[i]) ** 2), 0),
          );
        };
        expect(errorOf(whole)).toBeLessThan(errorOf(less));
      }
    }, 4));
  test("beside a fixed mode, weights are free", () => {
    const draw_ = random(4, "fixed"),
      basis = (size: number) => orthonormalColumns(tensor([size, 2], Array.from({ length: 2 * size }, draw_.normal))),
      loadings = tensor([5, 2], [3, 0, 0, 4, 1, 1, 2, 0, 0, 5]);
    const x = cpToTensor({ weights: tensor([2], [7, -2]), factors: [basis(8), basis(6), loadings] });
    const found = cpAls(x, 2, {
      start: [basis(8), basis(6), loadings],
      fixed: [2],
      constraints: [orthogonal(), orthogonal()],
    });
    expect(found.relativeError).toBeLessThan(1e-7);
    expect(found.factors[2]).toEqual(loadings);
    expect(Array.from(found.weights.data, Math.abs)).toEqual([expect.closeTo(7, 6), expect.closeTo(2, 6)]);
  });
});

test("imputing runs that are extrapolated end where plain ones do, or lower", () => {
  // plain sweeps reach the truth here; extrapolated from the fifth sweep on they stuck at 0.063
  const stream = random(32, "imp"),
    shape = [stream.int(4, 9), stream.int(4, 9), stream.int(4, 9)],
    rank = stream.int(2, 4),
    part = stream.uniform() * 0.6 + 0.1;
  stream.uniform();
  const factors = shape.map((size) => tensor([size, rank], Array.from({ length: size * rank }, stream.normal))),
    x = cpToTensor({ weights: ones(rank), factors }),
    mask: Tensor = { shape, data: Float64Array.from(x.data, () => (stream.uniform() < part ? 0 : 1)) };
  const options = { mask, missing: "impute", seed: 32, sweeps: 3000, tolerance: 1e-12 } as const,
    plain = cpAls(x, rank, { ...options, method: { accelerate: false } }),
    fast = cpAls(x, rank, options);
  expect(plain.relativeError).toBeLessThan(1e-8);
  expect(fast.relativeError).toBeLessThan(1e-8);
  expect(fast.sweeps).toBeLessThan(plain.sweeps);
});

test("a constant tensor has an exact decomposition from every start", () => {
  const x = zeros([4, 3, 1]);
  x.data.fill(1);
  for (let seed = 0; seed < 100; seed++)
    expect(cpAls(x, 3, { starts: 4, seed }).relativeError, `seed ${seed}`).toBeLessThan(1e-12);
});

test("wrong calls are refused in the name of the function that was called", () => {
  const x = tensor(
      [3, 3, 3],
      Array.from({ length: 27 }, (_, i) => (i * i) % 7),
    ),
    model = cpAls(x, 2, { sweeps: 4 }),
    maskOf = (value: number) => ({ shape: x.shape, data: Float64Array.from(x.data, (_, i) => (i === 4 ? value : 1)) }),
    holey = { shape: x.shape, data: x.data.map((value, i) => (i === 5 ? NaN : value)) },
    tampered = (changes: object): CpResult =>
      ({ ...model, extrapolation: { ...model.extrapolation, ...changes } }) as CpResult;
  const wrong: [() => unknown, string][] = [
    [() => cpAls(x, 2, { mask: maskOf(255) }), "cpAls: expected mask"],
    [() => cpAls(x, 2, { mask: maskOf(NaN) }), "cpAls: expected mask"],
    [() => cpAls(x, 2, { mask: null as never }), "cpAls: expected mask to be a tensor"],
    [() => transform(model, x, 0, maskOf(0.5)), "transform: expected mask"],
    [
      () => cpAls(x, 2, { toleranc: 1 } as never),
      "cpAls: expected options by known names, got the unknown name toleranc. Did you mean tolerance?",
    ],
    [() => cpAls(x, 2, 5 as never), "cpAls: expected options to be a record"],
    [() => cpAls(x, 2, { start: cpAls(x, 3, { sweeps: 2 }) }), "cpAls: expected start.raw factors of shapes 3 × 2"],
    [() => cpAls(x, 2, { start: tampered({ length: NaN }) }), "cpAls: expected start.extrapolation"],
    [() => cpAls(x, 2, { start: tampered({ previous: [] }) }), "cpAls: expected start.extrapolation.previous factors"],
    [
      () => cpAls(x, 2, { start: tampered({ drops: [1] }) }),
      "cpAls: expected start.extrapolation.drops to be two numbers",
    ],
    [() => cpAls(x, 2, { start: tampered({ weights: [1] }) }), "cpAls: expected start.extrapolation.weights"],
    [
      () => cpAls(x, 2, { constraints: ["nonNegative" as never] }),
      "cpAls: expected constraints[0] to be undefined, or a constraint",
    ],
    [() => nonNegative({ rounds: 0 }), "nonNegative: expected rounds to be a whole number"],
    [() => nonNegative({ rounds: Infinity }), "nonNegative: expected rounds to be a whole number"],
    [() => coreConsistency(holey, model), "coreConsistency: expected finite entries in x, got NaN at index [0, 1, 2]"],
    [
      () => componentVariance(holey, model),
      "componentVariance: expected finite entries in x, got NaN at index [0, 1, 2]",
    ],
    [
      () => componentVariance(x, { weights: model.weights, factors: model.factors.slice(1) }),
      "componentVariance: expected factors with 3, 3, 3 rows, got 3, 3",
    ],
    [
      () => matchComponents(model, { weights: model.weights, factors: [...model.factors.slice(1), zeros([4, 2])] }),
      "matchComponents: expected factors of 3 rows in mode 2, in a and in b, got 4",
    ],
    [
      () => cpFromArrays({ arr_0: ones(2), arr_2: zeros([3, 2]) }),
      "cpFromArrays: expected arrays arr_0 to arr_1, got no arr_1",
    ],
    [() => cpFromArrays({ arr_0: tensor([2, 1], [1, NaN]) }), "cpFromArrays: expected finite entries in factor 0"],
    [() => cpFromArrays(undefined as never), "cpFromArrays: expected a record of arrays"],
  ];
  for (const [call, message] of wrong) expect(call, message).toThrow(message);
});
