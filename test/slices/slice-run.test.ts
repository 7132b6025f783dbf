import { describe, expect, test } from "vitest";
import { fromJson, loadResult, saveResult, toJson } from "../../src/data";
import { sliceTca, sliceTcaSweeps, sliceTcaToTensor } from "../../src/slices";
import type { SliceRanks, SliceTca, SliceTcaOptions, SliceTcaResult } from "../../src/slices";
import { tensor, type Shape, type Tensor } from "../../src/tensor";
import { draw as drawOf } from "../support/sweep";

/** Planted components with entries about `mean`; with 1, those of different kinds overlap. */
function planted(seed: number, shape: Shape, ranks: readonly number[], mean: number, entry = (v: number) => v): Tensor {
  const draw = drawOf(seed),
    about = (size: readonly number[]): Tensor => {
      const { data } = draw.normal(size);
      return { shape: size, data: data.map((value) => entry(mean + value)) };
    },
    components = ranks.map((rank, mode) => ({
      vectors: about([shape[mode], rank]),
      slices: about([rank, ...shape.filter((_, m) => m !== mode)]),
    }));
  return sliceTcaToTensor({ components } as unknown as SliceTca);
}

const noisy = (x: Tensor, seed: number): Tensor => {
  const noise = drawOf(seed).normal(x.shape).data;
  return { shape: x.shape, data: x.data.map((value, i) => value + 0.3 * noise[i]) };
};
const holes = (x: Tensor, seed: number): Tensor => {
  const coins = drawOf(seed);
  return { shape: x.shape, data: x.data.map(() => +(coins.uniform() >= 0.15)) };
};

test("several kinds that overlap take few sweeps, of exact data and of noise", () => {
  for (const seed of [11, 12, 13, 14]) {
    const x = planted(seed, [5, 6, 7, 8], [1, 0, 2, 3], 1),
      exact = sliceTca(x, [1, 0, 2, 3], { starts: 1, sweeps: 30 }),
      noise = sliceTca(noisy(x, seed), [1, 0, 2, 3], { starts: 1, sweeps: 30 });
    expect(exact.status).toBe("converged"); // block after block, 500 sweeps left 1e-3
    expect(exact.relativeError).toBeLessThan(1e-7);
    expect(noise.status).toBe("converged");
  }
});

test("extrapolated sweeps find missing entries, and non-negative components", () => {
  const ranks: SliceRanks = [1, 0, 2, 1],
    x = planted(2, [5, 6, 7, 8], ranks, 0),
    masked = sliceTca(x, ranks, { mask: holes(x, 2), starts: 1, tolerance: 1e-10 });
  expect(masked.status).toBe("converged");
  expect(masked.relativeError).toBeLessThan(1e-6); // 500 plain sweeps leave 2e-5
  const positive = sliceTca(planted(3, [8, 9, 7], [1, 1, 1], 0, Math.abs), [1, 1, 1], {
    nonNegative: true,
    starts: 1,
  });
  expect(positive.status).toBe("converged");
  expect(positive.relativeError).toBeLessThan(1e-5);
});

describe("an earlier result goes on to the same bits as a run never stopped", () => {
  const ranks = [1, 1, 1] as const,
    x = planted(5, [5, 6, 4], ranks, 0.5),
    positive = noisy(planted(6, [5, 6, 4], ranks, 0, Math.abs), 6),
    copies = [
      (result: SliceTcaResult) => structuredClone(result),
      (result: SliceTcaResult) => fromJson<SliceTcaResult>(toJson(result)),
      (result: SliceTcaResult) => loadResult<SliceTcaResult>(saveResult(result)),
    ],
    stateOf = ({ trace, sweeps, starts, provenance, ...state }: SliceTcaResult) => state;
  const cases: [string, Tensor, SliceTcaOptions][] = [
    ["with entries missing", noisy(x, 5), { mask: holes(x, 5) }],
    ["non-negative", positive, { nonNegative: true }],
    ["non-negative, with entries missing", positive, { nonNegative: true, mask: holes(x, 6) }],
    ["in an extreme unit", { ...x, data: noisy(x, 5).data.map((value) => value * 2 ** -800) }, { mask: holes(x, 5) }],
  ];
  test.each(cases)("%s, at every sweep", (_, data, more) => {
    const options = { ...more, starts: 1, tolerance: 0, seed: 2 },
      states = [...sliceTcaSweeps(data, ranks, { ...options, sweeps: 30 })];
    expect(states.some(({ extrapolation }) => extrapolation.length > 0)).toBe(true);
    for (const [k, state] of states.slice(0, -1).entries()) {
      const start = copies[k % 3](state),
        rest = sliceTca(data, ranks, { ...options, sweeps: states.length - 1 - k, start });
      expect(stateOf(rest)).toEqual(stateOf(states[states.length - 1]));
      expect(rest.trace).toEqual(states[states.length - 1].trace.slice(k + 1));
    }
  });
});

test("results without the memory of extrapolation are starts, with no larger error", () => {
  for (const [options, x] of [
    [{ mask: holes(tensor([5, 6, 4], new Float64Array(120)), 1) }, noisy(planted(7, [5, 6, 4], [1, 1, 1], 0.5), 7)],
    [{ nonNegative: true }, planted(8, [5, 6, 4], [1, 1, 1], 0, Math.abs)],
  ] as const) {
    const { extrapolation, ...earlier } = sliceTca(x, [1, 1, 1], { ...options, starts: 1, sweeps: 12, tolerance: 0 }),
      [next] = sliceTcaSweeps(x, [1, 1, 1], { ...options, start: earlier as SliceTca });
    expect(next.relativeError).toBeLessThanOrEqual(earlier.relativeError);
  }
});

test("a memory that was changed is refused by name, and that of another tensor is not used", () => {
  const x = drawOf(1).normal([3, 4, 2]),
    result = sliceTca(x, [1, 0, 1], { starts: 1, sweeps: 3, tolerance: 0 }),
    { extrapolation } = result;
  for (const [change, text] of [
    [{ ...extrapolation, length: NaN }, "start.extrapolation.length of at least 0"],
    [{ ...extrapolation, previous: extrapolation.previous.slice(1) }, "start.extrapolation.previous to be 6 matrices"],
    [{ ...extrapolation, previous: [...extrapolation.previous].reverse() }, "start.extrapolation.previous[0]"],
    [null, "start.extrapolation to be a record"],
  ] as const)
    expect(() => sliceTca(x, [1, 0, 1], { start: { ...result, extrapolation: change } as never })).toThrow(
      `sliceTca: expected ${text}`,
    );
  const y = drawOf(2).normal([3, 4, 2]),
    { extrapolation: _, ...components } = result,
    [fresh] = sliceTcaSweeps(y, [1, 0, 1], { start: components as SliceTca }),
    [next] = sliceTcaSweeps(y, [1, 0, 1], {
      start: { ...result, extrapolation: { ...extrapolation, length: 9 } } as SliceTca,
    });
  expect(next.components).toEqual(fresh.components);
});
