import { expect, test } from "vitest";
import { noiseOfBends, noiseVariance } from "../../src/fit/noise-variance";
import { draw } from "../support/sweep";
import { zeros } from "../../src/tensor";

test("the variance of noise is found beside a signal that differs between conditions and drifts over trials", () => {
  const d = draw(1),
    [trials, time, neurons] = [80, 10, 15],
    conditions = Array.from({ length: trials }, (_, k) => k % 4),
    means = d.normal([4, time, neurons], 3),
    drift = d.normal([time, neurons]),
    noise = d.normal([trials, time, neurons], 0.5),
    size = time * neurons;
  const activity = {
    shape: noise.shape,
    data: noise.data.map((e, i) => {
      const k = Math.floor(i / size);
      return e + means.data[(k % 4) * size + (i % size)] + (k / trials) * drift.data[i % size];
    }),
  };
  const all = zeros(noise.shape);
  all.data.fill(1);
  expect(Math.abs(noiseVariance(activity, all, conditions) / 0.25 - 1)).toBeLessThan(0.03); // 11 400 differences
  const few = { shape: all.shape, data: all.data.map((_, i) => (i % 3 === 0 ? 0 : 1)) },
    hidden = { shape: activity.shape, data: activity.data.map((x, i) => (i % 3 === 0 ? NaN : x)) };
  expect(Math.abs(noiseVariance(hidden, few, conditions) / 0.25 - 1)).toBeLessThan(0.04);
  expect(
    noiseVariance(
      activity,
      all,
      conditions.map((_, k) => k),
    ),
  ).toBe(0);
});

test("where trials differ smoothly by themselves, the noise is what of their differences bends over time", () => {
  const d = draw(2),
    [trials, time, neurons] = [60, 12, 10],
    conditions = Array.from({ length: trials }, (_, k) => k % 2),
    means = d.normal([2, time, neurons], 3).data, // rough, but the same in all trials of a condition
    starts = d.normal([trials, neurons]).data,
    noise = d.normal([trials, time, neurons], 0.2),
    size = time * neurons;
  const activity = {
    shape: noise.shape,
    data: noise.data.map((e, i) => {
      const [k, t] = [Math.floor(i / size), Math.floor((i % size) / neurons)];
      return e + means[(k % 2) * size + (i % size)] + starts[k * neurons + (i % neurons)] * Math.exp(-t / 4);
    }),
  };
  const all = zeros(noise.shape);
  all.data.fill(1);
  expect(noiseVariance(activity, all, conditions)).toBeGreaterThan(0.15); // far above 0.04
  expect(Math.abs(noiseOfBends(activity, all, conditions) / 0.04 - 1)).toBeLessThan(0.06); // echoes bend a little
  const few = { shape: all.shape, data: all.data.map((_, i) => (i % 7 === 0 ? 0 : 1)) },
    hidden = { shape: activity.shape, data: activity.data.map((x, i) => (i % 7 === 0 ? NaN : x)) };
  expect(Math.abs(noiseOfBends(hidden, few, conditions) / 0.04 - 1)).toBeLessThan(0.1);
  const apart = conditions.map((_, k) => k);
  expect(noiseOfBends(activity, all, apart)).toBe(Number.POSITIVE_INFINITY);
});
