import { expect, test } from "vitest";
import {
  nonNegativeTucker,
  nonNegativeTuckerSweeps,
  tensor,
  tuckerToTensor,
  zeros,
  type Matrix,
  type Tensor,
  type Tucker,
} from "../../src";
import { oracle } from "../support/oracle";
import { draw, sweep, type Draw } from "../support/sweep";

const positive = <T extends Tensor>(x: T): T => ({ ...x, data: x.data.map((value) => Math.max(0, value)) });
const planted = (stream: Draw, shape: readonly number[], ranks: readonly number[]): Tucker => ({
  core: positive(stream.normal(ranks)),
  factors: shape.map((size, mode) => positive(stream.normal([size, ranks[mode]]))),
});
const allPositive = ({ core, factors }: Tucker) =>
  [core, ...factors].every(({ data }) => data.every((value) => value >= 0));
const distance = (x: Tensor, y: Tensor) =>
  Math.sqrt(
    x.data.reduce((sum, value, i) => sum + (value - y.data[i]) ** 2, 0) / x.data.reduce((s, v) => s + v * v, 0),
  );

test("errors are no larger than those of TensorLy's non_negative_tucker_hals on the same tensors", () => {
  for (const { x, ranks, errors } of oracle("non-negative-tucker").cases) {
    const found = nonNegativeTucker(x, ranks, { starts: 3, sweeps: 400, tolerance: 1e-9 });
    expect(allPositive(found)).toBe(true);
    expect(found.relativeError).toBeLessThan(Math.min(...errors) + 1e-6);
    expect(found.relativeError).toBeCloseTo(distance(x, tuckerToTensor(found)), 10);
  }
});

test("no sweep raises the error, with a mask or without, and columns have unit length", () =>
  sweep((stream) => {
    const noise = stream.normal([7, 6, 5]),
      x = tuckerToTensor(planted(stream, [7, 6, 5], [3, 2, 2]));
    for (let i = 0; i < x.data.length; i++) x.data[i] += 0.5 * noise.data[i];
    const mask = { shape: x.shape, data: Float64Array.from(x.data, () => (stream.uniform() < 0.2 ? 0 : 1)) },
      holed = { shape: x.shape, data: x.data.map((value, i) => (mask.data[i] === 0 ? NaN : value)) };
    for (const [data, options] of [
      [x, {}],
      [holed, { mask }],
    ] as const)
      for (const start of ["hosvd", "random"] as const) {
        const end = nonNegativeTucker(data, [3, 2, 2], { ...options, start, sweeps: 25, seed: 3 });
        end.trace.slice(1).forEach((error, at) => expect(error).toBeLessThanOrEqual(end.trace[at] + 1e-12));
        expect(allPositive(end)).toBe(true);
        for (const { shape, data: entries } of end.factors)
          for (let r = 0; r < shape[1]; r++) {
            const squares = entries.reduce((sum, value, i) => (i % shape[1] === r ? sum + value * value : sum), 0);
            expect(squares).toBeCloseTo(1, 12);
          }
      }
  }, 6));

test("at the end no entry of core or factors can be changed alone to a lower error", () => {
  const stream = draw(2),
    noise = stream.normal([7, 6, 5]),
    x = tuckerToTensor(planted(stream, [7, 6, 5], [2, 2, 2]));
  for (let i = 0; i < x.data.length; i++) x.data[i] += 0.3 * noise.data[i];
  const end = nonNegativeTucker(x, [2, 2, 2], { sweeps: 5000, tolerance: 1e-15 }),
    parts: Tensor[] = [end.core, ...end.factors],
    errorWith = (part: number, at: number, by: number) => {
      const moved = parts.map((one, n) => (n === part ? { ...one, data: one.data.slice() } : one));
      moved[part].data[at] += by;
      return distance(x, tuckerToTensor({ core: moved[0], factors: moved.slice(1) as Matrix[] }));
    };
  parts.forEach((part, n) => {
    part.data.forEach((value, at) => {
      expect(errorWith(n, at, 1e-3)).toBeGreaterThan(end.relativeError - 1e-9);
      if (value > 1e-3) expect(errorWith(n, at, -1e-3)).toBeGreaterThan(end.relativeError - 1e-9);
    });
  });
});

test("what is missing of a planted tensor is found, and never read", () => {
  const stream = draw(4),
    whole = tuckerToTensor(planted(stream, [12, 11, 10], [2, 2, 2])),
    mask = { shape: whole.shape, data: Float64Array.from(whole.data, () => (stream.uniform() < 0.3 ? 0 : 1)) },
    x = { shape: whole.shape, data: whole.data.map((value, i) => (mask.data[i] === 0 ? NaN : value)) };
  const found = nonNegativeTucker(x, [2, 2, 2], { mask, sweeps: 3000, tolerance: 1e-12, starts: 3 });
  expect(found.relativeError).toBeLessThan(1e-3);
  expect(distance(whole, tuckerToTensor(found))).toBeLessThan(3e-3);
});

test("a result resumes, modes can stay whole or fixed, and steps are those of the whole run", () => {
  const stream = draw(5),
    x = positive(stream.normal([6, 5, 4])),
    long = nonNegativeTucker(x, [2, 2, null], { sweeps: 20, tolerance: 0 }),
    half = nonNegativeTucker(x, [2, 2, null], { sweeps: 10, tolerance: 0 });
  const more = nonNegativeTucker(x, [2, 2, null], { start: half, sweeps: 10, tolerance: 0 });
  expect(more.core).toEqual(long.core);
  expect(more.factors).toEqual(long.factors);
  expect(long.factors[2].data.filter((value) => value === 1).length).toBe(4);
  const fixed = nonNegativeTucker(x, [2, 2, null], { start: half, fixed: [0], sweeps: 5 });
  expect(fixed.factors[0]).toEqual(half.factors[0]);
  const steps = [...nonNegativeTuckerSweeps(x, [2, 2, null], { sweeps: 20, tolerance: 0 })];
  expect(steps.length).toBe(21);
  expect(steps[20]).toEqual({ ...long, provenance: steps[20].provenance });
  expect(steps[3].status).toBe("running");
  expect(nonNegativeTucker(zeros([2, 3]), [1, 1]).relativeError).toBe(0);
  const small = nonNegativeTucker({ shape: x.shape, data: x.data.map((value) => value * 2 ** -600) }, [2, 2, 2]);
  expect(small.relativeError).toBeCloseTo(nonNegativeTucker(x, [2, 2, 2]).relativeError, 12);
});

test("wrong calls are refused", () => {
  const x = zeros([3, 3, 3]);
  expect(() => nonNegativeTucker(x, { relativeError: 0.1 } as never)).toThrow("expected a rank for every mode");
  expect(() => nonNegativeTucker(x, [4, 1, 1])).toThrow("nonNegativeTucker: expected the rank of mode 0");
  expect(() => nonNegativeTucker(x, [1, 1, 1], { fixed: [0] })).toThrow("expected an earlier result to start from");
  expect(() => nonNegativeTucker(x, [1, 1, 1], { start: "svd" as never })).toThrow(
    'expected start to be "hosvd", "random" or an earlier result, got "svd"',
  );
  const start = { core: zeros([1, 1, 1]), factors: [-1, 1, 1].map((value) => tensor([3, 1], [value, 0, 0])) };
  expect(() => nonNegativeTucker(x, [1, 1, 1], { start, fixed: [0] })).toThrow("entries of at least 0");
  expect(() => nonNegativeTucker(x, [2, 1, 1], { start })).toThrow("start factors of shapes 3 × 2, 3 × 1, 3 × 1");
});
