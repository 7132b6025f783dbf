import { expect, test } from "vitest";
import {
  cpAls,
  cpToTensor,
  l1Penalty,
  l2Penalty,
  matchComponents,
  monotone,
  nonNegative,
  orthogonal,
  ridgePenalty,
  simplex,
  smoothAlong,
  softSparsity,
  tensor,
  unimodal,
  unitNorm,
  type CpConstraint,
  type Matrix,
  type Tensor,
} from "../../src";
import { oracle } from "../support/oracle";
import { draw, type Draw } from "../support/sweep";

const ones = (rank: number) => tensor([rank], new Float64Array(rank).fill(1));
/** Some entries missing, and NaN there: whoever reads one is found out. */
function holed(stream: Draw, x: Tensor, share: number): { x: Tensor; mask: Tensor } {
  const mask = { shape: x.shape, data: Float64Array.from(x.data, () => (stream.uniform() < share ? 0 : 1)) };
  return { x: { shape: x.shape, data: x.data.map((value, at) => (mask.data[at] === 0 ? NaN : value)) }, mask };
}

test("rows are those of scipy's nnls over their observed entries", () => {
  const { x, mask, b, c, rows, relativeError } = oracle("masked-nnls");
  const start = [tensor(rows.shape, new Float64Array(rows.data.length)), b, c];
  const end = cpAls(x, 4, { mask, start, fixed: [1, 2], sweeps: 1, constraints: [nonNegative({ exact: true })] });
  rows.data.forEach((value: number, at: number) => expect(end.raw[0].data[at]).toBeCloseTo(value, 11));
  expect(rows.data.filter((value: number) => value === 0).length).toBeGreaterThan(5); // the bound binds
  expect(end.relativeError).toBeCloseTo(relativeError, 12);
});

test("planted non-negative components are found where two fifths are missing, without reading what is", () => {
  const stream = draw(3),
    factors = [12, 11, 10].map((size): Matrix => {
      const { shape, data } = stream.normal([size, 3]);
      return { shape, data: data.map((value) => Math.max(0, value)) };
    }),
    truth = { weights: ones(3), factors },
    whole = cpToTensor(truth),
    { x, mask } = holed(stream, whole, 0.4),
    constraints = [0, 1, 2].map(() => nonNegative({ exact: true })),
    end = cpAls(x, 3, { mask, constraints, starts: 3, tolerance: 1e-13, seed: 1 });
  expect(end.factors.every(({ data }) => data.every((value) => value >= 0))).toBe(true);
  expect(matchComponents(truth, end).score).toBeGreaterThan(1 - 1e-6);
  // where it is missing
  cpToTensor(end).data.forEach((value, at) => expect(Math.abs(value - whole.data[at])).toBeLessThan(1e-4));
});

const penaltyOf: Record<string, (f: Matrix) => number> = {
  ridge: ({ data }) => 0.7 * data.reduce((sum, x) => sum + x * x, 0),
  smooth: ({ shape: [rows, rank], data }) => {
    let sum = 0;
    for (let i = rank; i < rows * rank; i++) sum += (data[i] - data[i - rank]) ** 2;
    return 1.3 * sum;
  },
  l1: ({ data }) => 2 * data.reduce((sum, x) => sum + Math.abs(x), 0),
  l2: ({ shape: [, rank], data }) =>
    Array.from({ length: rank }, (_, r) =>
      Math.sqrt(data.reduce((s, x, i) => (i % rank === r ? s + x * x : s), 0)),
    ).reduce((sum, length) => sum + 2 * length, 0),
};
const convex: [string, CpConstraint][] = [
  ["nonNegative", nonNegative({ exact: true })],
  ["nonNegative by columns", nonNegative({ rounds: 400 })],
  ["ridge", ridgePenalty(0.7)],
  ["smooth", smoothAlong(1.3)],
  ["l1", l1Penalty(2)],
  ["l2", l2Penalty(2)],
  ["simplex", simplex()],
  ["monotone", monotone()],
  ["softSparsity", softSparsity(1)],
];

test.each(convex)("the update of one mode is the minimum over observed entries: %s", (name, constraint) => {
  const stream = draw(5),
    [a, b, c] = [8, 6, 5].map((size) => stream.normal([size, 3])),
    noise = stream.normal([8, 6, 5]),
    signal = cpToTensor({ weights: ones(3), factors: [a, b, c] }),
    { x, mask } = holed(stream, { shape: [8, 6, 5], data: signal.data.map((v, i) => v + noise.data[i]) }, 0.4);
  // a few updates: the proximal ones end after a hundred steps each
  const found = cpAls(x, 3, {
    mask,
    start: [a, b, c],
    fixed: [1, 2],
    sweeps: 6,
    tolerance: 0,
    constraints: [constraint],
  });
  const objective = (f: Matrix) => {
    const model = cpToTensor({ weights: ones(3), factors: [f, b, c] }).data;
    let sum = penaltyOf[name]?.(f) ?? 0;
    mask.data.forEach((seen, at) => (sum += seen === 0 ? 0 : (x.data[at] - model[at]) ** 2));
    return sum;
  };
  const best = objective(found.raw[0]);
  // from a minimum of a convex problem every way to another allowed factor goes up
  for (let trial = 0; trial < 40; trial++) {
    const other = stream.normal([8, 3]),
      allowed = constraint.start?.(other) ?? other;
    for (const share of [1e-4, 1e-2, 1]) {
      const data = found.raw[0].data.map((value, at) => value + share * (allowed.data[at] - value));
      expect(objective({ shape: [8, 3], data })).toBeGreaterThan(best - 1e-10 * best);
    }
  }
});

const every: [string, CpConstraint][] = [
  ...convex,
  ["orthogonal", orthogonal()],
  ["unimodal", unimodal()],
  ["unitNorm", unitNorm()],
];

test.each(every)("a mask that hides nothing changes nothing: %s", (_, constraint) => {
  const stream = draw(6),
    x = cpToTensor({ weights: ones(2), factors: [6, 5, 4].map((size) => stream.normal([size, 2])) }),
    start = [6, 5, 4].map((size) => stream.normal([size, 2])),
    mask = { shape: x.shape, data: new Float64Array(x.data.length).fill(1) };
  const run = (options: object) =>
    cpToTensor(cpAls(x, 2, { start, sweeps: 3, tolerance: 0, constraints: [constraint], ...options }));
  const [plain, masked] = [run({}), run({ mask })];
  // smoothAlong goes by a tridiagonal solve in place of a cosine basis; proximal steps may end one round apart
  plain.data.forEach((value, at) => expect(Math.abs(masked.data[at] - value)).toBeLessThan(1e-6));
});

test.each(["orthogonal", "unitNorm"] as const)("columns of length 1 in every mode, weights beside them: %s", (name) => {
  const constraint = name === "orthogonal" ? orthogonal() : unitNorm(),
    stream = draw(8),
    truth = {
      weights: tensor([2], [5, -3]),
      factors: [7, 6, 5].map((size) => orthogonal().start!(stream.normal([size, 2]))),
    },
    { x, mask } = holed(stream, cpToTensor(truth), 0.3);
  const end = cpAls(x, 2, {
    mask,
    constraints: [constraint, constraint, constraint],
    starts: 4,
    tolerance: 1e-12,
    seed: 2,
  });
  expect(end.relativeError).toBeLessThan(1e-6);
  expect(matchComponents(truth, end).score).toBeGreaterThan(1 - 1e-6);
  end.trace.slice(1).forEach((error, at) => expect(error).toBeLessThanOrEqual(end.trace[at] + 1e-10));
});

test("a constraint that knows shared normal equations only reaches the same minimum by majorization", () => {
  const stream = draw(9),
    [a, b, c] = [8, 6, 5].map((size) => stream.normal([size, 3])),
    { x, mask } = holed(stream, stream.normal([8, 6, 5]), 0.4),
    exact = nonNegative({ exact: true }),
    custom: CpConstraint = { name: "mine", update: exact.update };
  const run = (constraint: CpConstraint) =>
    cpAls(x, 3, { mask, start: [a, b, c], fixed: [1, 2], sweeps: 40, tolerance: 0, constraints: [constraint] });
  const [own, general] = [run(exact), run(custom)];
  own.raw[0].data.forEach((value, at) => expect(general.raw[0].data[at]).toBeCloseTo(value, 6));
  general.trace.slice(1).forEach((error, at) => expect(error).toBeLessThanOrEqual(general.trace[at] + 1e-12));
});

test("exact and imputed least squares settle in the same optimum", () => {
  const stream = draw(10),
    factors = [9, 8, 7].map((size) => stream.normal([size, 2])),
    noise = stream.normal([9, 8, 7], 0.1),
    positive = factors.map((f): Matrix => ({ shape: f.shape, data: f.data.map(Math.abs) })),
    signal = cpToTensor({ weights: ones(2), factors: positive }),
    { x, mask } = holed(stream, { shape: [9, 8, 7], data: signal.data.map((v, i) => v + noise.data[i]) }, 0.3),
    constraints = [0, 1, 2].map(() => nonNegative({ exact: true }));
  const run = (missing: "exact" | "impute") =>
    cpAls(x, 2, { mask, missing, start: positive, constraints, sweeps: 2000, tolerance: 1e-14 });
  const [exact, imputed] = [run("exact"), run("impute")];
  expect(exact.relativeError).toBeCloseTo(imputed.relativeError, 9);
  expect(exact.sweeps).toBeLessThan(imputed.sweeps);
});
