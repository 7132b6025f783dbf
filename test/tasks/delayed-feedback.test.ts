import { expect, test } from "vitest";
import { FullRankRNN } from "../../src/models";
import { lossAndGradient, simulate } from "../../src/run";
import { batchOnPlant, delayedFeedback, plantFrom, pointMass, reaching, twoJointArm } from "../../src/tasks";
import { concat, tensor, zeros } from "../../src/tensor";
import { close } from "../support/close";
import { gradcheck } from "../support/gradcheck";
import { sweep } from "../support/sweep";

test("feedback comes late: what the network does is what it does when the late states are its inputs", () =>
  sweep((draw) => {
    const delay = draw.int(1, 6),
      task = reaching({ targets: 3, steps: 15, cue: 4, duration: 9 }),
      plant = pointMass({ dt: 0.1, curl: 1, rotation: 0.3, feedback: true });
    const model = FullRankRNN.random({ units: 6, inputs: 7, outputs: 2, gain: 1.5 }, draw.seed).with({
      params: { readout: draw.normal([2, 6]), x0: draw.normal([1, 6]) },
    });
    const run = simulate(model, task.batch.inputs, { dt: 0.1, plant: delayedFeedback(plant, delay) }),
      states = run.plantStates!,
      late = zeros([3, 15, 4]);
    for (let k = 0; k < 3; k++)
      for (let t = 0; t < 15; t++)
        for (let i = 0; i < 4; i++)
          late.data[(k * 15 + t) * 4 + i] = states.data[(k * 16 + Math.max(0, t - delay)) * states.shape[2] + i];
    const open = pointMass({ dt: 0.1, curl: 1, rotation: 0.3 }),
      shown = simulate(model, concat([task.batch.inputs, late], 2), { dt: 0.1, plant: open });
    close(run.outputs, shown.outputs, 1e-12);
    for (let row = 0; row < 48; row++)
      for (let i = 0; i < 4; i++)
        expect(states.data[row * states.shape[2] + i]).toBeCloseTo(shown.plantStates!.data[row * 4 + i], 12);
  }, 10));

test("gradients flow back through the delay", () =>
  sweep((draw) => {
    const plant = delayedFeedback(twoJointArm({ dt: 0.01, curl: 5, feedback: true }), draw.int(1, 4)),
      task = reaching({ targets: 2, steps: 9, cue: 2, duration: 6, dt: 0.01, radius: 0.1 }),
      batch = batchOnPlant(task.batch, plant),
      options = { dt: 0.01, plant };
    const drawn = FullRankRNN.random({ units: 4, inputs: 7, outputs: 2, tau: 0.02 }, draw.seed),
      model = drawn.with({ params: { readout: draw.normal([2, 4]) } });
    const { w, wIn, readout } = model.params;
    gradcheck(
      (params) => lossAndGradient(model.with({ params }), batch, options).loss,
      { w, wIn, readout },
      lossAndGradient(model, batch, options).gradients,
      draw.normal,
    );
  }, 6));

test("a batch on a plant masks out what the task says nothing about, and keeps the task's own mask", () => {
  const plant = delayedFeedback(pointMass({ dt: 0.1, feedback: true }), 2),
    { inputs, targets } = reaching({ targets: 2, steps: 40 }).batch,
    mask = tensor(
      [2, 40, 4],
      Array.from({ length: 320 }, (_, i) => (i % 3 === 0 ? 0 : 1)),
    );
  expect(batchOnPlant({ inputs, targets }, pointMass({ dt: 0.1 }))).toEqual({ inputs, targets });
  for (const given of [undefined, mask]) {
    const on = batchOnPlant({ inputs, targets, ...(given ? { mask: given } : {}) }, plant);
    expect(on.targets.shape).toEqual([2, 40, 12]);
    on.mask!.data.forEach((m, entry) => {
      const [row, i] = [Math.floor(entry / 12), entry % 12];
      expect(m).toBe(i < 4 ? (given ? given.data[row * 4 + i] : 1) : 0);
      expect(on.targets.data[entry]).toBe(i < 4 ? targets.data[row * 4 + i] : 0);
    });
  }
  expect(() => batchOnPlant({ inputs, targets: zeros([2, 40, 13]) }, plant)).toThrow(
    "batchOnPlant: expected targets of at most 12 entries, the states of the plant, got 13",
  );
});

test("a delayed plant is made again from its description; a custom one has none; nonsense is refused", () => {
  const plant = delayedFeedback(pointMass({ dt: 0.1, feedback: true, curl: 2 }), 3),
    again = plantFrom(structuredClone(plant.description)),
    [p, q, state] = [new Float64Array(16), new Float64Array(16), Float64Array.from({ length: 16 }, (_, i) => i)];
  plant.step(p, state, Float64Array.of(1, 2));
  again.step(q, state, Float64Array.of(1, 2));
  expect(q).toEqual(p);
  const { description, ...custom } = pointMass({ dt: 0.1, feedback: true });
  expect(description).toBeDefined();
  expect(delayedFeedback(custom, 1).description).toBeUndefined();
  expect(() => delayedFeedback(pointMass({ dt: 0.1 }), 3)).toThrow("delayedFeedback: expected a plant with feedback");
  expect(() => delayedFeedback(plant, 0)).toThrow("delayedFeedback: expected steps to be a whole number");
  expect(() => plantFrom({ kind: "delayedFeedback", steps: 2 })).toThrow("plantFrom: expected description.plant");
});
