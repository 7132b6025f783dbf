import { expect, test } from "vitest";
import { advice } from "../../src/base";
import { hosvd, sthosvd, tucker, tuckerSweeps } from "../../src/decompose";
import { tuckerToTensor } from "../../src/factored";
import { orthonormalColumns, singularValues } from "../../src/linalg";
import { gram, matmul, norm, subtract, tensor, transpose, unfold, zeros, type Tensor } from "../../src/tensor";
import { close } from "../support/close";
import { oracle } from "../support/oracle";
import { draw, sweep, type Draw } from "../support/sweep";

const { tucker: c } = oracle("cp");
const far = (x: Tensor, model: Tensor) => norm(subtract(x, model)) / norm(x);
const planted = (draw: Draw, shape: readonly number[], ranks: readonly number[], noise: number): Tensor => {
  const x = tuckerToTensor({
      core: draw.normal(ranks),
      factors: shape.map((size, mode) => orthonormalColumns(draw.normal([size, ranks[mode]]))),
    }),
    scale = (noise * norm(x)) / Math.sqrt(x.data.length);
  return { shape, data: x.data.map((value) => value + scale * draw.normal([1]).data[0]) };
};
const orthonormal = (u: Tensor) => gram(u as never).data.map((g, i) => g - (i % (u.shape[1] + 1) === 0 ? 1 : 0));

test("HOSVD and every sweep of HOOI have TensorLy's errors, core norms and projectors", () => {
  const start = hosvd(c.tensor, c.rank);
  expect(Math.abs(start.relativeError / c.hosvd.rel_error - 1)).toBeLessThan(1e-12);
  start.factors.forEach((u, mode) => close(matmul(u, transpose(u)), c.hosvd.projectors[mode], 1e-10));
  const run = [...tuckerSweeps(c.tensor, c.rank, { tolerance: 0, sweeps: 6 })];
  c.hooi.rel_error_by_iteration.forEach((error: number, sweepNumber: number) =>
    // a run ends early where a sweep no longer changes the error at all
    expect(Math.abs((run[sweepNumber + 1] ?? run[run.length - 1]).relativeError / error - 1)).toBeLessThan(1e-10),
  );
  const partial = tucker(c.tensor, [c.rank[0], c.rank[1], null], { tolerance: 1e-14, sweeps: 500 });
  expect(Math.abs(partial.relativeError / c.partial_modes_0_1.rel_error - 1)).toBeLessThan(1e-10);
  c.partial_modes_0_1.projectors.forEach((p: Tensor, mode: number) =>
    close(matmul(partial.factors[mode], transpose(partial.factors[mode])), p, 1e-5),
  );
  expect(partial.factors[2].data).toEqual(Float64Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 1 : 0)));
});

test(
  "the bound of a HOSVD is the root of the discarded squares: above the " +
    "error, at most the root of the modes times the best",
  () =>
    sweep((draw) => {
      const shape = [draw.int(3, 7), draw.int(3, 7), draw.int(3, 7)],
        ranks = shape.map((size) => draw.int(1, size)),
        x = draw.normal(shape),
        found = hosvd(x, ranks),
        sequential = sthosvd(x, ranks);
      const tails = shape.map((_, mode) => {
        const values = singularValues(unfold(x, mode)).slice(ranks[mode]);
        return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)) / norm(x);
      });
      close(tensor([3], found.discarded), tensor([3], tails), 1e-10);
      expect(found.errorBound).toBeCloseTo(Math.hypot(...tails), 12);
      expect(found.relativeError).toBeLessThanOrEqual(found.errorBound + 1e-14);
      expect(Math.abs(found.relativeError - far(x, tuckerToTensor(found)))).toBeLessThan(1e-13);
      expect(Math.abs(sequential.errorBound - far(x, tuckerToTensor(sequential)))).toBeLessThan(1e-13);
      expect(sequential.errorBound).toBeLessThanOrEqual(found.errorBound + 1e-13);
      const best = tucker(x, ranks, { start: found, sweeps: 200 }).relativeError;
      expect(found.errorBound / Math.sqrt(3)).toBeLessThanOrEqual(best + 1e-12);
      found.factors.forEach((u) => expect(Math.max(...orthonormal(u).map(Math.abs))).toBeLessThan(1e-13));
    }),
);

test("errors of 1e-11 have their digits, which a difference of norms would lose", () =>
  sweep((draw) => {
    const x = planted(draw, [8, 7, 9], [2, 3, 2], 1e-11);
    // entries are rounded at 1e-16
    for (const found of [hosvd(x, [2, 3, 2]), sthosvd(x, [2, 3, 2]), tucker(x, [2, 3, 2])])
      expect(Math.abs(found.relativeError / far(x, tuckerToTensor(found)) - 1)).toBeLessThan(1e-4);
    expect(hosvd(x, [2, 3, 2]).errorBound).toBeGreaterThan(hosvd(x, [2, 3, 2]).relativeError * (1 - 1e-4));
  }, 10));

test("singular values that squaring loses are found where ranks ask for them", () => {
  const d = [1, 1e-3, 1e-6, 1e-9, 1e-11],
    x = withValues(d),
    { singularValues: found } = hosvd(x, [5, 5]);
  d.forEach((value, k) => expect(Math.abs(found[0][k] / value - 1), `value ${k}`).toBeLessThan(1e-3));
  for (const [allowed, rank] of [
    [1e-2, 1],
    [1e-5, 2],
    [1e-8, 3],
    [1e-10, 4],
  ]) {
    expect(hosvd(x, { relativeError: allowed }).core.shape, `hosvd, ${allowed}`).toEqual([rank, rank]);
    expect(sthosvd(x, { relativeError: allowed }).core.shape, `sthosvd, ${allowed}`).toEqual([rank, rank]);
  }

  /** A matrix of these singular values. */
  function withValues(values: readonly number[]): Tensor {
    const { normal } = draw(1),
      u = orthonormalColumns(normal([12, 5])),
      v = orthonormalColumns(normal([9, 5]));
    return matmul({ shape: u.shape, data: u.data.map((entry, i) => entry * values[i % 5]) }, transpose(v));
  }
});

test("ranks from a tolerance are enough for it, and one fewer in any mode is not within its share", () =>
  sweep((draw) => {
    const x = planted(draw, [9, 8, 7], [3, 2, 4], 0.05),
      allowed = draw.uniform() * 0.5 + 0.01;
    for (const found of [hosvd(x, { relativeError: allowed }), sthosvd(x, { relativeError: allowed })])
      expect(found.relativeError).toBeLessThanOrEqual(allowed);
    const { core, singularValues: values } = hosvd(x, { relativeError: allowed });
    core.shape.forEach((rank, mode) => {
      const tail = Math.hypot(...values[mode].slice(rank - 1)) / norm(x);
      if (rank > 1) expect(tail).toBeGreaterThan(allowed / Math.sqrt(3));
    });
    expect(tucker(x, { relativeError: allowed }).core.shape).toEqual(core.shape);
  }));

test("a sketch is nearly as good as the singular vectors, with an error that is measured", () =>
  sweep((draw) => {
    const x = planted(draw, [30, 25, 28], [3, 3, 3], 0.1),
      exact = sthosvd(x, [3, 3, 3]),
      sketched = sthosvd(x, [3, 3, 3], { sketch: { oversampling: 5 }, seed: draw.seed });
    expect(sketched.relativeError).toBeLessThan(exact.relativeError * 1.001);
    expect(Math.abs(sketched.errorBound - far(x, tuckerToTensor(sketched)))).toBeLessThan(1e-13);
    expect(sthosvd(x, [3, 3, 3], { sketch: { oversampling: 5 }, seed: draw.seed })).toEqual(sketched);
    const rough = sthosvd(x, [3, 3, 3], { sketch: { oversampling: 0, powers: 0 }, seed: draw.seed });
    expect(rough.relativeError).toBeLessThan(1);
  }, 5));

test("a sweep never raises the error, a result resumes to the same bits, and four modes or a vector will do", () =>
  sweep((draw) => {
    const x = draw.normal([5, 4, 3, 4]),
      ranks = [2, 3, 2, 1],
      run = tucker(x, ranks, { sweeps: 8, tolerance: 0, start: "random", seed: draw.seed });
    run.trace.slice(1).forEach((error, k) => expect(error).toBeLessThanOrEqual(run.trace[k] + 1e-14));
    const half = tucker(x, ranks, { sweeps: 4, tolerance: 0, start: "random", seed: draw.seed }),
      rest = tucker(x, ranks, { sweeps: 4, tolerance: 0, start: structuredClone(half) });
    expect(rest.factors).toEqual(run.factors);
    expect(tucker(draw.normal([4]), [1]).relativeError).toBeLessThan(1e-14);
  }, 8));

test("several starts are compared, and the best goes on", () => {
  const x = tensor(
      [4, 4, 4],
      Array.from({ length: 64 }, (_, i) => ((i * 37) % 17) - 8),
    ),
    found = tucker(x, [1, 1, 1], { starts: 6, seed: 3, sweeps: 200 });
  expect(found.starts.map(({ kind }) => kind)).toEqual(["hosvd", "random", "random", "random", "random", "random"]);
  expect(found.relativeError).toBeLessThanOrEqual(Math.min(...found.starts.map((one) => one.relativeError)) + 1e-12);
  expect(advice(found.status)).toMatch(/criterion was met/);
  expect(found.provenance.seed).toBe(3);
});

test("missing entries are never read, are found again, and do not raise the error over the observed ones", () =>
  sweep((draw) => {
    const truth = planted(draw, [8, 9, 7], [2, 2, 2], 0),
      mask = { shape: truth.shape, data: truth.data.map(() => (draw.uniform() < 0.2 ? 0 : 1)) },
      x = { shape: truth.shape, data: truth.data.map((value, i) => (mask.data[i] ? value : NaN)) };
    const run = tucker(x, [2, 2, 2], { mask, sweeps: 600, tolerance: 1e-13 });
    expect(far(truth, tuckerToTensor(run))).toBeLessThan(1e-6);
    run.trace.slice(1).forEach((error, k) => expect(error).toBeLessThanOrEqual(run.trace[k] + 1e-13));
    const half = tucker(x, [2, 2, 2], { mask, sweeps: 5, tolerance: 0 }),
      rest = tucker(x, [2, 2, 2], { mask, sweeps: 5, tolerance: 0, start: structuredClone(half) });
    expect(rest.factors).toEqual(tucker(x, [2, 2, 2], { mask, sweeps: 10, tolerance: 0 }).factors);
  }, 6));

test("fixed factors stay to the bit, and the others are the best beside them", () =>
  sweep((draw) => {
    const x = draw.normal([6, 5, 4]),
      start = tucker(x, [2, 2, 2], { start: "random", seed: draw.seed, sweeps: 0 }),
      run = tucker(x, [2, 2, 2], { start, fixed: [1], sweeps: 300 });
    expect(run.factors[1]).toEqual(start.factors[1]);
    expect(run.relativeError).toBeLessThan(start.relativeError);
    // with one mode projected, the others are a Tucker decomposition of what is left
    const reference = tucker(x, [2, 2, 2], { start: run, sweeps: 0 });
    expect(reference.relativeError).toBeCloseTo(run.relativeError, 13);
  }, 5));

test("wrong calls are refused with what would be right", () => {
  const x = zeros([3, 4]);
  expect(() => hosvd(x, { relativeError: 2 })).toThrow(
    "hosvd: expected ranks.relativeError to be a number above 0 and below 1, got 2",
  );
  expect(() => sthosvd(x, [1, 1], { order: [0, 0] })).toThrow(
    "sthosvd: expected order to hold every mode from 0 to 1 once",
  );
  expect(() => sthosvd(x, { relativeError: 0.1 }, { sketch: {} })).toThrow("sthosvd: expected a rank for every mode");
  expect(() => tucker(x, [1, 1], { fixed: [0] })).toThrow(
    "tucker: expected factors to start from where modes are fixed",
  );
  expect(() => tucker(x, [1, 1], { start: [zeros([3, 1]), zeros([4, 1])], fixed: [0] })).toThrow(
    "tucker: expected orthonormal columns in the fixed factor 0",
  );
  expect(() => tucker(x, { relativeError: 0.1 }, { start: "random" })).toThrow(
    "tucker: expected a rank for every mode",
  );
  expect(() => tuckerSweeps(x, [1, 9])).toThrow("tuckerSweeps: expected the rank of mode 1");
});
