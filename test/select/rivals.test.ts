import { expect, test } from "vitest";
import { crossValidate } from "../../src/select";
import type { Tensor3 } from "../../src/tensor";
import { draw } from "../support/sweep";

const d = draw(5),
  shape = [14, 5, 4] as const,
  epochs = Array.from({ length: 14 }, (_, k) => (k < 7 ? "before" : "after")),
  activity: Tensor3 = {
    shape,
    data: d.normal(shape).data.map((z, i) => Math.sin((i % 20) / 3) * (i < 140 ? 1 : 2) + 0.1 * z),
  },
  boxes = { half: [0, 0, Infinity], test: 0.1, validation: 0.1 },
  network = { units: 3 },
  training = { steps: 8, starts: 1 };

test("every baseline, rival and hypothesis is a candidate on the same boxes", async () => {
  const own = { ranks: [1], passes: 5 };
  const { rows } = await crossValidate(
    activity,
    [
      { model: "conditionMean" },
      { model: "smoothedConditionMean", options: { widths: [2] } },
      { model: "reducedRankKernel", options: { widths: [2], ranks: [1] } },
      { model: "trialPca", options: own },
      { model: "maskedCp", options: own },
      { model: "sliceComponents", options: { ranks: [[1, 0, 0]], passes: 5 } },
      { model: "linearDynamics", options: own },
      { model: "nearPairCeiling", options: { within: 2 } },
      {
        axes: { hypothesis: ["nothing", "inputs", "jump", "weights", "shuffled", "free"] },
        options: { epochs, network, training },
      },
    ],
    { folds: 1, boxes },
  );
  expect(rows.filter(({ status }) => status === "failed")).toEqual([]);
  expect(rows).toHaveLength(14);
  for (const { model, test: score, facts } of rows)
    if (model === "nearPairCeiling") expect(facts.ceiling).toBeGreaterThan(0.5);
    else expect(score).toBeLessThan(1);
  const scores = new Set(rows.filter(({ model }) => model === "fit").map(({ validation }) => validation));
  expect(scores.size).toBe(6); // six different models
});

test("hypotheses refuse what they would ignore, and baselines unknown options", async () => {
  const run = (axes: object, options: object) =>
    crossValidate(activity, { axes, options: { network, training, ...options } }, { folds: 1, boxes });
  await expect(run({ hypothesis: ["jump"] }, {})).rejects.toThrow(/^crossValidate: expected epochs/);
  await expect(run({ hypothesis: ["free"], kernel: [3] }, {})).rejects.toThrow(/^crossValidate: expected no kernel/);
  await expect(run({ hypothesis: ["shuffled"] }, { inputs: [2] })).rejects.toThrow(/^crossValidate: expected learned/);
  await expect(crossValidate(activity, { model: "maskedCp", options: { rank: 1 } })).rejects.toThrow(
    /Did you mean ranks/,
  );
});
