// Models of what was found: a truncated W, and weights over learning from a CP decomposition.
import { expect, test } from "vitest";
import { cpAls } from "../../src/decompose";
import { singularValues } from "../../src/linalg";
import { FullRankRNN, LowRankRNN, LowTensorRankRNN } from "../../src/models";
import { meanSquaredError, headLoss, type Head } from "../../src/losses";
import { adam } from "../../src/optim";
import { lossAndGradient, simulate, trialLosses } from "../../src/run";
import { matmul, norm, subtract, tensor, transpose, zeros, type Matrix } from "../../src/tensor";
import { networkObjective, recordWeights, train } from "../../src/train";
import { weightChanges } from "../../src/theory";
import { close } from "../support/close";
import { draw as drawing, sweep } from "../support/sweep";

test("fromFullRank keeps a network of low rank, and loses what Eckart and Young say of any other", () =>
  sweep((draw) => {
    const units = draw.int(2, 12),
      rank = draw.int(1, units),
      { params, ...model } = FullRankRNN.random({ units, inputs: 2, outputs: 2, tau: 0.7, phi: "softplus" }, draw.seed);
    const planted = matmul(draw.normal([units, rank]), transpose(draw.normal([units, rank]))) as Matrix,
      full = new FullRankRNN({ ...params, w: planted }, model.setting),
      low = LowRankRNN.fromFullRank(full, rank);
    expect(low.rank).toBe(rank);
    expect(low.setting).toEqual(full.setting);
    const size = norm(planted);
    expect(norm(subtract(low.weights(), planted)) / size).toBeLessThan(1e-14);
    const inputs = draw.normal([3, 5, 2], 0.3),
      [got, want] = [low, full].map((network) => simulate(network, inputs).outputs);
    close(got, want, 1e-10);
    const { w } = params,
      values = singularValues(w);
    for (let less = 1; less < units; less++) {
      const left = norm(subtract(LowRankRNN.fromFullRank(new FullRankRNN(params), less).weights(), w));
      expect(Math.abs(left - Math.hypot(...values.slice(less)))).toBeLessThan(1e-13);
    }
  }, 12));

test.each(["weights", "changes"] as const)(
  "fromCp runs as the networks whose %s were decomposed, trial by trial",
  (of) =>
    sweep((draw) => {
      const [units, rank, trials] = [draw.int(2, 7), draw.int(1, 3), draw.int(2, 9)],
        model = FullRankRNN.random({ units, inputs: 2, outputs: 1, gain: 0.5, reads: "states" }, draw.seed),
        cp = {
          weights: draw.normal([rank]),
          factors: [draw.normal([units, rank], 0.5), draw.normal([units, rank], 0.5), draw.normal([trials, rank])],
        };
      const found = LowTensorRankRNN.fromCp(model, cp, { of }),
        batch = { inputs: draw.normal([3, 6, 2]), targets: draw.normal([3, 6, 1]) };
      expect(found.trials).toBe(trials);
      const { losses } = trialLosses(found, batch);
      for (let k = 0; k < trials; k++) {
        const w = zeros([units, units]);
        for (let i = 0; i < units; i++)
          for (let j = 0; j < units; j++) {
            for (let r = 0; r < rank; r++)
              w.data[i * units + j] +=
                cp.weights.data[r] *
                cp.factors[0].data[i * rank + r] *
                cp.factors[1].data[j * rank + r] *
                cp.factors[2].data[k * rank + r];
            if (of === "changes") w.data[i * units + j] += model.params.w.data[i * units + j];
          }
        close(found.weights(k), w, 1e-14);
        const own = model.with({ params: { w } });
        expect(Math.abs(losses[k] / lossAndGradient(own, batch).loss - 1)).toBeLessThan(1e-11);
        expect(trialLosses(own, batch).losses).toEqual([lossAndGradient(own, batch).loss]);
      }
    }, 12),
);

test(
  "weights over learning, decomposed and run again: losses stand beside the " +
    "original's, and close in on them with the rank",
  async () => {
    const draw = drawing(1),
      model = FullRankRNN.random({ units: 12, inputs: 2, outputs: 2, gain: 0.5 }, 1),
      inputs = draw.normal([6, 12, 2], 0.5),
      targets = zeros([6, 12, 2]),
      batch = { inputs, targets };
    // running sums
    targets.data.forEach(
      (_, at) => (targets.data[at] = (at % 24 < 2 ? 0 : targets.data[at - 2]) + inputs.data[at] / 4),
    );
    const run = train(
        networkObjective(model, batch),
        { w: model.params.w },
        { optimizer: adam(0.02), steps: 60, every: 4 },
      ),
      { weights, losses } = await recordWeights(run, model),
      changes = weightChanges(weights);
    const gaps = [1, 2, 6].map((rank) => {
      const found = LowTensorRankRNN.fromCp(model, cpAls(changes, rank, { seed: 1 }), { of: "changes" }),
        own = trialLosses(found, batch).losses;
      expect(own).toHaveLength(losses.length);
      return Math.max(...own.map((loss, k) => Math.abs(loss - losses[k])));
    });
    expect(losses.at(-1)).toBeLessThan(0.7 * losses[0]);
    expect(gaps[1]).toBeLessThan(gaps[0]);
    expect(gaps[2]).toBeLessThan(gaps[1]);
    expect(gaps[2] / losses[0]).toBeLessThan(0.01);
    const exact = LowTensorRankRNN.fromCp(
      model,
      { weights: tensor([1], [1]), factors: [zeros([12, 1]), zeros([12, 1]), zeros([1, 1])] },
      { of: "changes" },
    );
    expect(Math.abs(trialLosses(exact, batch).losses[0] / losses[0] - 1)).toBeLessThan(1e-14);
  },
);

test("trialLosses knows masks, plants of no kind, custom losses and many panels of trials", () =>
  sweep((draw) => {
    const trials = draw.int(1, 3),
      count = draw.int(1, 30),
      model = LowTensorRankRNN.random({ units: 5, inputs: 2, outputs: 2, rank: 2, trials }, draw.seed).with({
        params: { c: draw.normal([trials, 2]) },
      }),
      mask = zeros([count, 4, 2]);
    mask.data.forEach((_, at) => (mask.data[at] = at % 3 ? 1 : 0));
    const batch = { inputs: draw.normal([count, 4, 2]), targets: draw.normal([count, 4, 2]), mask },
      options = { dt: 0.3, integrator: "heun", noise: { sigma: 0.1, seed: 2 } } as const;
    const head: Head = {
      kind: "head",
      name: "same",
      params: {},
      predict: (y) => y,
      adjoint: (_, dOutputs) => ({ dOutputs, gradients: {} }),
    };
    for (const loss of [meanSquaredError, headLoss(head)]) {
      const got = trialLosses(model, batch, { ...options, loss }).losses;
      expect(got).toEqual(
        Array.from(
          { length: trials },
          (_, k) =>
            lossAndGradient(model, { ...batch, trials: new Array<number>(count).fill(k) }, { ...options, loss }).loss,
        ),
      );
    }
  }, 10));

test("models of another network, ranks beyond the units and batches that name trials are refused by name", () => {
  const model = FullRankRNN.random({ units: 3, inputs: 1, outputs: 1 }, 1),
    low = LowRankRNN.random({ units: 3, inputs: 1, rank: 1 }, 1),
    cp = { weights: tensor([1], [1]), factors: [zeros([3, 1]), zeros([3, 1]), zeros([4, 1])] },
    batch = { inputs: zeros([2, 3, 1]), targets: zeros([2, 3, 1]) };
  expect(() => LowRankRNN.fromFullRank(model, 4)).toThrow(
    "LowRankRNN.fromFullRank: expected rank to be a whole number from 1 to 3, got 4",
  );
  expect(() => LowRankRNN.fromFullRank(low as never, 1)).toThrow(
    "LowRankRNN.fromFullRank: expected model to be a FullRankRNN",
  );
  expect(() => LowTensorRankRNN.fromCp(low as never, cp)).toThrow(
    "LowTensorRankRNN.fromCp: expected model to be a FullRankRNN",
  );
  expect(() => LowTensorRankRNN.fromCp(model, { ...cp, factors: cp.factors.slice(0, 2) })).toThrow(
    "(3 × 3 × trials), and one weight for every component, got factors with 3, 3 rows",
  );
  expect(() =>
    LowTensorRankRNN.fromCp(model, { ...cp, factors: [zeros([4, 1]), zeros([4, 1]), zeros([4, 1])] }),
  ).toThrow("got factors with 4, 4, 4 rows");
  expect(() => LowTensorRankRNN.fromCp(model, { ...cp, weights: zeros([2]) })).toThrow(
    "and 2 weights for 1 components",
  );
  expect(() => LowTensorRankRNN.fromCp(model, cp, { of: "change" as never })).toThrow(
    'of to be "weights" or "changes"',
  );
  const found = LowTensorRankRNN.fromCp(model, cp);
  expect(() => trialLosses(found, { ...batch, trials: [0, 1] })).toThrow(
    "trialLosses: expected a batch without trials",
  );
  expect(() => trialLosses(found, { ...batch, inputs: zeros([2, 3, 2]) })).toThrow("trialLosses: expected 1 inputs");
  expect(() => trialLosses(found, batch, { ratePenalty: { l2: 1 } } as never)).toThrow("the unknown name ratePenalty");
  const wild = model.with({
    params: { w: tensor([3, 3], new Float64Array(9).fill(1e200)), x0: tensor([1, 3], [1, 1, 1]) },
    phi: "identity",
  });
  expect(() => trialLosses(wild, batch)).toThrow(/^trialLosses: expected states that stay finite/);
});
