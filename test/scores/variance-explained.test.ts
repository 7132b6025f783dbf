import { expect, test } from "vitest";
import { observedMask } from "../../src/masks";
import { varianceExplained } from "../../src/scores";
import { tensor, zeros, type Tensor3 } from "../../src/tensor";
import { sweep } from "../support/sweep";

const filled = (value: number, shape: Tensor3["shape"] = [4, 10, 3]): Tensor3 => {
  const x = zeros(shape);
  x.data.fill(value);
  return x;
};
const times = ({ shape, data }: Tensor3, k: number, offset = 0): Tensor3 => ({
  shape,
  data: data.map((x) => k * x + offset),
});

test.each([3, 0.1, 1 / 3, 1e-170, 1e150, -0.7])("constant activity of %d has no variance to explain", (value) => {
  const x = filled(value),
    all = observedMask(x);
  expect(() => varianceExplained(x, filled(0.11), { train: all, over: all })).toThrow(
    "varianceExplained: expected entries with variance about their means, got entries equal to their means.",
  );
});

test("activity that varies by rounding only is constant", () => {
  const x = filled(0.3);
  x.data.forEach((_, index) => {
    if (index % 2 === 0) x.data[index] = 0.1 + 0.2;
  });
  const all = observedMask(x);
  expect(() => varianceExplained(x, filled(0.3), { train: all, over: all })).toThrow("by rounding only");
});

test("the score is that of the definition, in every unit of the data and beside a large offset", () =>
  sweep((d) => {
    const x = d.normal([5, 4, 3]),
      prediction = d.normal([5, 4, 3], 0.3),
      train = zeros([5, 4, 3]);
    train.data.forEach((_, index) => {
      train.data[index] = d.int(0, 2) > 0 || index < 3 ? 1 : 0;
    });
    const over = { shape: train.shape, data: train.data.map((m, index) => (m === 0 || index < 12 ? 1 : 0)) };
    const want = byDefinition(x, prediction, train, over);
    const score = varianceExplained(x, prediction, { train, over });
    expect(Math.abs(score - want)).toBeLessThan(1e-12);
    for (const k of [2 ** -560, 2 ** -30, 2 ** 500, 2 ** 1000]) // powers of two round nothing
      expect(varianceExplained(times(x, k), times(prediction, k), { train, over })).toBeCloseTo(score, 13);
    const far = varianceExplained(times(x, 1, 2 ** 26), times(prediction, 1, 2 ** 26), { train, over });
    expect(Math.abs(far - score)).toBeLessThan(1e-6); // the data themselves are rounded to 2^-27
  }));

/** `1 - sum (x - x̂)² / sum (x - mean)²`, in the plainest way. */
function byDefinition(x: Tensor3, prediction: Tensor3, train: Tensor3, over: Tensor3): number {
  const units = x.shape[2],
    mean = (unit: number) => {
      const entries = x.data.filter((_, index) => index % units === unit && train.data[index] === 1);
      return entries.reduce((sum, value) => sum + value, 0) / entries.length;
    };
  let error = 0,
    total = 0;
  x.data.forEach((value, index) => {
    if (over.data[index] === 0) return;
    error += (value - prediction.data[index]) ** 2;
    total += (value - mean(index % units)) ** 2;
  });
  return 1 - error / total;
}

test("what cannot be scored is refused by its place", () => {
  const x = tensor([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]),
    all = observedMask(x),
    none = zeros([2, 2, 2]);
  const secondOnly = tensor([2, 2, 2], [0, 1, 0, 1, 0, 1, 0, 1]);
  expect(() => varianceExplained(x, x, { train: secondOnly, over: all })).toThrow(
    "expected a training entry of every unit that is scored, got none of unit 0",
  );
  expect(() => varianceExplained(x, x, { train: all, over: none })).toThrow("expected at least one entry to score");
  expect(() => varianceExplained(x, times(x, Number.NaN), { train: all, over: all })).toThrow(
    "expected finite entries in prediction, got NaN at index [0, 0, 0]",
  );
  expect(() => varianceExplained(x, x, { train: all, over: times(all, 255) })).toThrow(
    "expected over to hold 0 and 1 only, got 255 at index [0, 0, 0]",
  );
  expect(() => varianceExplained(x, x, { train: all, overs: all } as never)).toThrow("Did you mean over?");
  expect(() => varianceExplained(x, x, undefined as never)).toThrow("expected masks.train to be given");
  expect(() => varianceExplained(times(x, 1e-300), times(x, 1e300), { train: all, over: all })).toThrow(
    "expected predictions in the unit of the activity",
  );
});
