import { expect, test } from "vitest";
import { random } from "../../src/base";
import { raggedTrials, smooth, softNormalize, spikesToTensor, undoPreprocessing, zScore } from "../../src/preprocess";
import { padTrials } from "../../src/masks";
import { tensor } from "../../src/tensor";
import { distance } from "../support/close";
import { oracle } from "../support/oracle";

const { normal, uniform } = random(4, "preprocess");
/** (6 × 9 × 4), unit 2 constant, one entry in seven missing, means of 1e6 */
const x = tensor(
  [6, 9, 4],
  Array.from({ length: 216 }, (_, i) => (i % 7 === 0 ? NaN : i % 4 === 2 ? 0.1 : 1e6 + (1 + (i % 4)) * normal())),
);
const ofUnit = (data: Float64Array, unit: number) =>
  Array.from(data).filter((v, i) => i % 4 === unit && !Number.isNaN(v));
const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;

test("z-scores have mean 0 and variance 1 in every unit that varies; missing entries stay missing", () => {
  const z = zScore(x);
  for (const unit of [0, 1, 3]) {
    expect(Math.abs(mean(ofUnit(z.data, unit)))).toBeLessThan(1e-9); // 1e6 times the rounding of doubles
    expect(mean(ofUnit(z.data, unit).map((v) => v * v))).toBeCloseTo(1, 9);
  }
  expect(ofUnit(z.data, 2).every((v) => v === 0)).toBe(true);
  expect(z.steps).toMatchObject([{ kind: "zScore", constant: [2] }]);
  expect(Array.from(z.data, Number.isNaN)).toEqual(Array.from(x.data, Number.isNaN));
});

test("units that are constant become zeros however many entries they have, and data of any unit their z-scores", () => {
  for (const entries of [3, 1000, 100_000]) {
    const { data, steps } = zScore(tensor([entries, 1], new Float64Array(entries).fill(0.1)));
    expect(data.every((v) => v === 0)).toBe(true);
    expect(steps).toMatchObject([{ means: [0.1], deviations: [1], constant: [0] }]);
  }
  for (const unit of [1e-300, 1e-200, 1e-9, 1, 1e200, 1e307])
    expect([...zScore(tensor([2, 1], [unit, 3 * unit])).data], String(unit)).toEqual([-1, 1]);
});

test("what leaves the range of doubles, or has no units, is refused", () => {
  const far = tensor([3, 1], [1.7e308, -1.7e308, 1.7e308]);
  expect(() => softNormalize(far)).toThrow("softNormalize: expected x whose sums and differences");
  expect(() => smooth(tensor([3, 1], [1e308, 1e308, 1e308]), { width: 1 })).toThrow("smooth: expected x whose sums");
  expect(() => raggedTrials(tensor([2, 3, 0], []))).toThrow("raggedTrials: expected at least one unit");
  expect(() => spikesToTensor([[1]], { align: [0], window: [0, 1e6], binWidth: 1e-6 })).toThrow(
    "spikesToTensor: expected at most 1073741824 entries",
  );
});

test("steps add up, and are taken back last to first, from predictions too", () => {
  const both = zScore(softNormalize(x, { constant: 2 }));
  expect(both.steps.map(({ kind }) => kind)).toEqual(["softNormalize", "zScore"]);
  const back = undoPreprocessing(both);
  for (let i = 0; i < x.data.length; i++)
    if (!Number.isNaN(x.data[i])) expect(Math.abs(back.data[i] - x.data[i])).toBeLessThan(1e-9 * 1e6);
  const prediction = tensor([1, 1, 4], [0, 0, 0, 0]);
  const means = undoPreprocessing(prediction, both.steps).data;
  for (const unit of [0, 1, 2, 3]) expect(means[unit]).toBeCloseTo(mean(ofUnit(x.data, unit)), 5);
  expect(() => undoPreprocessing(smooth(x, { width: 1 }))).toThrow("loses what it removes");
  expect(() => undoPreprocessing(tensor([1, 3], [1, 2, 3]), both.steps)).toThrow("numbers of 3 units");
  expect(() => undoPreprocessing(x)).toThrow("steps to take back");
});

test("the range of every unit counts, plus the constant", () => {
  const scaled = softNormalize(x);
  for (const unit of [0, 1, 2, 3]) {
    const values = ofUnit(x.data, unit),
      range = Math.max(...values) - Math.min(...values);
    expect(ofUnit(scaled.data, unit)).toEqual(values.map((v) => v / (range + 5)));
  }
});

test(
  "smoothing weighs what is there: a constant stays, an impulse becomes " +
    "the kernel, missing entries give no weight",
  () => {
    const flat = smooth(tensor([2, 7, 1], new Array(14).fill(3).fill(NaN, 4, 6)), { width: 1.7 });
    expect(
      Array.from(flat.data)
        .filter((v) => !Number.isNaN(v))
        .every((v) => Math.abs(v - 3) < 1e-14),
    ).toBe(true);
    const impulse = smooth(
      tensor(
        [1, 41, 1],
        Array.from({ length: 41 }, (_, i) => (i === 20 ? 1 : 0)),
      ),
      { width: 2 },
    );
    const kernel = Array.from({ length: 17 }, (_, i) => Math.exp(-((i - 8) ** 2) / 8)),
      total = kernel.reduce((sum, v) => sum + v, 0);
    for (const [i, weight] of kernel.entries()) expect(impulse.data[12 + i]).toBeCloseTo(weight / total, 14);
    expect(impulse.data[11]).toBe(0);
  },
);

test("counts are those of every spike held against every bin, edges too", () => {
  const spikes = Array.from({ length: 5 }, () => Array.from({ length: 200 }, () => Math.round(uniform() * 400) / 40)),
    align = [1, 2.025, 2.5, 8],
    until = [3, 2.6, 20, 8.9];
  const counted = spikesToTensor(spikes, { align, window: [-0.1, 1], binWidth: 0.05, until });
  expect(counted.shape).toEqual([4, 22, 5]);
  expect(counted.lengths).toEqual([22, 13, 22, 20]);
  let inside = 0;
  for (const [trial, event] of align.entries())
    for (let bin = 0; bin < 22; bin++)
      for (const [unit, times] of spikes.entries()) {
        // in fortieths, whole numbers all: times, events and edges
        const from = 2 * bin - 4,
          ticks = times.map((t) => Math.round(40 * t) - Math.round(40 * event)),
          want = ticks.filter((tick) => tick >= from && tick < from + 2).length,
          got = counted.data[(trial * 22 + bin) * 5 + unit];
        if (bin < counted.lengths[trial]) expect(got).toBe(want);
        else expect(got).toBeNaN();
        inside += want;
      }
  expect(inside).toBeGreaterThan(300);
  // samples at 30 kHz, one in each bin, an hour in
  const samples = Array.from({ length: 12 }, (_, i) => (108_000_007 + i) / 30_000);
  const each = spikesToTensor([samples], { align: [samples[0]], window: [0, 12 / 30_000], binWidth: 1 / 30_000 });
  expect(Array.from(each.data)).toEqual(new Array(12).fill(1));
  const whole = spikesToTensor([[0.1, 0.2, 5]], { align: [0], window: [0, 1], binWidth: 0.5 });
  expect(whole.outside).toBe(1);
  expect(() => spikesToTensor([[1]], { align: [0], window: [0, 1], binWidth: 0.3 })).toThrow("whole number of bins");
  expect(() => spikesToTensor([[NaN]], { align: [0], window: [0, 1], binWidth: 0.5 })).toThrow("spikes[0]");
  expect(() => spikesToTensor([[1]], { align: [0], window: [0, 1], binWidth: 0.5, until: [1, 2] })).toThrow("until");
});

test("ragged trials and padded ones are one thing in two forms", () => {
  const padded = tensor([3, 2, 2], [1, 2, 3, NaN, 5, 6, NaN, NaN, NaN, 10, 11, 12]),
    ragged = raggedTrials(padded);
  expect(ragged.map(({ shape }) => shape[0])).toEqual([2, 1, 2]);
  expect(padTrials(ragged).activity).toEqual(padded);
  expect(() => raggedTrials(tensor([1, 1, 1], [NaN]))).toThrow("none in trial 0");
});

test("smoothing and scores are those of scipy, with the weights that are left at the ends", () => {
  for (const { x, width, smoothed, scores } of oracle("preprocess").cases) {
    expect(distance(smooth(x, { width }).data, smoothed.data), `width ${width}`).toBeLessThan(1e-14);
    expect(distance(zScore(x).data, scores.data)).toBeLessThan(1e-13);
  }
});
