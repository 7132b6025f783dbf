import { expect, test } from "vitest";
import { LtrnnError } from "../../src/base";
import { coupledCp, coupledCpSweeps } from "../../src/coupled";
import { nonNegative } from "../../src/decompose";
import { cpToTensor, factorMatchScore, type Cp } from "../../src/factored";
import { norm, subtract, tensor, type Matrix, type Tensor } from "../../src/tensor";
import { oracle } from "../support/oracle";
import { draw as drawOf, sweep, type Draw } from "../support/sweep";

const ones = (rank: number) => tensor([rank], new Array<number>(rank).fill(1));

/** A tensor of three modes whose mode 1 is shared, and a matrix whose mode 0 is. */
function planted(draw: Draw, rank: number, noise = 0, scale = 1) {
  const common = draw.normal([12, rank]),
    first: Cp = { weights: ones(rank), factors: [draw.normal([7, rank]), common, draw.normal([8, rank])] },
    second: Cp = { weights: ones(rank), factors: [common, draw.normal([9, rank], scale)] };
  const tensors = [first, second].map((cp): Tensor => {
    const x = cpToTensor(cp);
    return { shape: x.shape, data: x.data.map((value) => value + noise * draw.normal([1]).data[0]) };
  });
  return { common, first, second, tensors };
}
const errorOf = (x: Tensor, cp: Cp) => norm(subtract(cpToTensor(cp), x)) / norm(x);
const score = (f: Matrix, g: Matrix) =>
  factorMatchScore({ weights: ones(f.shape[1]), factors: [f] }, { weights: ones(g.shape[1]), factors: [g] });

test("planted factors are found, the shared one is one matrix, and a matrix beside a tensor becomes unique", () => {
  sweep((draw) => {
    const { common, second, tensors } = planted(draw, 3),
      found = coupledCp(tensors, [1, 0], 3, { sweeps: 3000, tolerance: 1e-12 });
    expect(found.relativeError).toBeLessThan(1e-5);
    expect(score(found.shared, common)).toBeGreaterThan(0.999);
    expect(factorMatchScore(found.models[1], second)).toBeGreaterThan(0.999); // a matrix alone would be rotated
    found.models.forEach((model, i) => {
      expect(model.factors[[1, 0][i]]).toEqual(found.shared);
      expect(errorOf(tensors[i], model)).toBeCloseTo(found.errors[i], 9);
    });
  }, 4);
});
test("the weighted error never rises, and is that of the models; weights say which tensor counts", () => {
  const { tensors } = planted(drawOf(3), 2, 0.5, 100),
    states = [...coupledCpSweeps(tensors, [1, 0], 2, { starts: 1, sweeps: 60, tolerance: 0 })];
  states.slice(1).forEach((now, i) => expect(now.relativeError).toBeLessThanOrEqual(states[i].relativeError));
  const end = states[states.length - 1],
    errors = end.models.map((model, i) => errorOf(tensors[i], model));
  expect(Math.sqrt((errors[0] ** 2 + errors[1] ** 2) / 2)).toBeCloseTo(end.relativeError, 10);
  const [one, other] = [
    [1, 100],
    [100, 1],
  ].map((weights) => coupledCp(tensors, [1, 0], 2, { weights }));
  expect(one.errors[1]).toBeLessThan(other.errors[1]);
  expect(other.errors[0]).toBeLessThan(one.errors[0]);
});
test("what is missing is never read, and filled in", () => {
  const draw = drawOf(5),
    { tensors } = planted(draw, 2),
    mask = tensor(
      tensors[0].shape,
      Array.from(tensors[0].data, () => (draw.uniform() < 0.2 ? 0 : 1)),
    ),
    holed = { shape: tensors[0].shape, data: tensors[0].data.map((value, i) => (mask.data[i] ? value : NaN)) },
    found = coupledCp([holed, tensors[1]], [1, 0], 2, { masks: [mask, undefined], sweeps: 3000, tolerance: 1e-11 });
  expect(errorOf(tensors[0], found.models[0])).toBeLessThan(1e-4);
});
test("a start goes on where it was, constraints hold, and one seed gives one result", () => {
  const { tensors } = planted(drawOf(7), 2, 0.3),
    half = coupledCp(tensors, [1, 0], 2, { starts: 1, sweeps: 10, tolerance: 0 }),
    more = coupledCp(tensors, [1, 0], 2, { start: structuredClone(half), sweeps: 5, tolerance: 0 });
  expect(more.trace[0]).toBeLessThanOrEqual(half.relativeError + 1e-12);
  const positive = coupledCp(tensors, [1, 0], 2, { constraints: { shared: nonNegative() } });
  expect(Math.min(...positive.shared.data)).toBeGreaterThanOrEqual(0);
  expect(coupledCp(tensors, [1, 0], 2, { sweeps: 5 })).toEqual(coupledCp(tensors, [1, 0], 2, { sweeps: 5 }));
});
test("wrong calls are refused", () => {
  const { tensors } = planted(drawOf(1), 2);
  for (const [work, text] of [
    [() => coupledCp(tensors, [0, 0], 2), "7 indices in every shared mode"],
    [() => coupledCp(tensors, [1], 2), "2 shared modes"],
    [() => coupledCp([], [], 2), "array of one or more"],
    [() => coupledCp(tensors, [1, 0], 2, { weights: [1] }), "2 weights, one a tensor"],
    [() => coupledCp(tensors, [1, 0], 2, { start: coupledCp(tensors, [1, 0], 1) }), "the shared one last"],
  ] as const) {
    expect(work).toThrow(LtrnnError);
    expect(work).toThrow(text);
  }
});

test("sweeps that crawl are extrapolated: collinear components in a fifth of the sweeps, and errors never rise", () => {
  const draw = drawOf(4),
    alike = (rows: number) => {
      const f = draw.normal([rows, 2]);
      for (let i = 0; i < rows; i++) f.data[2 * i + 1] = f.data[2 * i]! + 0.25 * f.data[2 * i + 1]!;
      return f;
    },
    common = alike(12),
    tensors = [
      cpToTensor({ weights: ones(2), factors: [alike(7), common, alike(8)] }),
      cpToTensor({ weights: ones(2), factors: [common, alike(9)] }),
    ],
    options = { starts: 1, seed: 1, tolerance: 0 },
    found = coupledCp(tensors, [1, 0], 2, { ...options, sweeps: 200 }),
    count = found.trace.findIndex((error) => error < 1e-4),
    plain = coupledCp(tensors, [1, 0], 2, { ...options, accelerate: false, sweeps: 5 * count });
  for (const { trace } of [found, plain])
    trace.slice(1).forEach((error, i) => expect(error).toBeLessThanOrEqual(trace[i]!));
  expect(score(found.shared, common)).toBeGreaterThan(0.999);
  expect(count).toBeGreaterThan(0);
  expect(plain.relativeError).toBeGreaterThan(1e-4);
});

test("errors are those of the best of eight runs of plain alternating least squares in numpy, or lower", () => {
  for (const { tensors, rank, weights, least } of oracle("coupled").cases) {
    const shared = tensors.map(() => 0),
      found = coupledCp(tensors, shared, rank, { weights, starts: 6, sweeps: 4000, tolerance: 1e-12 });
    expect(found.relativeError ** 2).toBeLessThan(least * (1 + 1e-8));
    // of the models that are handed back
    const squares = found.models.map((cp, k) => weights[k] * errorOf(tensors[k], cp) ** 2),
      sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
    expect(Math.abs(sum(squares) / sum(weights) - found.relativeError ** 2)).toBeLessThan(1e-12);
  }
});
