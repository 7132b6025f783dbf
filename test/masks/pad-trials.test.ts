import { expect, test } from "vitest";
import { fitLowTensorRank, type FitOptions } from "../../src/fit";
import { padTrials } from "../../src/masks";
import { zeros, type Matrix, type Tensor3 } from "../../src/tensor";
import { draw, sweep } from "../support/sweep";

test("trials come back from where they stand, and the mask counts their entries", () =>
  sweep((d) => {
    const neurons = d.int(1, 4),
      trials: Matrix[] = Array.from({ length: d.int(1, 6) }, (_, k) => d.normal([d.int(k === 0 ? 1 : 0, 5), neurons])),
      { activity, mask } = padTrials(trials),
      time = activity.shape[1];
    expect(activity.shape).toEqual([trials.length, Math.max(...trials.map(({ shape }) => shape[0])), neurons]);
    for (const [k, { data }] of trials.entries()) {
      const of = (x: Tensor3) => x.data.slice(k * time * neurons, (k + 1) * time * neurons);
      expect(of(activity).slice(0, data.length)).toEqual(data);
      expect(of(activity).slice(data.length).every(Number.isNaN)).toBe(true);
      expect([...of(mask)]).toEqual(Array.from(of(mask), (_, i) => (i < data.length ? 1 : 0)));
    }
  }));

test("a fit reads nothing after the end of a trial, with penalties of rates, counts and every decoder", async () => {
  const d = draw(2),
    trials: Matrix[] = Array.from({ length: 9 }, (_, k) => d.normal([3 + (k % 4), 3])),
    counts = trials.map(({ shape, data }) => ({ shape, data: data.map((x) => Math.floor(Math.abs(2 * x))) }));
  const fitted = ({ activity, mask }: ReturnType<typeof padTrials>, more: FitOptions) =>
    fitLowTensorRank(activity, 1, {
      mask,
      conditions: Array.from({ length: 9 }, (_, k) => k % 2),
      network: { units: 3 },
      ...more,
      training: { steps: 6, starts: 1, penalties: { rates: { l1: 0.1, l2: 0.1 } }, ...more.training },
    });
  for (const decoder of ["linear", "orthogonal", "identity"] as const)
    for (const loss of ["meanSquaredError", "poisson"] as const) {
      const padded = padTrials(
          loss === "poisson" ? counts : trials.map((x) => ({ ...x, data: x.data.map((v) => v / 9) })),
        ),
        { activity, mask } = padded,
        other = {
          mask,
          activity: { shape: activity.shape, data: activity.data.map((x) => (Number.isNaN(x) ? 1e6 : x)) },
        },
        one = await fitted(padded, { decoder, training: { loss } }),
        two = await fitted(other, { decoder, training: { loss } });
      expect(two.prediction).toEqual(one.prediction);
      expect(two.loss).toBe(one.loss);
      expect(one.prediction.data.every(Number.isFinite)).toBe(true);
    }
});

test("what are no trials is refused by its place", () => {
  expect(() => padTrials([])).toThrow("padTrials: expected trials to be an array of matrices (time × neurons)");
  expect(() => padTrials([zeros([2, 3]), zeros([2, 4])])).toThrow(
    "expected 3 neurons in every trial, as in the first, got 4 in trials[1]",
  );
  expect(() => padTrials([zeros([2, 3]), zeros([2, 3, 1]) as never])).toThrow("trials[1]");
  expect(() => padTrials([zeros([0, 3])])).toThrow("at least one time bin and one neuron");
});
