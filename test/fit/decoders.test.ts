import { expect, test } from "vitest";
import { fitLowTensorRank, type FitOptions } from "../../src/fit";
import { fitObjective } from "../../src/fit/fit-objective";
import { readFitOptions } from "../../src/fit/fit-options";
import { poseFit } from "../../src/fit/pose-fit";
import { expectedTargets, negativeBinomialLoss, poissonLoss, type LossDescription } from "../../src/losses";
import { decoderNames } from "../../src/parts";
import { simulate } from "../../src/run";
import { mapParams, matmul, transpose, zeros, type Tensor3 } from "../../src/tensor";
import { close } from "../support/close";
import { gradcheck } from "../support/gradcheck";
import { draw } from "../support/sweep";

const gains = ["fixed", "shared", "learned"] as const,
  biases = ["fixed", "learned"] as const;
const losses: readonly LossDescription[] = [
  { kind: "meanSquaredError" },
  poissonLoss({ binWidth: 0.02, gain: 2 }).description,
  poissonLoss({ link: "exp" }).description,
  negativeBinomialLoss({ dispersion: 0.5, binWidth: 0.1 }).description,
];
const combinations = decoderNames.flatMap((kind) =>
  gains.flatMap((gain) => biases.flatMap((bias) => losses.map((loss) => ({ kind, gain, bias, loss })))),
);

/** Rates about 0, or counts of at least 1 and at most 5, with a constant neuron in the middle. */
function activityFor(loss: LossDescription, seed: number, neurons: number): Tensor3 {
  const x = draw(seed).normal([7, 5, neurons], 0.4);
  for (let i = 0; i < x.data.length; i++) {
    if (loss.kind !== "meanSquaredError") x.data[i] = Math.min(5, 1 + Math.floor(3 * Math.abs(x.data[i])));
    if (i % neurons === 1) x.data[i] = loss.kind === "meanSquaredError" ? 0.25 : 2;
  }
  return x;
}

test.each(combinations)(
  "gradients pass finite differences, every parameter moves, and the model makes the " +
    "prediction: $kind, gain $gain, bias $bias, $loss.kind",
  async ({ kind, gain, bias, loss }) => {
    for (const units of kind === "identity" ? [4] : [2, 6]) {
      const activity = activityFor(loss, units, 4),
        conditions = [0, 1, 0, 1, 0, 1, 0],
        options: FitOptions = {
          conditions,
          decoder: { kind, gain, bias },
          inputs: 2,
          network: { units, phi: units === 2 ? "softplus" : "tanh" },
          training: { loss, steps: 8, starts: 1 },
        };
      const problem = poseFit("test", activity, 2, readFitOptions("test", options)),
        objective = fitObjective("test", problem),
        start = problem.start(units),
        d = draw(units);
      const params = mapParams(start, (data) => data.map((x) => x + 0.3 * d.normal([1]).data[0]));
      gradcheck((moved) => objective(moved, 0).loss, params, objective(params, 0).gradients, d.normal);
      const fit = await fitLowTensorRank(activity, 2, options),
        { params: end } = fit.checkpoint.runs[0];
      for (const [name, x] of Object.entries(problem.start(0))) expect(end[name]?.data, name).not.toEqual(x?.data);
      const { outputs } = simulate(fit.model, fit.inputs, { dt: fit.dt, conditions: fit.conditions });
      close(expectedTargets(outputs, loss), fit.prediction, 1e-12);
    }
  },
);

test.each([
  [3, 8],
  [8, 3],
  [5, 5],
])("an orthogonal decoder keeps lengths and angles, %i units and %i neurons", async (units, neurons) => {
  const activity = draw(2).normal([6, 9, neurons]);
  const { model } = await fitLowTensorRank(activity, 1, {
    decoder: "orthogonal",
    network: { units },
    training: { steps: 30, starts: 1 },
  });
  const { readout, readoutGain } = model.params,
    c = readout!.shape[0] < units ? transpose(readout!) : readout!,
    gram = matmul(transpose(c), c);
  const n = Math.min(units, neurons);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) expect(gram.data[i * n + j] / gram.data[0]).toBeCloseTo(i === j ? 1 : 0, 12);
  expect(new Set(readoutGain!.data).size).toBe(1); // one gain for all
});

test.each(decoderNames.flatMap((decoder) => ["meanSquaredError", "poisson"].map((loss) => [decoder, loss] as const)))(
  "constant and silent neurons are fitted as such, and said: %s, %s",
  async (decoder, loss) => {
    const activity = activityFor(loss === "poisson" ? losses[1] : losses[0], 3, 4);
    for (let i = 0; i < activity.data.length; i++) if (i % 4 === 3) activity.data[i] = 0;
    const fit = await fitLowTensorRank(activity, 1, {
      decoder,
      network: { units: 4 },
      training: { loss: loss as "poisson", steps: 200, starts: 1 },
    });
    expect(fit.constantNeurons).toEqual([1, 3]);
    const of = (neuron: number) => Array.from(fit.prediction.data.filter((_, i) => i % 4 === neuron));
    // read by a bias alone; as rates of units they are only near
    const tolerance = decoder === "identity" ? 0.2 : loss === "poisson" ? 0.03 : 1e-12;
    for (const x of of(1)) expect(Math.abs(x - activity.data[1])).toBeLessThanOrEqual(tolerance);
    for (const x of of(3)) expect(Math.abs(x)).toBeLessThanOrEqual(tolerance);
  },
);

test("with a bias or a gain of their own, rates reach activity they could not; a floor stays a floor", async () => {
  const d = draw(5),
    activity: Tensor3 = zeros([8, 6, 3]);
  for (let i = 0; i < activity.data.length; i++) activity.data[i] = 100 + 10 * Math.sin(i) + d.normal([1]).data[0];
  const training = { steps: 5, starts: 1 };
  const fitted = (decoder: FitOptions["decoder"], phi: "tanh" | "relu", x = activity) =>
    fitLowTensorRank(x, 1, { decoder, network: { phi }, training });
  await expect(fitted("identity", "tanh")).rejects.toThrow("expected activity that tanh reaches");
  for (const decoder of [
    { kind: "identity", gain: "learned" },
    { kind: "identity", bias: "learned" },
    { kind: "identity", gain: "shared", bias: "learned" },
  ] as const) {
    const { outOfReach, loss } = await fitted(decoder, "tanh");
    expect(outOfReach).toBe(0);
    expect(loss).toBeLessThan(60);
  }
  const negative: Tensor3 = { shape: activity.shape, data: activity.data.map((x) => -x) };
  await expect(fitted({ kind: "identity", gain: "learned" }, "relu", negative)).rejects.toThrow("relu reaches");
  expect((await fitted({ kind: "identity", bias: "learned" }, "relu", negative)).loss).toBeLessThan(60);
});

test("wrong decoders are refused by name", async () => {
  const message = async (decoder: unknown) => {
    try {
      await fitLowTensorRank(zeros([4, 3, 2]), 1, { decoder } as FitOptions);
    } catch (error) {
      return (error as Error).message;
    }
    return "accepted";
  };
  expect(await message({ kind: "identity", gains: "learned" })).toContain("Did you mean gain?");
  expect(await message({ kind: "linear", bias: 3 })).toContain('decoder.bias to be "fixed" or "learned"');
  expect(await message({ kind: "orthonormal" })).toContain('expected decoder to be "linear", "orthogonal", "identity"');
});
