import { expect, test } from "vitest";
import { tuckerToTensor } from "../../src/factored";
import { FullRankRNN } from "../../src/models";
import { networkObjective, recordChanges, recordWeights, train } from "../../src/train";
import { norm, type Tensor3 } from "../../src/tensor";
import { draw } from "../support/sweep";

const model = FullRankRNN.random({ units: 12, inputs: 2, outputs: 1 }, 1),
  { normal } = draw(1),
  objective = networkObjective(model, { inputs: normal([4, 10, 2]), targets: normal([4, 10, 1]) }),
  run = () => train(objective, model.params, { steps: 40, every: 4 });

test("changes that are recorded compressed are those of the recorded weights, within the bound", async () => {
  const { weights, steps, losses } = await recordWeights(run(), model),
    found = await recordChanges(run(), model, { relativeError: 0.02 });
  expect(found.steps).toEqual(steps);
  expect(found.losses).toEqual(losses);
  expect(found.last.step).toBe(40);
  const count = steps.length,
    changes: Tensor3 = { shape: weights.shape, data: weights.data.map((w, i) => w - weights.data[i - (i % count)]) },
    model_ = tuckerToTensor(found.changes),
    error = norm({ shape: changes.shape, data: changes.data.map((w, i) => w - model_.data[i]) }) / norm(changes);
  expect(Array.from(found.initial.data)).toEqual(Array.from({ length: 144 }, (_, i) => weights.data[i * count]));
  expect(found.changes.errorBound).toBeLessThanOrEqual(0.02);
  expect(Math.abs(error - found.changes.errorBound)).toBeLessThan(1e-12);
  expect(found.changes.core.shape[0]).toBeLessThan(12);
});

test("a run that yields nothing, and what is no run, are refused", async () => {
  await expect(recordChanges([], model)).rejects.toThrow(
    "recordChanges: expected a run that yields snapshots, got none",
  );
  await expect(recordChanges(7 as never, model)).rejects.toThrow(
    "recordChanges: expected run to be a stream or an array",
  );
  await expect(recordChanges(run(), model, { trial: -1 })).rejects.toThrow("recordChanges: expected trial");
});
