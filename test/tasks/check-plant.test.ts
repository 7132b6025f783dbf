import { expect, test } from "vitest";
import type { Plant } from "../../src/kernels";
import { checkPlant, delayedFeedback, pointMass, twoJointArm } from "../../src/tasks";

/** A damped pendulum with a motor: right in all. */
const pendulum: Plant = {
  states: 2,
  controls: 1,
  feedback: 2,
  init: (s) => s.set([0.3, 0]),
  step(next, s, u) {
    next[0] = s[0] + 0.1 * s[1];
    next[1] = s[1] + 0.1 * (u[0] - Math.sin(s[0]) - 0.2 * s[1]);
  },
  stepAdjoint(ds, du, dNext, s) {
    ds[0] += dNext[0] - 0.1 * Math.cos(s[0]) * dNext[1];
    ds[1] += 0.1 * dNext[0] + 0.98 * dNext[1];
    du[0] += 0.1 * dNext[1];
  },
};

test.each([
  ["a pendulum", pendulum],
  ["a point mass", pointMass({ dt: 0.1, curl: 3, rotation: 1, friction: 0.4 })],
  ["an arm", twoJointArm({ dt: 0.01, curl: 3, rotation: 1 })],
  ["an arm with muscles", twoJointArm({ dt: 0.02, substeps: 2, curl: 3, muscles: true })],
  ["an arm seen late", delayedFeedback(twoJointArm({ dt: 0.01, feedback: true }), 3)],
])("%s keeps its contract, and its adjoint is that of its step", (_, plant) => {
  const found = checkPlant(plant, { points: 8, seed: 3 });
  expect(found.points).toBe(8);
  // differences of fourth order, at 1e-4 of an entry: rounding leaves 1e-11
  expect(found.largestError).toBeLessThan(1e-10);
});

const memory = { last: 0 };
test.each<[string, Partial<Plant>, string]>([
  [
    "a sign",
    {
      stepAdjoint: (ds, du, dNext, s) => {
        ds[0] += dNext[0] + 0.1 * Math.cos(s[0]) * dNext[1];
        ds[1] += 0.1 * dNext[0] + 0.98 * dNext[1];
        du[0] += 0.1 * dNext[1];
      },
    },
    "checkPlant: expected stepAdjoint to give d next[1] / d state[0] at step 0 = -0.09553365, as " +
      "differences do, got 0.09553365; 1 of 6 derivatives are wrong there",
  ],
  [
    "a control left out",
    { stepAdjoint: (ds, _, dNext, s) => pendulum.stepAdjoint(ds, new Float64Array(1), dNext, s, s) },
    "d next[1] / d control[0] at step 0 = 0.1000000, as differences do, got 0.000000; 1 of 6",
  ],
  [
    "= for +=",
    {
      stepAdjoint: (ds, du, dNext, s) => {
        ds[0] = dNext[0] - 0.1 * Math.cos(s[0]) * dNext[1];
        ds[1] = 0.1 * dNext[0] + 0.98 * dNext[1];
        du[0] += 0.1 * dNext[1];
      },
    },
    "checkPlant: expected stepAdjoint to add to dState, and to depend on nothing it holds, got " +
      "1 where dState[0] was 0, and 1 where it was 1 at step 0",
  ],
  [
    "a gradient that is used up",
    {
      stepAdjoint: (ds, du, dNext, s, u) => {
        pendulum.stepAdjoint(ds, du, dNext, s, u);
        dNext.fill(0);
      },
    },
    "expected stepAdjoint to leave dNext as it is, got entry 0 1, then 0 at step 0",
  ],
  [
    "a step in place",
    {
      step: (next, s, u) => {
        s[0] += 0.1 * s[1];
        pendulum.step(next, s, u);
        s[1] = next[1];
      },
    },
    "expected step to leave state as it is, got entry 1 0, then",
  ],
  [
    "an entry that is not written",
    {
      step: (next, s) => {
        next[0] = s[0];
      },
    },
    "expected step to write a finite number to each of the 2 entries, got NaN in entry 1 at step 0",
  ],
  [
    "a start that is not written",
    {
      init: (s) => {
        s[1] = 1;
      },
    },
    "expected init to write a finite number to each of the 2 entries, got NaN in entry 0",
  ],
  [
    "a start that is drawn",
    { init: (s) => s.fill(memory.last++) },
    "expected init to write the same start every time, got entry 0 0, then 1",
  ],
  [
    "a memory of its own",
    {
      step: (next, s, u) => {
        pendulum.step(next, s, u);
        next[1] += 0.01 * memory.last;
        memory.last = s[0] + 1;
      },
    },
    "expected step to give the same for the same state and control, got entry 1",
  ],
  [
    "a kink",
    {
      step: (next, s, u) => {
        next[0] = Math.abs(s[0] - 0.3);
        next[1] = s[1] + u[0];
      },
      stepAdjoint: (ds, du, dNext) => {
        ds[0] += dNext[0];
        ds[1] += dNext[1];
        du[0] += dNext[1];
      },
    },
    "expected stepAdjoint to give d next[0] / d state[0] at step 0 = 0.000000",
  ],
  [
    "noise",
    {
      step: (next, s, u) => {
        pendulum.step(next, s, u);
        next[1] += 1e-6 * Math.sin(1e9 * s[0]);
      },
    },
    "expected a step whose differences settle at d next[1] / d state[0] at step 0",
  ],
])("what is wrong is named: %s", (_, wrong, message) => {
  memory.last = 0;
  expect(() => checkPlant({ ...pendulum, ...wrong })).toThrow(message);
});

test("an error that only shows along the path is found there", () => {
  const wrong: Plant = {
    ...pendulum,
    stepAdjoint(ds, du, dNext, s, u) {
      pendulum.stepAdjoint(ds, du, dNext, s, u);
      if (s[1] > 0.2) ds[1] += 1e-3 * dNext[1];
    },
  };
  expect(() => checkPlant(wrong, { points: 30, control: 3 })).toThrow(/d next\[1\] \/ d state\[1\] at step [1-9]/);
  expect(checkPlant(wrong, { points: 1 }).points).toBe(1);
});

test("what is no plant is refused", () => {
  expect(() => checkPlant({ ...pendulum, feedbackFrom: 1 })).toThrow(
    "checkPlant: expected plant.feedbackFrom to be a whole number from 0 to 0, got 1",
  );
  expect(() => checkPlant(pendulum, { point: 3 } as never)).toThrow("Did you mean points?");
});
