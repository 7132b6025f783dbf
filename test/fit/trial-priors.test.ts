import { expect, test } from "vitest";
import { fitLowTensorRank, type FitNetwork } from "../../src/fit";
import { fitObjective } from "../../src/fit/fit-objective";
import { readFitOptions } from "../../src/fit/fit-options";
import { poseFit } from "../../src/fit/pose-fit";
import {
  fixedTrialFactors,
  freeTrialFactors,
  gaussianTrialFactors,
  piecewiseConstantTrialFactors,
  randomWalkTrialFactors,
  trialFactorsFrom,
  type PartDescription,
  type SmoothFactors,
  type TrialFactors,
} from "../../src/parts";
import type { Params } from "../../src/tensor";
import { draw } from "../support/sweep";
import { gradcheck } from "../support/gradcheck";

const d = draw(1),
  activity = d.normal([8, 5, 3], 0.3),
  epochs = [0, 0, 0, 1, 1, 1, 1, 1],
  times = [0, 1, 2, 5, 6, 7, 9, 10],
  quick = { epochs, training: { steps: 12, starts: 1 } };
const fitWith = (trialKernel: FitNetwork["trialKernel"]) =>
  fitLowTensorRank(activity, 2, { ...quick, network: { units: 4, ...(trialKernel ? { trialKernel } : {}) } });

const priors: readonly (readonly [string, SmoothFactors | TrialFactors])[] = [
  ["plain numbers", { length: 3 }],
  [
    "plain numbers, all of them",
    {
      kernel: "rationalQuadratic",
      length: 3,
      sigma: 2,
      alpha: 0.5,
      noise: 0.1,
      times,
      constants: "perEpoch",
      jitter: 1e-4,
    },
  ],
  ["plain numbers, a basis", { kernel: "matern52", basis: 0.99 }],
  ["gaussian", gaussianTrialFactors({ times, kernel: "rbf", length: 4 }, { epochs, constants: "perEpoch" })],
  ["free", freeTrialFactors(8)],
  ["fixed", fixedTrialFactors(8)],
  ["random walk", randomWalkTrialFactors(times, { epochs })],
  ["piecewise constant", piecewiseConstantTrialFactors(epochs)],
];

test.each(priors)(
  "%s: a fit moves every parameter, by its exact gradient, and tells how to make it again",
  async (_, prior) => {
    const given = readFitOptions("test", { ...quick, network: { units: 4, trialKernel: prior } }),
      problem = poseFit("test", activity, 2, given),
      objective = fitObjective("test", problem),
      start = problem.start(3);
    const params: Params = Object.fromEntries(
      Object.entries(start).map(([name, x]) => [
        name,
        { shape: x?.shape ?? [], data: x?.data.map((v) => v + 0.3 * d.normal([1]).data[0]) ?? new Float64Array() },
      ]),
    );
    gradcheck((moved) => objective(moved, 0).loss, params, objective(params, 0).gradients, d.normal);
    const fit = await fitWith(prior),
      { best } = fit.checkpoint.runs[0];
    const mine = Object.keys(problem.trialFactors.start(2));
    for (const name of mine)
      expect(
        best?.params[name]?.data.some((x, i) => x !== start[name]?.data[i]),
        `${name} moves`,
      ).toBe(true);
    const made = trialFactorsFrom(fit.provenance.facts.trialFactors as PartDescription),
      ours = Object.fromEntries(mine.map((name) => [name, best?.params[name]]));
    const [c] = made(ours),
      { order, signs } = fit.gauge,
      rank = order.length;
    expect(c.data.map((_, i) => signs[i % rank] * c.data[i - (i % rank) + order[i % rank]])).toEqual(
      fit.model.params.c.data,
    );
    // the provenance's option, handed back, makes the same fit
    const { trialKernel } = fit.provenance.options.network as { trialKernel: SmoothFactors };
    const again = await fitWith(
      typeof prior === "function" ? trialFactorsFrom(trialKernel as PartDescription) : trialKernel,
    );
    expect(again.model.toJSON()).toEqual(fit.model.toJSON());
    expect(again.provenance).toEqual(fit.provenance);
  },
);

test("the plain form is the part it names, option by option", async () => {
  const { length, sigma, ...rest } = { length: 3, sigma: 2, kernel: "matern32", noise: 0.1 } as const;
  const plain = await fitWith({ length, sigma, ...rest, times, constants: "perEpoch", basis: 0.9, jitter: 0.01 }),
    part = await fitWith(
      gaussianTrialFactors(
        { length, sigma, ...rest, times },
        { epochs, constants: "perEpoch", basis: 0.9, jitter: 0.01 },
      ),
    );
  expect(plain.model.toJSON()).toEqual(part.model.toJSON());
  // each option makes a difference
  for (const other of [
    { length: 4 },
    { sigma: 1 },
    { kernel: "rbf" as const },
    { noise: 0.5 },
    { times: [0, 1, 2, 3, 4, 5, 6, 7] },
    { constants: "shared" as const },
    { basis: 0.5 },
    { jitter: 0.5 },
  ]) {
    const differs = await fitWith({
      length,
      sigma,
      ...rest,
      times,
      constants: "perEpoch",
      basis: 0.9,
      jitter: 0.01,
      ...other,
    });
    expect(differs.model.params.c.data, Object.keys(other)[0]).not.toEqual(plain.model.params.c.data);
  }
});

test("the length is by default a fifth of the time of all trials", async () => {
  const lengthOf = async (kernel?: SmoothFactors) =>
    (await fitWith(kernel)).provenance.options.network as { trialKernel: SmoothFactors };
  expect((await lengthOf()).trialKernel).toEqual({ kernel: "rationalQuadratic", length: 1.6, sigma: 1, alpha: 1 });
  const seconds = await lengthOf({ times: times.map((t) => 60 * t) });
  expect(seconds.trialKernel.length).toBeCloseTo((60 * 10 * 8) / 7 / 5, 12);
});

test.each<readonly [SmoothFactors | TrialFactors, string]>([
  [{ times: [1, 2] }, "fitLowTensorRank: expected network.trialKernel.times of 8 trials, those of the activity, got 2"],
  [{ times: [1, Number.NaN] }, "finite numbers as network.trialKernel.times, at most 1e150, got NaN at position 1"],
  [
    { kernel: "rbf", alpha: 2 },
    'fitLowTensorRank: expected network.trialKernel.alpha with the kernel "rationalQuadratic" only',
  ],
  [{ kernel: "linear" as never }, "expected network.trialKernel.kernel to be"],
  [{ lenght: 2 } as never, "Did you mean length?"],
  [{ epochs } as never, "the unknown name epochs"],
  [randomWalkTrialFactors([1, 2]), "to make trial factors of 8 trials, those of the activity, got 2"],
])("%o is refused in the name of the fit", async (trialKernel, words) => {
  await expect(fitWith(trialKernel)).rejects.toThrow(words);
});

test("constants per epoch need epochs", async () => {
  await expect(
    fitLowTensorRank(activity, 1, { network: { units: 3, trialKernel: { constants: "perEpoch" } } }),
  ).rejects.toThrow('fitLowTensorRank: expected epochs with constants: "perEpoch"');
});
