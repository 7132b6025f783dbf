import { expect, test } from "vitest";
import { cpAls, cpAlsSweeps, tucker } from "../../src/decompose";
import { coreConsistency, cpToTensor, factorMatchScore, tuckerToTensor, type Cp } from "../../src/factored";
import { singularValues } from "../../src/linalg";
import { hadamard, matmul, norm, tensor, transpose, unfold, zeros, type Matrix, type Tensor } from "../../src/tensor";
import { close } from "../support/close";
import { oracle, type Oracle } from "../support/oracle";
import { sweep, type Draw } from "../support/sweep";

const { als, tucker: tuckerCases } = oracle("cp");
const named = (cases: Oracle[]) => cases.map((c, i) => ({ name: c.label ?? `${c.shape.join(" × ")}, case ${i}`, c }));
const ones = (rank: number) => tensor([rank], new Float64Array(rank).fill(1));
const planted = (draw: Draw, shape: readonly number[], rank: number): Cp => ({
  weights: ones(rank),
  factors: shape.map((size) => draw.normal([size, rank])),
});
const far = (x: Tensor, model: Tensor) =>
  norm({ shape: x.shape, data: x.data.map((value, at) => value - model.data[at]) }) / norm(x);

// 1e-12: the same formula, sums in another order. Where normal equations are ill-conditioned, rounding grows by their
// condition, so none of these are.
test.each<Oracle>(named(als))("one and three sweeps from the same start give TensorLy's factors: $name", ({ c }) => {
  const run = [...cpAlsSweeps(c.tensor, c.rank, { start: c.init, sweeps: 3, tolerance: 0 })];
  c.after_1_sweep.forEach((f: Matrix, mode: number) => close(run[0].raw[mode], f, 1e-12));
  c.after_3_sweeps.forEach((f: Matrix, mode: number) => close(run[2].raw[mode], f, 1e-12));
  c.errors_first_3.forEach((error: number, sweep: number) =>
    expect(Math.abs(run[sweep].relativeError / error - 1)).toBeLessThan(1e-11),
  );
  for (const key of Object.keys(c).filter((name) => name.startsWith("after_3_sweeps_l2_reg_"))) {
    const ridge = Number(key.slice("after_3_sweeps_l2_reg_".length));
    const ridged = cpAls(c.tensor, c.rank, { start: c.init, sweeps: 3, tolerance: 0, method: { ridge } });
    c[key].forEach((f: Matrix, mode: number) => close(ridged.raw[mode], f, 1e-12));
  }
});

test.each<Oracle>(named(als))("a converged run has TensorLy's error, weights and canonical factors: $name", ({ c }) => {
  const run = cpAls(c.tensor, c.rank, { start: c.init, sweeps: 4000, tolerance: 1e-13 });
  expect(Math.abs(run.relativeError / c.converged.rel_error - 1)).toBeLessThan(1e-6);
  expect(Math.abs(run.relativeError - far(c.tensor, cpToTensor(run)))).toBeLessThan(1e-12);
  close(run.weights, c.converged.weights_canonical, 1e-4);
  c.converged.factors_canonical.forEach((f: Matrix, mode: number) => close(run.factors[mode], f, 1e-4));
  for (const [rank, best] of Object.entries<number>(c.best_over_restarts.rel_error_by_rank)) {
    const errorOf = (seed: number) =>
      cpAls(c.tensor, Number(rank), { seed, sweeps: 6000, tolerance: 1e-11 }).relativeError;
    // the best of eight starts may be a little better or worse than eight of TensorLy's
    const reached = [1, 2, 3, 4, 5, 6, 7, 8].some((seed) => errorOf(seed) < best * (1 + 1e-3));
    expect(reached, `rank ${rank}`).toBe(true);
  }
  for (const { factors, value, rank } of c.core_consistency)
    expect(Math.abs(coreConsistency(c.tensor, { weights: ones(rank), factors }) - value)).toBeLessThan(
      1e-8 * Math.max(100, Math.abs(value)),
    );
});

test.each<Oracle>(named(tuckerCases.length ? tuckerCases : [tuckerCases]))(
  "Tucker errors, core norms and projectors are TensorLy's: $name",
  ({ c }) => {
    const hosvd = tucker(c.tensor, c.rank, { sweeps: 0 }),
      hooi = tucker(c.tensor, c.rank, { tolerance: 1e-13, sweeps: 500 });
    for (const [ours, theirs] of [
      [hosvd, c.hosvd],
      [hooi, c.hooi],
    ] as const) {
      expect(Math.abs(ours.relativeError / theirs.rel_error - 1)).toBeLessThan(1e-6);
      expect(Math.abs(norm(ours.core) / theirs.core_norm - 1)).toBeLessThan(1e-6);
      ours.factors.forEach((u, mode) => close(matmul(u, transpose(u)), theirs.projectors[mode], 1e-4));
      expect(Math.abs(far(c.tensor, tuckerToTensor(ours)) - ours.relativeError)).toBeLessThan(1e-12);
    }
    // the last mode whole: its factor is a rotation
    const partial = tucker(c.tensor, [c.rank[0], c.rank[1], c.shape[2]], { tolerance: 1e-13, sweeps: 500 });
    expect(Math.abs(partial.relativeError / c.partial_modes_0_1.rel_error - 1)).toBeLessThan(1e-6);
    expect(Math.abs(norm(partial.core) / c.partial_modes_0_1.core_norm - 1)).toBeLessThan(1e-6);
    hosvd.singularValues.forEach((values, mode) =>
      close(tensor([values.length], values), c.unfolding_singular_values[mode], 1e-7),
    );
    c.unfolding_singular_values.forEach((want: Tensor, mode: number) =>
      close(tensor([want.data.length], singularValues(unfold(c.tensor, mode))), want as never, 1e-12),
    );
  },
);

test(
  "planted components are found again in tensors of two to five modes, " +
    "to rounding and up to order, sign and scale",
  () =>
    sweep((draw) => {
      const modes = draw.int(3, 5),
        rank = draw.int(1, 3),
        truth = planted(
          draw,
          Array.from({ length: modes }, () => draw.int(4, 6)),
          rank,
        );
      const x = cpToTensor(truth);
      const best = [1, 2, 3, 4, 5, 6]
        .map((seed) => cpAls(x, rank, { seed, tolerance: 1e-14, sweeps: 3000 }))
        .sort((a, b) => a.relativeError - b.relativeError)[0];
      expect(best.relativeError).toBeLessThan(1e-6);
      expect(factorMatchScore(best, truth)).toBeGreaterThan(1 - 1e-6);
      expect(Math.abs(coreConsistency(x, best) - 100)).toBeLessThan(1e-3);
    }, 12),
);

test("a matrix of rank r has a CP decomposition of rank r", () => {
  const x = matmul(tensor([3, 2], [1, 2, 3, 4, 5, 7]), tensor([2, 4], [1, 0, 2, 1, 0, 1, 1, -1]));
  expect(cpAls(x, 2, { seed: 1, tolerance: 1e-14 }).relativeError).toBeLessThan(1e-10);
});

test("a sweep never raises the error, two runs of one seed agree bit for bit, a result resumes where it stopped", () =>
  sweep((draw) => {
    const x = draw.normal([5, 4, 6]),
      rank = draw.int(1, 3);
    const whole = cpAls(x, rank, { seed: draw.seed, sweeps: 12, tolerance: 0 });
    whole.trace.slice(1).forEach((error, k) => expect(error).toBeLessThanOrEqual(whole.trace[k] + 1e-13));
    expect(cpAls(x, rank, { seed: draw.seed, sweeps: 12, tolerance: 0 })).toEqual(whole);
    const half = structuredClone(cpAls(x, rank, { seed: draw.seed, sweeps: 6, tolerance: 0 }));
    expect(cpAls(x, rank, { start: half, sweeps: 6, tolerance: 0 }).raw).toEqual(whole.raw);
  }));

test("the error of an exact decomposition is at rounding level, not at its square root", () =>
  sweep((draw) => {
    const x = cpToTensor(planted(draw, [5, 4, 3], 1));
    expect(cpAls(x, 1, { seed: 2 }).relativeError).toBeLessThan(1e-14);
  }));

test("an exact Tucker model is recovered to rounding, also where two ranks allow less than the third asks", () =>
  sweep((draw) => {
    const core = draw.normal([2, 2, 3]),
      x = tuckerToTensor({ core, factors: [draw.normal([6, 2]), draw.normal([5, 2]), draw.normal([7, 3])] });
    const fit = tucker(x, [2, 2, 3]);
    expect(fit.relativeError).toBeLessThan(1e-12);
    expect(tucker(x, [1, 1, 4]).factors[2].shape).toEqual([7, 4]);
    expect(tucker(x, [1, 1, 4]).relativeError).toBeLessThan(1);
  }));

test("components too many for the tensor end as degenerate, with advice, and not with NaN", () => {
  const x = cpToTensor({
    weights: ones(1),
    factors: [tensor([2, 1], [1, 2]), tensor([2, 1], [1, 1]), tensor([2, 1], [3, 1])],
  });
  const run = cpAls(x, 4, { seed: 1 });
  expect(run.status).toBe("degenerate");
  expect(run.weights.data.every(Number.isFinite)).toBe(true);
  expect(cpAls(zeros([2, 2, 2]), 2)).toMatchObject({ relativeError: 0, status: "degenerate" });
});

test("wrong calls are refused with their place", () => {
  expect(() => cpAls(tensor([2, 2], [1, 2, 3, NaN]), 1)).toThrow(
    "cpAls: expected finite entries in x, got NaN at index [1, 1]",
  );
  expect(() => cpAls(zeros([3]), 1)).toThrow("cpAls: expected a tensor of two modes or more, got shape (3)");
  expect(() => cpAls(zeros([3, 3]), 0)).toThrow("cpAls: expected rank to be a whole number from 1 to 3, got 0");
  expect(() => cpAls(zeros([3, 3]), 2, { start: [zeros([3, 2]), zeros([3, 1])] })).toThrow(
    "cpAls: expected start factors of shapes 3 × 2, 3 × 2, got 3 × 2, 3 × 1",
  );
  expect(() => tucker(zeros([3, 3]), [1, 4])).toThrow(
    "tucker: expected the rank of mode 1 to be a whole number from 1 to 3, got 4",
  );
  expect(() => coreConsistency(zeros([3, 3]), { weights: ones(1), factors: [zeros([3, 1]), zeros([3, 1])] })).toThrow(
    "coreConsistency: expected components that are not zero, got component 0 of zeros",
  );
  expect(() => hadamard(zeros([2, 2]), zeros([2, 3]) as never)).toThrow("hadamard");
});
