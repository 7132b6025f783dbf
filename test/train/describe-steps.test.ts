import { expect, test } from "vitest";
import { last } from "../../src/base";
import { FullRankRNN } from "../../src/models";
import { sgd } from "../../src/optim";
import { abrupt, pointMass, reaching } from "../../src/tasks";
import { networkObjective, train } from "../../src/train";

const task = reaching({ targets: 2, steps: 6, cue: 1, duration: 4 }),
  model = FullRankRNN.random({ units: 5, inputs: 3, outputs: 2, tau: 0.5 }, 1);
const plantOf = (curl: number) => ({ dt: task.dt, plant: pointMass({ dt: task.dt, curl }) });
const objectiveOf = (at: (step: number) => number) => networkObjective(model, task.batch, (step) => plantOf(at(step)));
const run = { optimizer: sgd(0.01), steps: 3 };

test(
  "a run goes on with its own curriculum, made anew, and refuses " + "another, by the first step that differs",
  async () => {
    const field = () => abrupt({ baseline: 2, perturbed: 300, washout: 0 }),
      stopped = await last(train(objectiveOf(field()), { w: model.params.w }, run)),
      whole = await last(train(objectiveOf(field()), { w: model.params.w }, { ...run, steps: 5 }));
    const resumed = await last(train(objectiveOf(field()), structuredClone(stopped), { ...run, steps: 2 }));
    expect(resumed.params.w?.data).toEqual(whole.params.w?.data);
    const refused = (at: (step: number) => number, where: string) =>
      expect(last(train(objectiveOf(at), stopped, run))).rejects.toThrow(where);
    await refused((step) => (step < 3 ? 0 : 1), "objective.options.fromStep2");
    await refused(abrupt({ baseline: 2, perturbed: 300, size: 0.5 }), "objective.options.fromStep2.plant");
    await refused((step) => (step < 2 ? 0 : 1 + step / 1000), "objective.options"); // a change at every step
  },
);

test("a curriculum that says what it is is told by that", async () => {
  const described = (size: number) => {
    const field = abrupt({ size });
    return networkObjective(
      model,
      task.batch,
      Object.assign((step: number) => plantOf(field(step)), { description: field.description }),
    );
  };
  const stopped = await last(train(described(1), { w: model.params.w }, run));
  expect((stopped.objective as { options?: object } | null)?.options).toEqual(abrupt({ size: 1 }).description);
  await expect(last(train(described(2), stopped, run))).rejects.toThrow("objective.options.phases");
});
