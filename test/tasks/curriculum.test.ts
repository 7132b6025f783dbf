import { expect, test } from "vitest";
import { last } from "../../src/base";
import { FullRankRNN } from "../../src/models";
import { adam } from "../../src/optim";
import {
  abrupt,
  alternating,
  curriculum,
  goNoGo,
  gradual,
  lateralError,
  pointMass,
  reaching,
  type Curriculum,
} from "../../src/tasks";
import { networkObjective, train, trajectoryObjective } from "../../src/train";

const sizes = (of: Curriculum) => Array.from({ length: of.steps + 2 }, (_, step) => of(step));

test("a perturbation comes at once, step by step, or in blocks, and is washed out", () => {
  const lengths = { baseline: 2, perturbed: 3, washout: 2 };
  expect(sizes(abrupt({ ...lengths, size: 5 }))).toEqual([0, 0, 5, 5, 5, 0, 0, 0, 0]);
  expect(sizes(gradual({ ...lengths, size: -8, ramp: 4 }))).toEqual([0, 0, -2, -4, -6, -8, -8, -8, -8, 0, 0, 0, 0]);
  expect(sizes(alternating({ ...lengths, perturbed: 1, size: 3, blocks: 3 }))).toEqual([0, 0, 3, -3, 3, 0, 0, 0, 0]);
  expect(sizes(alternating({ ...lengths, perturbed: 1, size: 3, other: 1, blocks: 2, washout: 0 }))).toEqual([
    0, 0, 3, 1, 1, 1,
  ]);
});

test("a curriculum is described by its phases, which make it again", () => {
  const made = gradual({ baseline: 3, ramp: 7, perturbed: 2, washout: 0 }),
    again = curriculum(structuredClone(made.description.phases));
  expect(sizes(again)).toEqual(sizes(made));
  expect(again.description).toEqual(made.description);
  expect(made.starts).toEqual([0, 3, 10]);
  expect(made.description.phases.map(({ name }) => name)).toEqual(["baseline", "ramp", "perturbed"]);
  expect(made.steps).toBe(12);
});

test("wrong phases and steps are refused", () => {
  expect(() => curriculum([])).toThrow("curriculum: expected phases to be an array of at least one");
  expect(() => curriculum([{ name: "a", steps: 0, size: 1 }])).toThrow(
    "curriculum: expected phases[0].steps to be a whole number of at least 1",
  );
  expect(() => curriculum([{ name: "a", steps: 1 } as never])).toThrow("expected phases[0].size to be given");
  expect(() => abrupt()(0.5)).toThrow("abrupt: expected step to be a whole number at least 0, got 0.5");
  expect(() => abrupt({ perturbed: 0 })).toThrow("abrupt: expected perturbed to be a whole number of at least 1");
  expect(() => gradual({ ramps: 3 } as never)).toThrow("Did you mean ramp?");
});

/** A network that has learned to reach, on the default task. */
async function skilled(units: number) {
  const task = reaching({ targets: 4, steps: 30, cue: 5, duration: 20 }),
    options = { dt: task.dt, plant: pointMass({ dt: task.dt, friction: 1 }) },
    naive = FullRankRNN.random({ units, inputs: 3, outputs: 2, gain: 0.8, tau: 0.5 }, 1),
    { w, wIn, readout } = naive.params;
  const run = train(
    networkObjective(naive, task.batch, options),
    { w, wIn, readout },
    { optimizer: adam(3e-3), steps: 500 },
  );
  return { task, model: naive.with({ params: (await last(run)).params }) };
}

test("a network adapts to field and rotation: the " +
  "error jumps, comes " +
  "back near zero, and leaves an after-effect", async () => {
  const { task, model } = await skilled(40),
    phases = { baseline: 5, perturbed: 300, washout: 300 };
  for (const [perturb, field, side] of [
    // the field pushes right, a rotation turns left
    [(size: number) => ({ curl: size }), abrupt({ ...phases, size: 1 }), -1],
    [(size: number) => ({ rotation: size }), abrupt({ ...phases, size: 0.5 }), 1],
  ] as const) {
    const objective = trajectoryObjective(model, task.batch, (step) => ({
      dt: task.dt,
      plant: pointMass({ dt: task.dt, friction: 1, ...perturb(field(step)) }),
    }));
    const errors: number[] = [];
    for await (const { evaluation } of train(
      objective,
      { w: model.params.w },
      { optimizer: adam(1e-3), steps: field.steps, every: 1 },
    )) {
      const each = lateralError(evaluation.plantStates!, task.conditions.angle);
      errors.push(each.reduce((sum, error) => sum + error / each.length, 0));
    }
    const [, start, washout] = field.starts,
      jump = errors[start],
      after = errors[washout];
    expect(Math.abs(errors[start - 1])).toBeLessThan(0.1 * Math.abs(jump));
    expect(Math.sign(jump)).toBe(side);
    expect(Math.abs(errors[washout - 1])).toBeLessThan(0.15 * Math.abs(jump));
    expect(Math.sign(after)).toBe(-Math.sign(jump));
    expect(Math.abs(after)).toBeGreaterThan(0.5 * Math.abs(jump));
    expect(Math.abs(errors.at(-1)!)).toBeLessThan(0.15 * Math.abs(jump));
    // the curve has no steps of its own: between updates that are small, it moves by little
    const late = errors.slice(start + 100, washout);
    late.slice(1).forEach((error, i) => expect(Math.abs(error - late[i])).toBeLessThan(0.05 * Math.abs(jump)));
  }
}, 30_000);

test("a rule that is reversed is learned, and learned again", async () => {
  const rule = abrupt({ baseline: 60, perturbed: 120, washout: 0 }),
    model = FullRankRNN.random({ units: 20, inputs: 3, outputs: 1, tau: 0.2 }, 1),
    objective = networkObjective(
      model,
      (step) => goNoGo({ trials: 16, seed: step, reversed: rule(step) === 1 }).batch,
      { dt: 0.1 },
    );
  const losses: number[] = [];
  for await (const { loss } of train(objective, model.params, { optimizer: adam(1e-2), steps: rule.steps, every: 1 }))
    losses.push(loss);
  expect(losses[59]).toBeLessThan(0.2 * losses[0]);
  expect(losses[60]).toBeGreaterThan(5 * losses[59]);
  expect(losses[179]).toBeLessThan(0.2 * losses[60]);
}, 20_000);
