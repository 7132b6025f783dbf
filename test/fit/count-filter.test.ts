import { expect, test } from "vitest";
import { random } from "../../src/base";
import { fitLowTensorRank, forecast, predictTrials, type FitOptions, type LowTensorRankFit } from "../../src/fit";
import { expectedTargets, negativeBinomialLoss, poissonLoss } from "../../src/losses";
import { FullRankRNN } from "../../src/models";
import { fixedTrialFactors } from "../../src/parts";
import { simulate } from "../../src/run";
import { tensor, zeros, type Tensor3 } from "../../src/tensor";
import { close } from "../support/close";
import { draw } from "../support/sweep";

const loss = poissonLoss({ link: "exp" });

/** Counts of a slow linear network, whose states are noisy within every trial or not, with entries held out. */
function recorded(seed: number, sigma: number, [trials, steps, neurons] = [30, 15, 8]) {
  const model = FullRankRNN.random({ units: 3, inputs: 1, outputs: neurons, tau: 5, phi: "identity" }, seed).with({
      params: {
        w: tensor([3, 3], [0.8, -0.3, 0, 0.3, 0.8, 0, 0, 0, 0.7]),
        wIn: tensor([3, 1], [1, -0.5, 0.3]),
        readout: draw(seed).normal([neurons, 3], 0.5),
        readoutBias: { shape: [neurons], data: new Float64Array(neurons).fill(0.3) },
      },
    }),
    inputs = zeros([trials, steps, 1]);
  for (let i = 0; i < trials * steps; i++) inputs.data[i] = Math.sin((i % steps) / 3);
  const { outputs } = simulate(model, inputs, { dt: 1, ...(sigma > 0 ? { noise: { sigma, seed } } : {}) }),
    means = expectedTargets(outputs, loss),
    { uniform } = random(seed, "spikes");
  const counts: Tensor3 = {
      shape: means.shape,
      data: means.data.map((mean) => {
        let n = 0;
        for (let p = Math.exp(-mean), rest = uniform() - p; rest > 0; rest -= p) p *= mean / ++n;
        return n;
      }),
    },
    held: Tensor3 = { shape: counts.shape, data: counts.data.map(() => (uniform() < 0.15 ? 1 : 0)) },
    mask: Tensor3 = { shape: counts.shape, data: held.data.map((x) => 1 - x) };
  return { counts, held, mask, inputs, means };
}
type Recorded = ReturnType<typeof recorded>;

const fitted = ({ counts, mask, inputs }: Recorded, filter: FitOptions["network"] & object) =>
  fitLowTensorRank(counts, 1, {
    mask,
    inputs,
    network: {
      units: 3,
      tau: 5,
      phi: "identity",
      staticRank: "full",
      trialKernel: fixedTrialFactors(mask.shape[0]),
      ...filter,
    },
    training: { loss, starts: 1, steps: 120 },
  });

/** Minus the log likelihood of held-out counts, in nats per entry, less log count!. */
function nats({ counts, held }: Recorded, prediction: Tensor3): number {
  let [sum, count] = [0, 0];
  counts.data.forEach((n, i) => {
    if (held.data[i] === 0) return;
    sum += prediction.data[i] - n * Math.log(prediction.data[i]);
    count++;
  });
  return sum / count;
}

test("a filter foretells held-out counts where states are noisy within trials, and not elsewhere", async () => {
  for (const seed of [1, 2]) {
    const noisy = recorded(seed, 0.8),
      free = nats(noisy, (await fitted(noisy, {})).prediction);
    for (const filter of [true, "pearson"] as const)
      expect(nats(noisy, (await fitted(noisy, { filter })).prediction)).toBeLessThan(free - 0.3);
    const quiet = recorded(seed, 0),
      [plain, filtered] = [await fitted(quiet, {}), await fitted(quiet, { filter: true })];
    expect(nats(quiet, filtered.prediction)).toBeGreaterThan(nats(quiet, plain.prediction) - 0.002);
    // as good as can be but for what parameters fit of the noise
    expect(nats(quiet, filtered.prediction)).toBeLessThan(nats(quiet, quiet.means) + 0.04);
  }
}, 60_000);

test("forecasts of counts lose with every bin, coast in gaps, and are the prediction one bin ahead", async () => {
  const data = recorded(1, 0.8),
    { counts, mask, inputs } = data,
    fit = await fitted(data, { filter: true });
  close(forecast(fit, counts, { mask }).prediction, fit.prediction, 1e-12);
  const ahead = [1, 3, 8].map((bins) => nats(data, forecast(fit, counts, { mask, ahead: bins }).prediction));
  expect(ahead[0]).toBeLessThan(ahead[1]);
  expect(ahead[1]).toBeLessThan(ahead[2]);
  // nothing is known of the first trial after bin 5: it coasts, as the model does from there
  const [, steps, neurons] = counts.shape,
    gap: Tensor3 = {
      shape: counts.shape,
      data: mask.data.map((m, i) => (i < steps * neurons && Math.floor(i / neurons) > 5 ? 0 : m)),
    },
    nothing = { shape: counts.shape, data: counts.data.map((n, i) => (gap.data[i] === 0 ? NaN : n)) },
    coasting = forecast(fit, nothing, { mask: gap }).prediction,
    innovation = { kind: "score", link: "exp" } as const,
    { states } = simulate(fit.model, fit.inputs, {
      dt: 1,
      conditions: fit.conditions,
      observed: nothing,
      observedMask: gap,
      innovation,
    }),
    at = 6, // x_6 is corrected by bin 5, the last that is known
    x0 = { shape: [1, 3] as const, data: states.data.slice(at * 3, at * 3 + 3) },
    { filterGain: _, ...params } = fit.model.params,
    rest: Tensor3 = { shape: [1, steps - at, 1], data: inputs.data.slice(at, steps) },
    free = simulate(fit.model.with({ params: { ...params, filterGain: undefined, x0 } }), rest, { dt: 1, trials: [0] }),
    expected = expectedTargets(free.outputs, loss).data;
  expected.forEach((mean, i) => expect(coasting.data[at * neurons + i] / mean).toBeCloseTo(1, 10));
  // new trials have no past: the network runs freely
  const later = predictTrials(fit, { times: [3], inputs: { shape: [1, steps, 1], data: inputs.data.slice(0, steps) } });
  expect(later.status).toBe("predicted");
}, 60_000);

test("a filter of counts on threads, in float32, with dispersions learned, resumed to the same bits", async () => {
  const data = recorded(2, 0.8, [17, 9, 4]),
    { counts, mask, inputs } = data;
  const run = (training: FitOptions["training"], more: Partial<FitOptions> = {}) =>
    fitLowTensorRank(counts, 1, {
      mask,
      inputs,
      network: { units: 3, filter: "residual", initialStates: { sigma: 0.3 } },
      ...more,
      training: {
        loss: negativeBinomialLoss({ dispersion: "neuron", binWidth: 0.5 }),
        starts: 1,
        steps: 16,
        ...training,
      },
    });
  const one = await run({});
  expect(one.provenance.facts.network).toMatchObject({ filter: "residual" });
  close((await run({ threads: 2 })).prediction, one.prediction, 1e-7);
  close((await run({ precision: "float32" })).prediction, one.prediction, 0.05);
  expect(one.model.params.filterGain!.data.some((g) => g !== 0)).toBe(true);
  const half = await run({ steps: 8 }),
    resumed = await run({}, { start: structuredClone({ ...half }) as LowTensorRankFit });
  expect(resumed.prediction).toEqual((await run({})).prediction);
  const score = await run({}, { network: { units: 3, filter: "score", initialStates: { sigma: 0.3 } } });
  expect(score.prediction).not.toEqual(one.prediction);
}, 60_000);

test("filters that say nothing of an activity are refused", async () => {
  const { counts } = recorded(1, 0, [4, 5, 3]),
    refused = (filter: unknown, of: FitOptions["training"]) =>
      expect(
        fitLowTensorRank(counts, 1, { network: { filter: filter as never }, training: { steps: 1, starts: 1, ...of } }),
      ).rejects;
  await refused("score", {}).toThrow('a loss on counts with network.filter "score", got the loss meanSquaredError');
  await refused("kalman", {}).toThrow(
    'network.filter to be true or false, or of counts what corrects states: "residual"',
  );
  await refused(true, {
    loss: {
      kind: "own",
      description: { kind: "own" },
      targets: "counts",
      entry: (y, n) => [(y - n) ** 2, 2 * (y - n)],
    },
  }).toThrow("got the loss own");
  const fit = await fitLowTensorRank(counts, 1, {
    network: { filter: true },
    training: { loss, steps: 1, starts: 1 },
  });
  const broken = { shape: counts.shape, data: counts.data.map((n, i) => (i === 7 ? -1 : n)) };
  expect(() => forecast(fit, broken)).toThrow("forecast: expected activity of counts");
});
