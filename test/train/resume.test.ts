import { expect, test } from "vitest";
import { last } from "../../src/base";
import {
  adam,
  chain,
  clipByNorm,
  cosineDecay,
  momentum,
  scaleByRate,
  sgd,
  type GradientTransform,
} from "../../src/optim";
import { FullRankRNN } from "../../src/models";
import type { EntryLoss } from "../../src/losses";
import { tensor, zeros, type Params, type Tensor3 } from "../../src/tensor";
import {
  networkObjective,
  train,
  trajectoryObjective,
  type Objective,
  type Snapshot,
  type TrainOptions,
} from "../../src/train";

const filled = (value: number): Tensor3 => {
  const x = zeros([4, 10, 1]);
  x.data.fill(value);
  return x;
};
const model = FullRankRNN.random({ units: 10, inputs: 1, outputs: 1 }, 1),
  batch = { inputs: filled(1), targets: filled(0.5) },
  objective = networkObjective(model, batch),
  w = { w: model.params.w } as Params;
const absolute: EntryLoss = {
  kind: "absolute",
  description: { kind: "absolute" },
  entry: (y, target) => [Math.abs(y - target), Math.sign(y - target)],
};
const run = (from: Params | Snapshot, options: TrainOptions, of: Objective = objective): Promise<Snapshot> =>
  last(train(of, from as Params, options));

test("resuming without naming an optimizer takes the snapshot's own, to the same bits", async () => {
  for (const optimizer of [
    adam(3e-3),
    momentum(0.1),
    sgd(cosineDecay(0.2, { steps: 20 })),
    chain(clipByNorm(0.01), adam(3e-3)),
  ]) {
    const whole = await run(w, { optimizer, steps: 20 }),
      half = structuredClone(await run(w, { optimizer, steps: 10 }));
    expect((await run(half, { steps: 10 })).loss).toBe(whole.loss);
    const named = await run(half, { optimizer, steps: 10 });
    expect(named.params).toEqual(whole.params);
    expect(named.memory).toEqual(whole.memory);
    expect([named.step, named.optimizer]).toEqual([20, optimizer.description]);
  }
});

test("another optimizer than the one that made the snapshot is refused by name; another rate is not", async () => {
  const bySgd = await run(w, { optimizer: sgd(0.1), steps: 10 }),
    byAdam = await run(w, { optimizer: adam(3e-3), steps: 10 });
  const others: [Snapshot, GradientTransform, string][] = [
    [
      bySgd,
      momentum(0.1),
      "the optimizer that made the snapshot, chain(scaleByRate(0.1)), at this learning rate " +
        "or another, got chain(accumulate(0.9), scaleByRate(0.1))",
    ],
    [byAdam, chain(clipByNorm(1), adam(3e-3)), "got chain(clipByNorm(1), chain(scaleByAdam"],
    [byAdam, sgd(0.1), "chain(scaleByAdam(0.9, 0.999, 1e-8), scaleByRate(0.003))"],
    [byAdam, adam(3e-3, { beta1: 0.8 }), "got chain(scaleByAdam(0.8"],
  ];
  for (const [from, optimizer, words] of others)
    await expect(run(from, { optimizer, steps: 5 })).rejects.toThrow(words);
  expect((await run(bySgd, { steps: 5 })).status).toBe("exhausted");
  const slower = await run(byAdam, { optimizer: adam(1e-4), steps: 5 });
  expect(slower.optimizer).toEqual(adam(1e-4).description);
  expect(slower.provenance.facts.resumedAt).toBe(10);
});

test("another objective than the one that made the snapshot is refused, and the difference is named", async () => {
  const snapshot = structuredClone(await run(w, { optimizer: sgd(0.1), steps: 2 }));
  const others: [string, Objective][] = [
    ["objective.batch.targets.checksum", networkObjective(model, { ...batch, targets: filled(0.6) })],
    ["objective.batch.mask absent", networkObjective(model, { ...batch, mask: filled(1) })],
    ["objective.options.dt 0.1, got 0.05", networkObjective(model, batch, { dt: 0.05 })],
    ['objective.options.integrator "euler", got "heun"', networkObjective(model, batch, { integrator: "heun" })],
    ["objective.options.loss.kind", networkObjective(model, batch, { loss: absolute })],
    ['objective.setting.phi "tanh", got "relu"', networkObjective(model.with({ phi: "relu" }), batch)],
    [
      "objective.params.wIn.checksum",
      networkObjective(FullRankRNN.random({ units: 10, inputs: 1, outputs: 1 }, 2), batch),
    ],
    ["objective a record", (params) => ({ loss: 1, gradients: params })],
  ];
  for (const [words, other] of others) await expect(run(snapshot, { steps: 2 }, other), words).rejects.toThrow(words);
  const same: Objective[] = [
    networkObjective(model, { ...batch, targets: filled(0.5) }, { dt: 0.1, integrator: "euler" }),
    networkObjective(model.with({ params: { w: zeros([10, 10]) } }), batch), // w is the snapshot's
    trajectoryObjective(model, batch),
  ];
  for (const other of same) expect((await run(snapshot, { steps: 2 }, other)).step).toBe(4);
});

test("a snapshot that lacks something, or was tampered with, is refused by name", async () => {
  const snapshot = await run(w, { optimizer: adam(3e-3), steps: 3 });
  const without = (key: keyof Snapshot) =>
    Object.fromEntries(Object.entries(snapshot).filter(([name]) => name !== key));
  const broken: [object, string][] = [
    [without("step"), "train: expected start.step to be given"],
    [without("optimizer"), "train: expected start.optimizer to be given"],
    [without("memory"), "train: expected start.memory to be"],
    [{ ...snapshot, step: -1 }, "train: expected start.step to be a whole number of at least 0, got -1"],
    [{ ...snapshot, params: { w: zeros([9, 9]) } }, "train: expected start.memory[0] to be that of scaleByAdam"],
    [{ ...snapshot, params: {} }, "train: expected start.params to be a record of parameters"],
    [{ ...snapshot, memory: [] }, "train: expected start.memory to be that of chain(scaleByAdam"],
    [{ ...snapshot, optimizer: { kind: "adam" } }, 'got kind "adam"'],
    [{ ...snapshot, stepp: 3 }, "Did you mean step?"],
  ];
  for (const [from, words] of broken) await expect(run(from as Snapshot, { steps: 2 }), words).rejects.toThrow(words);
});

test("a snapshot of a custom optimizer resumes where it is named again", async () => {
  const halved: GradientTransform<null> = {
    name: "halved",
    span: { preserved: true },
    init: () => null,
    update: (gradients) => [
      {
        w: tensor(
          [10, 10],
          gradients.w!.data.map((x) => -x / 2),
        ),
      },
      null,
    ],
  };
  const snapshot = structuredClone(await run(w, { optimizer: halved, steps: 3 }));
  await expect(run(snapshot, { steps: 1 })).rejects.toThrow(
    'train: expected the description of an optimizer of the library\'s, got that of the custom transform "halved"',
  );
  expect((await run(snapshot, { optimizer: halved, steps: 1 })).step).toBe(4);
  const other = { ...halved, name: "other" };
  await expect(run(snapshot, { optimizer: other, steps: 1 })).rejects.toThrow(
    "the optimizer that made the snapshot, halved",
  );
  const scheduled = await run(w, { optimizer: chain(scaleByRate(() => 0.1)), steps: 3 });
  await expect(run(scheduled, { steps: 1 })).rejects.toThrow("Name the optimizer with this function as its rate.");
});
