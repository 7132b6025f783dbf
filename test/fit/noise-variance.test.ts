import { expect, test } from "vitest";
import { noiseVariance } from "../../src/fit/noise-variance";
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
