import { expect, test } from "vitest";
import { fitLowTensorRank, forecast, type LowTensorRankFit } from "../../src/fit";
import { LowTensorRankRNN } from "../../src/models";
import { simulate } from "../../src/run";
import { zeros, type Matrix, type Tensor3 } from "../../src/tensor";
import { close } from "../support/close";
import { draw } from "../support/sweep";

const [trials, time, neurons, units] = [6, 7, 4, 5];

/** A network with a filter, in the shape of a fit. */
function drawn(preparation = 0): LowTensorRankFit {
  const d = draw(1);
  const model = new LowTensorRankRNN(
    {
      a: d.normal([units, 2]),
      b: d.normal([units, 2]),
      c: d.normal([trials, 2]),
      wIn: d.normal([units, 1]),
      x0: d.normal([2, units]),
      readout: d.normal([neurons, units]),
      readoutBias: d.normal([neurons]),
      filterGain: d.normal([units, neurons], 0.3),
    },
    { tau: 3 },
  );
  const inputs = d.normal([trials, preparation + time, 1]);
  const fit: Partial<LowTensorRankFit> = {
    model,
    inputs,
    conditions: [0, 1, 0, 1, 0, 1],
    dt: 1,
    preparation,
    prediction: zeros([trials, time, neurons]),
    provenance: { by: "test", version: "", seed: null, options: {}, facts: { loss: { kind: "meanSquaredError" } } },
  };
  return fit as LowTensorRankFit;
}

/** Step by step: correct the state with what is known up to a bin, then run on. */
function byHand(
  { model, inputs, conditions, preparation }: LowTensorRankFit,
  activity: Tensor3,
  mask: Tensor3,
  ahead: number,
) {
  const out = zeros(activity.shape),
    gain = model.params.filterGain as Matrix,
    bins = preparation + time;
  const step = (x: Matrix, k: number, t: number) => {
    const u: Tensor3 = { shape: [1, 1, 1], data: inputs.data.slice(k * bins + t, k * bins + t + 1) },
      free = model.with({ params: { x0: x, filterGain: undefined } }),
      run = simulate(free, u, { dt: 1, trials: [k] });
    return { y: run.outputs.data, x: { shape: [1, units], data: run.states.data.slice(units) } as Matrix };
  };
  for (let k = 0; k < trials; k++)
    for (let target = preparation; target < bins; target++) {
      let x: Matrix = {
        shape: [1, units],
        data: model.params.x0.data.slice(conditions[k] * units, (conditions[k] + 1) * units),
      };
      for (let t = 0; t <= target; t++) {
        const next = step(x, k, t),
          recorded = t - preparation;
        x = next.x;
        if (t === target) out.data.set(next.y, (k * time + recorded) * neurons);
        if (recorded < 0 || t > target - ahead) continue;
        for (let j = 0; j < neurons; j++) {
          const at = (k * time + recorded) * neurons + j;
          if (mask.data[at] === 0) continue;
          for (let i = 0; i < units; i++) x.data[i] += gain.data[i * neurons + j] * (activity.data[at] - next.y[j]);
        }
      }
    }
  return out;
}

test.each([
  [1, 0],
  [2, 0],
  [4, 0],
  [7, 0],
  [9, 0],
  [1, 2],
  [3, 2],
])("%i bins ahead, after %i of preparation, as step by step, with gaps that nothing fills", (ahead, preparation) => {
  const fit = drawn(preparation),
    d = draw(2),
    activity = d.normal([trials, time, neurons]),
    mask = zeros(activity.shape);
  for (let i = 0; i < mask.data.length; i++) {
    mask.data[i] = d.int(0, 2) > 0 ? 1 : 0;
    if (mask.data[i] === 0) activity.data[i] = NaN;
  }
  close(forecast(fit, activity, { mask, ahead }).prediction, byHand(fit, activity, mask, ahead), 1e-12);
});

test("a trial that tells more of itself is forecast better, and a filter beats the network without one", async () => {
  const d = draw(5),
    [k, t, n] = [40, 20, 6],
    a = d.normal([n, 1]),
    b = d.normal([n, 1]),
    c = zeros([k, 1]),
    start = d.normal([k, n], 1.5); // states of single trials that no condition tells
  c.data.forEach((_, i) => (c.data[i] = 0.5 * Math.sin(i / 8)));
  const model = new LowTensorRankRNN({ a, b, c, wIn: zeros([n, 0]), x0: start }, { tau: 12 }),
    clean = simulate(model, zeros([k, t, 0]), { dt: 1 }).outputs,
    activity: Tensor3 = { shape: clean.shape, data: clean.data.map((x) => x + 0.05 * d.normal([1]).data[0]) };
  const hidden = zeros(activity.shape); // whole trials are left out of the fit
  hidden.data.forEach((_, i) => (hidden.data[i] = Math.floor(i / (t * n)) % 5 === 0 ? 0 : 1));
  const options = { mask: hidden, decoder: "identity", network: { tau: 12, trialKernel: { length: 8 } } } as const,
    filter = await fitLowTensorRank(activity, 1, { ...options, network: { ...options.network, filter: true } }),
    without = await fitLowTensorRank(activity, 1, options);
  const miss = (prediction: Tensor3) => {
    let sum = 0;
    for (let i = 0; i < activity.data.length; i++)
      if (hidden.data[i] === 0 && Math.floor(i / n) % t >= 8) sum += (activity.data[i] - prediction.data[i]) ** 2;
    return sum;
  };
  const [next, later] = [1, 5].map((ahead) => miss(forecast(filter, activity, { ahead }).prediction));
  expect(next).toBeLessThan(0.5 * miss(without.prediction));
  expect(later).toBeLessThan(0.8 * miss(without.prediction));
  expect(next).toBeLessThan(later);
  // without its own data a held-out trial is predicted as the filter runs freely
  const blind = { shape: hidden.shape, data: hidden.data };
  close(forecast(filter, activity, { mask: blind }).prediction, filter.prediction, 1e-10);
}, 60_000);

test("fits without a filter and wrong activity are refused", async () => {
  const fit = drawn(),
    { filterGain: _, ...params } = fit.model.params,
    plain = { ...fit, model: new LowTensorRankRNN(params) },
    x = zeros([trials, time, neurons]);
  expect(() => forecast(plain, x)).toThrow("forecast: expected a fit whose network is a filter");
  expect(() => forecast(fit, zeros([trials, time, 3]))).toThrow("forecast: expected activity of shape (6 × 7 × 4)");
  expect(() => forecast(fit, x, { ahead: 0 })).toThrow("ahead");
  expect(() => forecast(fit, { ...x, data: x.data.map((_, i) => (i === 9 ? NaN : 0)) })).toThrow("got NaN at index");
});
