import { expect, test } from "vitest";
import { adam, sgd } from "../../src/optim";
import { FullRankRNN, LowRankRNN } from "../../src/models";
import type { Plant } from "../../src/kernels";
import { pointMass } from "../../src/tasks";
import { type Matrix, matmul, tensor, type Tensor3, transpose, zeros } from "../../src/tensor";
import {
  compareRanks,
  type HoldingLearningBound,
  learningRankBound,
  learningSetupOf,
  learningSubspace,
  weightChanges,
} from "../../src/theory";
import { networkObjective, recordWeights, train } from "../../src/train";
import { draw, sweep } from "../support/sweep";

const units = 24;
const linear = (spec: { readonly inputs?: number; readonly outputs?: number; readonly gain?: number } = {}) =>
  FullRankRNN.random({ units, inputs: 3, outputs: 2, phi: "identity", gain: 0, ...spec }, 1);
const run = { optimizer: sgd(0.1), snapshots: 10 } as const;
const batchOf = (d: ReturnType<typeof draw>, inputs: Tensor3) => ({
  inputs,
  targets: d.normal([inputs.shape[0], inputs.shape[1], 2]) as Tensor3,
});
const atMost = (...of: Parameters<typeof learningSetupOf>) =>
  (learningRankBound(learningSetupOf(...of)) as HoldingLearningBound).atMost;

test("a setup from a model has its sizes, and forgets neither bias nor initial states", () => {
  const d = draw(1),
    model = linear(),
    batch = batchOf(d, d.normal([4, 6, 3]) as Tensor3);
  expect(atMost(model, batch, run)).toBe(5);
  expect(atMost(model.with({ params: { bias: d.normal([units]) } }), batch, run)).toBe(6);
  expect(
    atMost(model.with({ params: { x0: d.normal([2, units]) } }), { ...batch, conditions: [0, 1, 0, 1] }, run),
  ).toBe(7);
  expect(
    atMost(model.with({ params: { x0: d.normal([2, units]) } }), { ...batch, conditions: [1, 1, 1, 1] }, run),
  ).toBe(6);
  expect(atMost(linear({ gain: 0.5 }), batch, run)).toBe(units);
});

test("inputs count by the directions that the batch excites, outputs by those observed", () => {
  const d = draw(2),
    model = linear();
  const flat: Tensor3 = zeros([4, 6, 3]);
  for (let i = 0; i < flat.data.length; i += 3) flat.data.set([d.uniform(), 0, 0], i); // one of three inputs is used
  const batch = batchOf(d, flat);
  expect(atMost(model, batch, run)).toBe(3);
  const mask = zeros([4, 6, 2]);
  for (let i = 0; i < mask.data.length; i += 2) mask.data[i] = 1;
  expect(atMost(model, { ...batch, mask }, run)).toBe(2);
});

test("a plant's feedback counts as inputs", () => {
  const d = draw(3),
    plant = pointMass({ dt: 0.1, feedback: true });
  const model = linear({ inputs: 3 + plant.feedback! });
  expect(atMost(model, { inputs: d.normal([4, 6, 3]) as Tensor3 }, run)).toBe(3 + 4 + 2);
});

test("a mask on the states of a plant hides no output, though they may be as many", async () => {
  for (const feedback of [0, 2]) {
    const d = draw(9),
      model = linear({ inputs: 1 + feedback }),
      mask = zeros([3, 8, 2]),
      batch = { ...batchOf(d, d.normal([3, 8, 1]) as Tensor3), mask },
      optimizer = sgd(0.05);
    for (let i = 0; i < mask.data.length; i += 2) mask.data[i] = 1; // the first state of two, which both outputs move
    const plant: Plant = {
      ...{ states: 2, controls: 2, feedback },
      init: (s) => s.set([0, 0.5]),
      step(next, s, u) {
        next[0] = s[0] + 0.3 * (u[0] * (1 + s[1]) + u[1]);
        next[1] = s[1] + 0.3 * (u[0] - u[1]);
      },
      stepAdjoint(ds, du, dNext, s, u) {
        ds[0] += dNext[0];
        ds[1] += dNext[1] + 0.3 * dNext[0] * u[0];
        du[0] += 0.3 * dNext[0] * (1 + s[1]) + 0.3 * dNext[1];
        du[1] += 0.3 * dNext[0] - 0.3 * dNext[1];
      },
    };
    const { readout, w } = model.params,
      strong = model.with({ params: { readout: { shape: readout!.shape, data: readout!.data.map((c) => 5 * c) } } }),
      objective = networkObjective(strong, batch, { dt: 0.2, plant }),
      { weights } = await recordWeights(train(objective, { w }, { optimizer, steps: 12, every: 1 }), strong),
      set = { optimizer, snapshots: 13, trained: ["w"], ...(feedback === 0 ? { mixed: true } : {}) };
    const bound = learningRankBound(learningSetupOf(strong, batch, set)) as HoldingLearningBound,
      compared = compareRanks({ changes: weightChanges(weights) }, bound);
    expect(bound.atMost).toBe(1 + feedback + 2);
    expect(compared.holds).toBe(true);
    expect(Math.max(...compared.rows.map(({ rank }) => rank))).toBe(bound.atMost); // with one row of C it was broken
  }
});

test("what breaks an assumption is refused: noise, Adam, an activation", () => {
  const d = draw(4),
    batch = batchOf(d, d.normal([4, 6, 3]) as Tensor3),
    bound = (...of: Parameters<typeof learningSetupOf>) => learningRankBound(learningSetupOf(...of));
  expect(bound(linear(), batch, { ...run, noise: { sigma: 0.1, seed: 1 } })).toMatchObject({
    status: "refused",
    because: /noise/,
  });
  expect(bound(linear(), batch, { ...run, noise: { sigma: 0, seed: 1 } })).toMatchObject({ status: "holds" });
  expect(bound(linear(), batch, { ...run, optimizer: adam(0.1) })).toMatchObject({
    status: "refused",
    because: /Adam/,
  });
  expect(bound(linear().with({ phi: "tanh" }), batch, run)).toMatchObject({ status: "refused", because: /tanh/ });
  expect(() => learningSetupOf(linear(), batch, { ...run, trained: ["wIn"] })).toThrow(
    /run\.trained to hold "w".*got no w/,
  );
  expect(() => learningSetupOf(linear(), batch, { ...run, trained: ["w", "W"] })).toThrow(/got W/);
  const low = LowRankRNN.random({ units, inputs: 3, outputs: 2, rank: 2, phi: "identity" }, 1);
  expect(() => learningSetupOf(low as never, batch, run)).toThrow(
    "learningSetupOf: expected a FullRankRNN, all of whose weights train, got a LowRankRNN",
  );
});

test("W(0) = c I + rank r leaves 2 r + inputs + outputs, up to half the units and past it", () =>
  sweep((d) => {
    const c = 2 * d.uniform() - 1,
      rank = d.int(1, 10),
      definite = d.int(0, 1) === 1;
    const u = d.normal([units, rank]),
      v = definite ? u : d.normal([units, rank]);
    const w: Matrix = matmul(u, transpose(v));
    for (let i = 0; i < units; i++) w.data[i * units + i] += c;
    const bound = learningRankBound({
      units,
      inputs: 1,
      outputs: 1,
      initial: { weights: w },
      snapshots: 9,
      activation: "identity",
      optimizer: sgd(1),
    });
    const spanned = definite ? rank : 2 * rank;
    expect(bound).toMatchObject({ status: "holds", atMost: Math.min(units, spanned + 2) });
    expect((bound as HoldingLearningBound).vacuous).toBe(spanned + 2 >= units ? true : undefined);
    if (spanned + 2 < units) {
      const subspace = learningSubspace({
        initialWeights: w,
        inputWeights: d.normal([units, 1]),
        readout: d.normal([1, units]),
      });
      expect(subspace.dimension).toBe(spanned + 2);
      expect(subspace.identityShift).toBeCloseTo(c, 9);
    }
  }));

test("names that are misspelt, nulls, and bounds of another network are refused", () => {
  const setup = { units: 4, inputs: 1, outputs: 1, snapshots: 3, activation: "identity", optimizer: sgd(1) } as const;
  expect(() => learningRankBound({ ...setup, training: { noisy: true } } as never)).toThrow(
    /training by known names, got the unknown name noisy\. Did you mean noise/,
  );
  expect(() => learningRankBound({ ...setup, training: { weightDecays: true } } as never)).toThrow(
    /Did you mean weightDecay/,
  );
  expect(() => learningRankBound({ ...setup, initial: { weights: null } } as never)).toThrow(/got null/);
  expect(() => learningRankBound({ ...setup, initial: { weights: zeros([4, 5]) } })).toThrow(/square/);
  const other = learningRankBound({ ...setup, units: 400 });
  expect(() => compareRanks({ changes: zeros([4, 4, 3]), steps: [0, 1, 2] }, other)).toThrow(
    "compareRanks: expected a bound for 4 units, as changes, got one for 400",
  );
  expect(() =>
    compareRanks({ changes: zeros([4, 4, 9]), steps: [0, 1, 2, 3, 4, 5, 6, 7, 8] }, learningRankBound(setup)),
  ).toThrow(/at most 4 snapshots, for a bound over 3 and the start, got 9/);
  expect(() => compareRanks({ changes: zeros([4, 4, 3]), steps: [0, 1, 2] }, { status: "holds" } as never)).toThrow(
    /a bound of whole numbers/,
  );
});

test("130000 snapshots are compared, and 20000 updates certified in constant memory", async () => {
  const count = 130_000,
    changes = tensor(
      [1, 1, count],
      Float64Array.from({ length: count }, (_, k) => k),
    );
  const bound = learningRankBound({
    units: 1,
    inputs: 1,
    outputs: 1,
    snapshots: count,
    activation: "identity",
    optimizer: sgd(1),
  });
  const compared = compareRanks({ changes, steps: Array.from({ length: count }, (_, k) => k) }, bound);
  expect([compared.holds, compared.rows.length]).toEqual([true, count]);
  const { trajectoryCertificate } = await import("../../src/theory"),
    certificate = trajectoryCertificate({ tolerance: 0.5 });
  let state = certificate.init(1);
  const step = { adjoints: tensor([1, 2, 1], [1, 1]), rates: tensor([1, 2, 1], [1, 1]), alpha: 1, coefficient: 1e-9 };
  for (let k = 0; k < 20_000; k++) state = certificate.update(state, step);
  expect(certificate.read(state).multilinear).toEqual([1, 1, 1]);
  expect(JSON.stringify(state).length).toBeLessThan(300);
});

test("updates stand for snapshots where these are not counted; neither is refused", () => {
  const setup = { units: 64, inputs: 1, outputs: 1, activation: "identity", optimizer: sgd(0.1) } as const,
    bound = learningRankBound({ ...setup, steps: 3 });
  expect(bound).toEqual(learningRankBound({ ...setup, snapshots: 3 }));
  expect(learningRankBound({ ...setup, steps: 9, snapshots: 3 })).toEqual(bound);
  expect(() => learningRankBound(setup)).toThrow("learningRankBound: expected setup.snapshots, or setup.steps");
  const alike = { shape: [64, 64, 3] as const, data: new Float64Array(64 * 64 * 3).fill(1) },
    compared = compareRanks({ changes: alike }, bound as HoldingLearningBound);
  expect(compared.holds).toBe(true);
  expect(compared.rows.map(({ step }) => step)).toEqual([0, 1, 2]);
});
