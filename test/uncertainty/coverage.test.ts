import { expect, test } from "vitest";
import { fitLowTensorRank, matchFits } from "../../src/fit";
import { trialFactorUncertainty } from "../../src/uncertainty";
import { coverageOf, plantedActivity } from "../support/planted-fit";

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
