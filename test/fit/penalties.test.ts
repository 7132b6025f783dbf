import { expect, test } from "vitest";
import { fitLowTensorRank, type FitOptions, type FitPenalties } from "../../src/fit";
import { poissonLoss } from "../../src/losses";
import { simulate } from "../../src/run";
import { zeros, type Tensor3 } from "../../src/tensor";
import { distance } from "../support/close";
import { draw } from "../support/sweep";

const d = draw(9),
  activity: Tensor3 = zeros([10, 8, 5]);
for (let i = 0; i < activity.data.length; i++)
  activity.data[i] = Math.sin(i / 5 + (i % 5)) * (1 + Math.floor(i / 200)) + d.normal([1], 0.1).data[0];
const options: FitOptions = {
  conditions: Array.from({ length: 10 }, (_, k) => k % 2),
  network: { units: 6 },
  training: { steps: 60, starts: 1, penalties: { noiseShare: 0 } },
};
const fitWith = (penalties: FitPenalties, more: Partial<FitOptions["training"]> = {}) =>
  fitLowTensorRank(activity, 2, {
    ...options,
    training: { ...options.training, ...more, penalties: { noiseShare: 0, ...penalties } },
  });
const mean = (x: ArrayLike<number>, f: (value: number) => number) =>
  Array.from(x).reduce((sum, value) => sum + f(value), 0) / x.length;
const ratesOf = ({ model, inputs, dt, conditions }: Awaited<ReturnType<typeof fitLowTensorRank>>) =>
  simulate(model, inputs, { dt, conditions }).rates.data;

test("penalties make rates and trial factors small, and the loss that is said is that of the data alone", async () => {
  const free = await fitWith({}),
    small = await fitWith({ rates: { l2: 3 } }),
    few = await fitWith({ rates: { l1: 0.2 } }),
    flat = await fitWith({ trialFactors: { l2: 5 } });
  const square = (x: number) => x * x;
  expect(mean(ratesOf(small), square)).toBeLessThan(0.5 * mean(ratesOf(free), square));
  expect(mean(ratesOf(few), Math.abs)).toBeLessThan(0.5 * mean(ratesOf(free), Math.abs));
  expect(mean(flat.model.params.c.data, square)).toBeLessThan(0.5 * mean(free.model.params.c.data, square));
  for (const fit of [free, small, few, flat]) {
    const error = mean(
      activity.data.map((x, i) => x - fit.prediction.data[i]),
      (e) => (e * e) / 2,
    );
    expect(fit.loss / error).toBeCloseTo(1, 10);
  }
});

test("penalties of rates hold on threads, in float32, with counts, and in every fit that resumes", async () => {
  const penalties = { rates: { l1: 0.02, l2: 0.1 }, trialFactors: { l1: 0.05 } },
    one = await fitWith(penalties, { steps: 12 }),
    two = await fitWith(penalties, { steps: 12, threads: 2 }),
    single = await fitWith(penalties, { steps: 12, precision: "float32" });
  expect(distance(two.prediction.data, one.prediction.data)).toBeLessThan(1e-9);
  expect(distance(single.prediction.data, one.prediction.data)).toBeLessThan(1e-2);
  expect(one.provenance.options.training).toMatchObject({
    penalties: { rates: { l1: 0.02, l2: 0.1 }, trialFactors: { l1: 0.05, l2: 0 } },
  });
  await expect(
    fitLowTensorRank(activity, 2, {
      ...options,
      training: { ...options.training, penalties: { noiseShare: 0 } },
      start: one,
    }),
  ).rejects.toThrow("of the earlier fit, with penalties");
  const counts: Tensor3 = { shape: activity.shape, data: activity.data.map((x) => Math.round(Math.abs(x))) },
    training = { ...options.training, loss: poissonLoss() };
  const free = await fitLowTensorRank(counts, 2, { ...options, training }),
    small = await fitLowTensorRank(counts, 2, {
      ...options,
      training: { ...training, penalties: { noiseShare: 0, rates: { l2: 5 } } },
    });
  expect(mean(ratesOf(small), (x) => x * x)).toBeLessThan(0.7 * mean(ratesOf(free), (x) => x * x));
});

test("wrong penalties are refused", async () => {
  await expect(fitWith({ rates: { l1: -1 } })).rejects.toThrow(
    "expected training.penalties.rates.l1 to be a finite number of at least 0, got -1",
  );
  await expect(fitWith({ rate: { l1: 1 } } as never)).rejects.toThrow("Did you mean rates?");
});
