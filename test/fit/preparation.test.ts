import { expect, test } from "vitest";
import { fitLowTensorRank } from "../../src/fit";
import { observedMask } from "../../src/masks";
import { LowTensorRankRNN } from "../../src/models";
import { fixedTrialFactors } from "../../src/parts";
import { simulate } from "../../src/run";
import { varianceExplained } from "../../src/scores";
import { slice, zeros } from "../../src/tensor";
import { draw } from "../support/sweep";

test("what a preparatory period did to the state is found from the autonomous activity after it", async () => {
  const d = draw(5),
    [trials, bins, preparation, units] = [24, 12, 5, 10],
    conditions = Array.from({ length: trials }, (_, k) => k % 4),
    u = zeros([trials, preparation + bins, 2]),
    levels = d.normal([4, 2]);
  for (let k = 0; k < trials; k++)
    for (let t = 0; t < preparation; t++)
      for (let r = 0; r < 2; r++) u.data[(k * (preparation + bins) + t) * 2 + r] = levels.data[conditions[k] * 2 + r];
  const c = zeros([trials, 2]);
  c.data.fill(2);
  const model = new LowTensorRankRNN(
    {
      a: d.normal([units, 2], 1 / Math.sqrt(units)),
      b: d.normal([units, 2], 1 / Math.sqrt(units)),
      c,
      wIn: d.normal([units, 2]),
      x0: zeros([1, units]),
    },
    { tau: 4 },
  );
  const whole = simulate(model, u, { dt: 1 }).outputs,
    activity = slice(whole, [undefined, [preparation, preparation + bins]]),
    mask = observedMask(activity),
    common = { conditions, decoder: "identity", seed: 1 } as const,
    network = { tau: 4, trialKernel: fixedTrialFactors(trials), initialStates: "shared" } as const;
  const explained = async (options: Parameters<typeof fitLowTensorRank>[2]) => {
    const { prediction } = await fitLowTensorRank(activity, 2, { ...common, ...options });
    return varianceExplained(activity, prediction, { train: mask, over: mask });
  };
  expect(await explained({ inputs: { count: 2, until: 0 }, network: { ...network, preparation } })).toBeGreaterThan(
    0.99,
  );
  // one state for all conditions, and nothing drives it
  expect(await explained({ inputs: 0, network })).toBeLessThan(0.3);
});
