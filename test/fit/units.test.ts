import { expect, test } from "vitest";
import { fitLowTensorRank, type FitOptions } from "../../src/fit";
import { observedMask } from "../../src/masks";
import { simulate } from "../../src/run";
import { varianceExplained } from "../../src/scores";
import { tensor, zeros, type Tensor3 } from "../../src/tensor";
import { close } from "../support/close";
import { draw } from "../support/sweep";

const times = ({ shape, data }: Tensor3, k: number): Tensor3 => ({ shape, data: data.map((x) => k * x) });
const explained = (x: Tensor3, prediction: Tensor3) =>
  varianceExplained(x, prediction, { train: observedMask(x), over: observedMask(x) });

/** Waves above 0, of a different phase in every neuron. */
const waves = tensor(
  [12, 15, 6],
  Array.from({ length: 1080 }, (_, i) => 1 + 0.5 * Math.sin(i / 7 + (i % 6))),
);
const centered: Tensor3 = { shape: waves.shape, data: waves.data.map((x) => x - 1) };

test.each([
  ["linear", "tanh", waves],
  ["identity", "softplus", waves],
  ["identity", "relu", waves],
  ["identity", "identity", centered],
  ["identity", "tanh", times(centered, 0.5)],
] as const)(
  "a fit does not depend on the unit of the activity, and its model makes the prediction: %s decoder, %s",
  async (decoder, phi, activity) => {
    const options: FitOptions = { decoder, network: { phi }, training: { steps: 40, starts: 1 } };
    const fit = await fitLowTensorRank(activity, 1, options);
    const score = explained(activity, fit.prediction);
    expect(score).toBeGreaterThan(0.2);
    for (const k of [2 ** -20, 2 ** -400, 2 ** 300]) {
      if (phi === "tanh" && decoder === "identity" && k > 1) continue; // refused: tanh has a unit
      const scaled = times(activity, k),
        again = await fitLowTensorRank(scaled, 1, options);
      // powers of two round nothing; from a unit below its own tanh is taken to be nearly linear
      if (!(phi === "tanh" && decoder === "identity")) close(again.prediction, times(fit.prediction, k), 1e-12);
      expect(Math.abs(explained(scaled, again.prediction) - score)).toBeLessThan(0.03);
      const { outputs } = simulate(again.model, again.inputs, { dt: again.dt, conditions: again.conditions });
      close(outputs, again.prediction, 1e-12);
    }
  },
  60_000,
);

test("softplus starts at any rate", async () => {
  for (const level of [100, 700, 1000, 1e6]) {
    const d = draw(1),
      noise = d.normal([8, 10, 5]),
      x: Tensor3 = { shape: noise.shape, data: noise.data.map((v) => level + 10 * v) };
    const fit = await fitLowTensorRank(x, 1, {
      decoder: "identity",
      network: { phi: "softplus" },
      training: { steps: 20, starts: 1 },
    });
    expect(fit.status).toBe("exhausted");
    expect(fit.starts[0].divergence).toBeUndefined();
    expect(fit.loss).toBeLessThan(60); // half the variance of the noise is 50
  }
});

test("activity that the activation cannot reach is refused, with both ranges and what to do", async () => {
  const d = draw(2),
    counts = zeros([12, 15, 6]);
  for (let index = 0; index < counts.data.length; index++) counts.data[index] = d.int(5, 30);
  await expect(fitLowTensorRank(counts, 1, { decoder: "identity" })).rejects.toThrow(
    "fitLowTensorRank: expected activity that tanh reaches, in (-1, 1), since neurons are the units' rates " +
      "with the identity decoder, got activity from 5 to 30. Take " +
      'decoder "linear", phi "relu" or "softplus" ' +
      'or "identity" in network, or scale or shift the ' +
      "activity into that range.",
  );
  for (const phi of ["relu", "softplus"] as const)
    await expect(fitLowTensorRank(times(counts, -1), 1, { decoder: "identity", network: { phi } })).rejects.toThrow(
      `expected activity that ${phi} reaches`,
    );
});

test("noise a little past the reach of tanh is no reason to refuse", async () => {
  const d = draw(3),
    noise = d.normal([10, 8, 4], 0.1),
    x: Tensor3 = {
      shape: noise.shape,
      data: noise.data.map((v, index) => Math.tanh(2 * Math.sin(index / 5 + (index % 4))) + v),
    };
  const fit = await fitLowTensorRank(x, 1, { decoder: "identity", training: { steps: 5, starts: 1 } });
  expect(fit.model.params.readout).toBeUndefined(); // neurons are the rates themselves
  expect(fit.outOfReach).toBeGreaterThan(0);
  expect(fit.outOfReach).toBeLessThan(0.05);
  const standard = await fitLowTensorRank(d.normal([10, 8, 4]), 1, { decoder: "identity", training: { steps: 2 } });
  expect(standard.outOfReach).toBeCloseTo(0.15, 1); // of a standard normal number, 0.1507 lies there
});

test("a fit does not depend on the units of known inputs", async () => {
  const d = draw(4),
    u = d.normal([6, 8, 2]),
    x = d.normal([6, 8, 3]);
  const scaled: Tensor3 = {
    shape: u.shape,
    data: u.data.map((value, i) => value * (i % 2 === 0 ? 2 ** 40 : 2 ** -40)),
  };
  const options = { network: { units: 5 }, training: { steps: 20, starts: 1 } };
  const fit = await fitLowTensorRank(x, 1, { ...options, inputs: u }),
    again = await fitLowTensorRank(x, 1, { ...options, inputs: scaled });
  close(again.prediction, fit.prediction, 1e-12);
  expect(again.inputs).toEqual(scaled);
  const { outputs } = simulate(again.model, scaled, { dt: again.dt, conditions: again.conditions });
  close(outputs, again.prediction, 1e-12);
});

test("constant neurons are fitted by their mean and named, unseen trials too", async () => {
  const d = draw(5),
    x = d.normal([8, 6, 3]);
  for (let index = 1; index < x.data.length; index += 3) x.data[index] = 0.1;
  const mask: Tensor3 = { shape: x.shape, data: x.data.map((_, index) => (Math.floor(index / 18) === 5 ? 0 : 1)) };
  const fit = await fitLowTensorRank(x, 1, { mask, network: { units: 4 }, training: { steps: 60, starts: 1 } });
  expect(fit.constantNeurons).toEqual([1]);
  expect(fit.unseenTrials).toEqual([5]);
  const all = zeros([8, 6, 3]);
  all.data.fill(0.1);
  const flat = await fitLowTensorRank(all, 1, { network: { units: 4 }, training: { steps: 5, starts: 1 } });
  expect(flat.constantNeurons).toEqual([0, 1, 2]);
  expect(flat.prediction.data.every(Number.isFinite)).toBe(true);
});

test("a unit whose square is no double is refused", async () => {
  await expect(fitLowTensorRank(times(waves, 1e160), 1)).rejects.toThrow(
    "expected activity of magnitudes between 1e-150 and 1e150",
  );
  await expect(fitLowTensorRank(times(waves, 1e-170), 1)).rejects.toThrow(
    "expected activity of magnitudes between 1e-150 and 1e150",
  );
});
