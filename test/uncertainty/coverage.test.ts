import { expect, test } from "vitest";
import { fitLowTensorRank, matchFits } from "../../src/fit";
import { bootstrapFit, trialFactorUncertainty } from "../../src/uncertainty";
import { coverageOf, knownInputs, plantedActivity } from "../support/planted-fit";

/** Half the width of a 90 % interval, in standard deviations. */
const ninety = 1.6448536269514722;

test.each([1, 2, 3])(
  "90 % intervals of trial factors hold the truth in 85 to 95 % of trials, seed %i",
  async (seed) => {
    const { activity, conditions, deviation, inputs, model, trialKernel } = plantedActivity(seed);
    const fit = await fitLowTensorRank(activity, 2, {
      conditions,
      inputs,
      decoder: "identity",
      network: { tau: 3, trialKernel },
      seed: 5,
    });
    const uncertain = trialFactorUncertainty(fit, activity);
    expect(uncertain.status).toBe("converged");
    expect(Math.abs(uncertain.noise / deviation - 1)).toBeLessThan(0.02);
    const { assignment } = matchFits({ model, inputs, conditions, dt: 1 }, fit),
      held = coverageOf(model.params.c, uncertain, assignment, ninety);
    expect(held).toBeGreaterThanOrEqual(0.85);
    expect(held).toBeLessThanOrEqual(0.95);
    // what the network's errors add
    const known = trialFactorUncertainty(fit, activity, { network: "known" });
    uncertain.deviations.data.forEach((deviationHere, i) =>
      expect(deviationHere).toBeGreaterThan(0.999 * known.deviations.data[i]),
    );
  },
  60_000,
);

test("90 % intervals by refits hold the truth in 85 to 95 % of trials, what the prior smoothed away too", async () => {
  const planted = plantedActivity(1, {
      trials: 120,
      steps: 5,
      units: 5,
      rank: 1,
      conditions: 2,
      noise: 0.2,
      apart: true,
      trialKernel: { kernel: "rbf", length: 6, sigma: 1, noise: 0.3 },
    }),
    { activity, model } = planted,
    fitOptions = knownInputs(planted),
    fit = await fitLowTensorRank(activity, 1, fitOptions),
    { intervals, status } = await bootstrapFit(fit, activity, { fitOptions, replicates: 20, seed: 1 }),
    { estimate, lower, upper } = (intervals as NonNullable<typeof intervals>).trialFactors,
    truth = model.params.c.data,
    scale = truth.reduce((sum, x, k) => sum + x * estimate.data[k], 0) / truth.reduce((sum, x) => sum + x * x, 0),
    held = truth.filter((x, k) => x * scale >= lower.data[k] && x * scale <= upper.data[k]).length / truth.length;
  expect(status).toBe("converged");
  expect(held).toBeGreaterThanOrEqual(0.85); // less where the means of priors are not drawn
  expect(held).toBeLessThanOrEqual(0.95);
});
