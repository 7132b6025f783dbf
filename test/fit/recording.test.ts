import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readNpz } from "../../src/data";
import { conditionMean } from "../../src/baselines";
import { fitLowTensorRank } from "../../src/fit";
import { holdOut, observedMask } from "../../src/masks";
import { varianceExplained } from "../../src/scores";
import { tensor, type Tensor3 } from "../../src/tensor";
import { recordingsFolder } from "../support/recordings";

test.skipIf(!recordingsFolder)(
  "a fit to a real recording explains more of held-out boxes than the mean of each condition",
  async () => {
    const { latents, target_deg, block } = readNpz(
      readFileSync(join(recordingsFolder!, "bci_learning_monkeyN_20160728.npz")),
      { only: ["latents", "target_deg", "block"] },
    );
    const activity = tensor(
        [794, 14, 10],
        latents.data.filter((_, at) => Math.floor(at / 10) % 20 >= 6),
      ),
      conditions = [...target_deg.data];
    const split = holdOut(observedMask(activity), { half: [5, 2, Infinity], seed: 1 });
    const fit = await fitLowTensorRank(activity, 2, {
      mask: split.train,
      validation: split.validation,
      conditions,
      epochs: [...block.data],
      network: { units: 32, trialKernel: { length: 120 } },
      training: { steps: 100, starts: 1 },
    });
    const score = (prediction: Tensor3) =>
      varianceExplained(activity, prediction, { train: split.train, over: split.test });
    expect(score(fit.prediction)).toBeGreaterThan(
      score(conditionMean(activity, { train: split.train, conditions }).prediction),
    );
  },
  120_000,
);
