import { expect, test } from "vitest";
import { crossValidate } from "../../src/select";
import { plantedActivity } from "../support/planted-fit";

test(
  "where weights drift smoothly, they explain more than none that " + "change, and more than in a shuffled order",
  async () => {
    const trialKernel = { kernel: "rbf" as const, length: 12, sigma: 2, noise: 0.01 },
      { activity, conditions } = plantedActivity(3, {
        trials: 36,
        steps: 8,
        units: 6,
        rank: 1,
        conditions: 2,
        trialKernel,
      });
    const { rows } = await crossValidate(
      activity,
      {
        axes: { hypothesis: ["nothing", "weights", "shuffled"] },
        options: { conditions, decoder: "identity", network: { trialKernel }, training: { steps: 150, starts: 1 } },
      },
      { folds: 2, boxes: { half: [0, 2, Infinity], test: 0.15, validation: 0.15 } },
    );
    const mean = (hypothesis: string) =>
      rows
        .filter(({ axes }) => axes.hypothesis === hypothesis)
        .reduce((sum, { test: score }) => sum + (score ?? NaN) / 2, 0);
    expect(mean("weights"), JSON.stringify(rows.map(({ axes, test: score }) => [axes, score]))).toBeGreaterThan(
      mean("nothing"),
    );
    expect(mean("weights")).toBeGreaterThan(mean("shuffled"));
  },
);
