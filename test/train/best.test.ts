import { expect, test } from "vitest";
import { last } from "../../src/base";
import { fromJson, toJson } from "../../src/data";
import { adam, sgd, type Evaluation } from "../../src/optim";
import { FullRankRNN } from "../../src/models";
import { tensor, zeros, type Params, type Tensor } from "../../src/tensor";
import { networkObjective, train, type Snapshot, type TrainOptions } from "../../src/train";

type P = { readonly x: Tensor };
/** Training pulls x to 0, while held-out data would have it at 1: from 3, validation falls, then rises. */
const overfitting = ({ x: { data } }: P): Evaluation & { readonly validationLoss: number } => ({
  loss: data[0] ** 2 / 2,
  validationLoss: (data[0] - 1) ** 2,
  gradients: { x: tensor([1], [data[0]]) },
});
const start = { x: tensor([1], [3]) },
  optimizer = sgd(0.1); // x = 3 * 0.9^step, nearest to 1 at step 10
const run = (options: TrainOptions<P>, from: P | Snapshot<P> = start) =>
  last(train(overfitting, from, { optimizer, steps: 60, ...options }));

test("the best parameters are kept, and the run goes on", async () => {
  const end = await run({ best: {} });
  expect([end.status, end.step, end.reason]).toEqual(["exhausted", 60, undefined]);
  expect(end.best).toMatchObject({ step: 10, by: "validation" });
  expect(end.best!.params.x.data[0]).toBeCloseTo(3 * 0.9 ** 10, 12);
  expect(end.best!.loss).toBe((end.best!.params.x.data[0] - 1) ** 2);
  expect((await run({})).best).toBeUndefined();
});

test("a run whose patience is over has converged, and says so", async () => {
  const end = await run({ best: { patience: 7 } });
  expect([end.status, end.step, end.reason]).toEqual(["converged", 17, "no lower validation loss in 7 updates"]);
  expect(end.best!.step).toBe(10);
  expect(structuredClone(end)).toEqual(end);
  expect(fromJson(toJson(end))).toEqual(end);
});

test("best by the training loss, by a function of the parameters, and every so many updates", async () => {
  expect((await run({ best: { by: "training" } })).best!.step).toBe(60);
  const toTwo = async ({ x }: P, step: number) => (step < 2 ? NaN : Math.abs(x.data[0] - 2));
  const end = await run({ best: { by: toTwo, every: 3, patience: 5 } });
  expect([end.best!.step, end.best!.by, end.step]).toEqual([3, "toTwo", 8]);
  expect(end.reason).toBe("no lower toTwo loss in 5 updates");
});

test("a resumed run looks on where the earlier one stood", async () => {
  const whole = await run({ best: { patience: 7, every: 2 } });
  for (const steps of [3, 10, 15]) {
    const half = structuredClone(await run({ best: { patience: 7, every: 2 }, steps }));
    const rest = await run({ best: { patience: 7, every: 2 } }, half);
    expect([rest.step, rest.best, rest.reason]).toEqual([whole.step, whole.best, whole.reason]);
  }
  const half = await run({ best: {}, steps: 12 });
  await expect(run({ best: { by: "training" } }, half)).rejects.toThrow(
    'train: expected best.by "validation", which the best parameters of start are known by, got "training"',
  );
  await expect(run({ best: {} }, { ...half, best: { step: 1 } as never })).rejects.toThrow(
    "train: expected start.best.by to be given",
  );
  expect((await run({ steps: 2 }, half)).best).toBeUndefined(); // nobody looks any more
});

test("a diverging run keeps its best parameters", async () => {
  const end = await last(train(overfitting, start, { optimizer: sgd(3), steps: 2000, best: { by: "training" } }));
  expect([end.status, end.best!.step]).toEqual(["diverged", 0]);
});

test("validation entries of a network's batch are what the best is known by", async () => {
  const model = FullRankRNN.random({ units: 8, inputs: 1, outputs: 1 }, 2),
    inputs = tensor(
      [6, 12, 1],
      Array.from({ length: 72 }, (_, i) => Math.sin(i)),
    );
  const mask = zeros([6, 12, 1]),
    validation = zeros([6, 12, 1]);
  for (let i = 0; i < 72; i++) (i < 12 ? mask : validation).data[i] = 1; // one trial to learn, five to hold against
  const targets = tensor(
    [6, 12, 1],
    Array.from({ length: 72 }, (_, i) => Math.cos(3 * i)),
  );
  const objective = networkObjective(model, { inputs, targets, mask, validation });
  const end = await last(
    train(objective, { ...model.params } as Params, { optimizer: adam(0.02), steps: 500, best: { patience: 30 } }),
  );
  expect(end.status).toBe("converged");
  expect(objective(end.best!.params, 0).validationLoss).toBe(end.best!.loss);
  expect(end.best!.loss).toBeLessThan(end.evaluation.validationLoss!);
});

test("wrong calls are refused", async () => {
  const wrong: [TrainOptions["best"], string][] = [
    [{ by: "test" as never }, 'train: expected best.by to be "validation", "training" or a function'],
    [{ patience: 0 }, "train: expected best.patience to be a whole number of at least 1, got 0"],
    [{ patiance: 3 } as never, "Did you mean patience?"],
    [{ by: (() => "1") as never }, 'train: expected best.by to return a number, got "1"'],
  ];
  for (const [best, words] of wrong) await expect(run({ best: best! } as never), words).rejects.toThrow(words);
  const bare = ({ x }: P) => ({ loss: 1, gradients: { x } });
  await expect(last(train(bare, start, { best: {} }))).rejects.toThrow(
    "train: expected evaluations with a validationLoss, got undefined",
  );
});
