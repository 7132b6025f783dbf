import { expect, test } from "vitest";
import { last } from "../../src/base";
import { sgd } from "../../src/optim";
import { FullRankRNN, LowTensorRankRNN } from "../../src/models";
import { lossAndGradient, type Batch } from "../../src/run";
import { tensor, zeros, type Params, type Tensor3 } from "../../src/tensor";
import { miniBatches, networkObjective, train, type MiniBatchOptions, type Snapshot } from "../../src/train";
import { distance } from "../support/close";

const trials = 7;
/** Every entry of trial k is k. */
const numbered = (width: number): Tensor3 =>
  tensor(
    [trials, 5, width],
    Array.from({ length: trials * 5 * width }, (_, at) => Math.floor(at / (5 * width))),
  );
const model = FullRankRNN.random({ units: 4, inputs: 2, outputs: 1 }, 1),
  batch: Batch = { inputs: numbered(2), targets: numbered(1), mask: numbered(1) };
const seen = ({ inputs }: Batch): number[] =>
  Array.from({ length: inputs.shape[0] }, (_, trial) => inputs.data[trial * 10]);
const steps = (options: MiniBatchOptions, count: number) => {
  const of = miniBatches(model, batch, options);
  return Array.from({ length: count }, (_, step) => seen(of(step)));
};

test("in turn, one gradient step is made per trial", () => {
  expect(steps({ size: 1, order: "in turn" }, 9)).toEqual([[0], [1], [2], [3], [4], [5], [6], [0], [1]]);
});

test("shuffled, every trial is seen once in a pass, in another order in each", () => {
  const all = steps({ size: 3, seed: 4 }, 9),
    passes = [all.slice(0, 3).flat(), all.slice(3, 6).flat(), all.slice(6).flat()];
  for (const pass of passes) expect([...pass].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(new Set(passes.map((pass) => pass.join())).size).toBe(3);
  expect(all.map(({ length }) => length)).toEqual([3, 3, 1, 3, 3, 1, 3, 3, 1]);
});

test("drawn, every update has a subset of its own without repeats, and all trials are as frequent", () => {
  const all = steps({ size: 2, order: "drawn", seed: 1 }, 3500),
    counts = new Array<number>(trials).fill(0);
  for (const pair of all) {
    expect(new Set(pair).size).toBe(2);
    for (const trial of pair) counts[trial]++;
  }
  // binomial, 3500 draws with chance 2/7: standard deviation 27
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(110);
});

test("every tensor and list has the same trials, and rows of the model go along with theirs", () => {
  const perTrial = LowTensorRankRNN.random({ units: 4, inputs: 2, outputs: 1, rank: 2, trials }, 2),
    { x0 } = perTrial.params;
  const starts = perTrial.with({
    params: { x0: tensor([trials, 4], Array.from({ length: trials }, (_, k) => Array(4).fill(k / 10)).flat()) },
  });
  const part = miniBatches(starts, batch, { size: 3, seed: 9 })(5),
    rows = seen(part);
  expect([part.trials, part.conditions]).toEqual([rows, rows]);
  for (const name of ["targets", "mask"] as const)
    expect(Array.from({ length: rows.length }, (_, i) => part[name]!.data[i * 5])).toEqual(rows);
  expect(miniBatches(perTrial, batch, { size: 3 })(0).conditions).toBeUndefined(); // one row of x0 for all
  expect(miniBatches(model, batch, { size: 3, order: "in turn" })(1).trials).toEqual([3, 4, 5]);
  expect(x0.shape[0]).toBe(1);
  // gradients over a pass of single trials, weighted by what is observed, are those of the whole batch
  const whole = lossAndGradient(starts, { ...batch, mask: undefined }),
    single = miniBatches(starts, { ...batch, mask: undefined }, { size: 1 });
  const sum = new Float64Array(whole.gradients.a.data.length);
  for (let step = 0; step < trials; step++)
    lossAndGradient(starts, single(step)).gradients.a.data.forEach((g, i) => (sum[i] += g / trials));
  expect(distance(sum, whole.gradients.a.data)).toBeLessThan(1e-13);
});

test("what a step sees depends on it alone: a resumed run has the bits of one never stopped", async () => {
  const of = (order: MiniBatchOptions["order"], seed = 3) =>
    networkObjective(model, miniBatches(model, { ...batch, mask: undefined }, { size: 2, order: order!, seed }));
  for (const order of ["shuffled", "in turn", "drawn"] as const) {
    const start = { w: model.params.w } as Params,
      options = { optimizer: sgd(0.01) };
    const whole = await last(train(of(order), start, { ...options, steps: 11 })),
      half: Snapshot = structuredClone(await last(train(of(order), start, { ...options, steps: 5 })));
    expect((await last(train(of(order), half, { ...options, steps: 6 }))).params).toEqual(whole.params);
    await expect(last(train(of(order, 4), half, options))).rejects.toThrow("objective.batch.seed 3, got 4");
  }
  expect(of("drawn").steady).toBe(false);
});

test("wrong calls are refused", () => {
  const calls: [Batch, MiniBatchOptions, string][] = [
    [batch, { size: 8 }, "miniBatches: expected a size of at most 7, the trials there are, got 8"],
    [batch, { size: 0 }, "miniBatches: expected size to be a whole number of at least 1, got 0"],
    [batch, { size: 2, order: "random" as never }, 'expected order to be "shuffled" or "in turn" or "drawn"'],
    [
      { ...batch, targets: zeros([6, 5, 1]) },
      { size: 2 },
      "expected 7 trials in batch.targets, as in batch.inputs, got 6",
    ],
    [{ ...batch, conditions: [0, 1] }, { size: 2 }, "expected 7 trials in batch.conditions"],
    [{ ...batch, target: numbered(1) } as never, { size: 2 }, "Did you mean targets?"],
  ];
  for (const [given, options, words] of calls) expect(() => miniBatches(model, given, options), words).toThrow(words);
  expect(() => miniBatches({} as never, batch, { size: 1 })).toThrow("miniBatches: expected model to be a network");
  expect(() => miniBatches(model, batch, { size: 1 })(-1)).toThrow("miniBatches: expected step");
});
