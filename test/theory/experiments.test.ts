import { expect, test } from "vitest";
import { last } from "../../src/base";
import { cpAls } from "../../src/decompose";
import { singularValueFigure } from "../../src/figures";
import { numericalRank } from "../../src/linalg";
import { adam, chain, clipByNorm, decayWeights, lbfgs, momentum, sgd, type GradientTransform } from "../../src/optim";
import { FullRankRNN } from "../../src/models";
import { pointMass, reaching } from "../../src/tasks";
import { mapParams, matmul, zeros, type Matrix, type Params } from "../../src/tensor";
import {
  compareRanks,
  learningRankBound,
  rotatedIncrements,
  trajectoryCertificate,
  weightChanges,
} from "../../src/theory";
import { recordWeights, train, trajectoryObjective } from "../../src/train";
import { learn, slice, type Learning } from "../support/learning";
import { draw } from "../support/sweep";

/** A connectivity mask: half of the entries of a square array are frozen, in a checkerboard. */
const masked: GradientTransform<null> = {
  name: "masked",
  span: { preserved: false, because: "a mask" },
  init: () => null,
  update: (g) => [
    mapParams(g, (data) =>
      data.map((x, at) =>
        ((at % Math.sqrt(data.length)) + Math.floor(at / Math.sqrt(data.length))) % 2 === 0 ? x : 0,
      ),
    ),
    null,
  ],
};

const units = 64;
const bound = learningRankBound({
  units,
  inputs: 3,
  outputs: 2,
  snapshots: 31,
  activation: "identity",
  optimizer: sgd(0.5),
});

const holding: [string, Learning][] = [
  ["plain gradient descent", { optimizer: sgd(0.5) }],
  ["momentum", { optimizer: momentum(0.1) }],
  ["Nesterov momentum", { optimizer: momentum(0.1, { nesterov: true }) }],
  ["mini-batches", { optimizer: sgd(0.5), miniBatches: true }],
  ["weight decay", { optimizer: chain(decayWeights(0.05), sgd(0.5)) }],
  ["L-BFGS", { optimizer: lbfgs() }],
  ["W_in and C trained too", { optimizer: sgd(0.5), names: ["w", "wIn", "readout"] }],
];
test.each(holding)(
  "W(0) = 0, 64 units, 3 inputs, 2 outputs: rank 5 is reached and never passed with %s",
  async (_, learning) => {
    const { changes, roundings, updates } = await learn(draw(1), { units, ...learning }),
      compared = compareRanks({ changes, roundings, steps: updates }, bound);
    expect(compared.holds).toBe(true);
    expect(Math.max(...compared.rows.map(({ rank }) => rank))).toBe(5);
    expect(compared.multilinear.ranks[0]).toBeLessThanOrEqual(5);
    // past the bound there is rounding, and nothing else
    expect(compared.worstResidual).toBeLessThan(1e-13 * compared.rows.at(-1)!.singularValues[0]);
  },
);

const breaking: [string, Learning][] = [
  ["Adam", { optimizer: adam(0.01) }],
  ["process noise", { optimizer: sgd(0.5), noise: 0.1 }],
  ["a connectivity mask", { optimizer: chain(masked, sgd(0.5)) }],
  ["a fourth input that was not declared", { optimizer: sgd(0.5), inputs: 4 }],
  [
    "a generic W(0) that was not declared",
    { optimizer: sgd(0.5), initialWeights: draw(9).normal([units, units], 0.5 / Math.sqrt(units)) },
  ],
];
test.each(breaking)("the same bound is broken by %s: it can fail", async (_, learning) => {
  const { changes, roundings, updates } = await learn(draw(1), { units, ...learning }),
    compared = compareRanks({ changes, roundings, steps: updates }, bound);
  expect(compared.holds).toBe(false);
  expect(Math.min(...compared.rows.map(({ slack }) => slack))).toBeLessThan(0);
});

test("with weight decay on W, the bound is on W(s) - g W(0), and on nothing else", async () => {
  const low = matmul(draw(6).normal([units, 1], 0.2), draw(7).normal([1, units], 0.2)),
    initialWeights: Matrix = {
      shape: low.shape,
      data: low.data.map((x, at) => x + (at % (units + 1) === 0 ? 0.4 : 0)),
    };
  const { changes, roundings } = await learn(draw(8), {
    units,
    optimizer: chain(decayWeights(0.02), sgd(0.5)),
    initialWeights,
    steps: 30,
  });
  const decayed = learningRankBound({
    units,
    inputs: 3,
    outputs: 2,
    initial: { weights: initialWeights },
    snapshots: 31,
    activation: "identity",
    optimizer: chain(decayWeights(0.02), sgd(0.5)),
  });
  expect(decayed).toMatchObject({ status: "holds", atMost: 7 });
  const g = (1 - 0.5 * 0.02) ** 30,
    change = slice(changes, 30),
    absolute = 16 * (roundings[30] + 30 * Number.EPSILON * 0.4); // decay rounds W(0) too
  expect(
    numericalRank(
      { shape: change.shape, data: change.data.map((x, at) => x + (1 - g) * initialWeights.data[at]) },
      { absolute },
    ).rank,
  ).toBe(7);
  expect(numericalRank(change, { absolute }).rank).toBe(units);
});

test("a bound knows of the optimizer's weight decay, unless it spares W", () => {
  const setup = { units, inputs: 3, outputs: 2, snapshots: 31, activation: "identity" } as const;
  const of = (optimizer: GradientTransform) =>
    (learningRankBound({ ...setup, optimizer }) as { statement: string }).statement;
  expect(of(chain(decayWeights(0.1), sgd(1)))).toContain("g(s) W(0)");
  expect(of(chain(decayWeights(0.1, { only: ["w", "wIn"] }), sgd(1)))).toContain("g(s) W(0)");
  expect(of(chain(decayWeights(0.1, { only: ["wIn"] }), sgd(1)))).toBe(of(sgd(1)));
  expect(of(sgd(1))).not.toContain("g(s)");
  expect(() => of({ ...sgd(1), span: { preserved: true, decays: "none" } as never })).toThrow(
    "learningRankBound: expected setup.optimizer",
  );
});

test("with a random W(0) of full rank, changes are near rank 5 for small gain, and spread as it grows", async () => {
  const ranks: number[] = [];
  for (const gain of [0.02, 0.1, 0.3, 0.8]) {
    const { changes, certificate } = await learn(draw(2), {
      units,
      optimizer: sgd(0.5),
      initialWeights: draw(3).normal([units, units], gain / Math.sqrt(units)),
      steps: 60,
    });
    ranks.push(numericalRank(slice(changes, 60), { tolerance: 1e-2 }).rank);
    expect(certificate.status).toBe("holds");
  }
  expect(Math.abs(ranks[0] - 5)).toBeLessThanOrEqual(1);
  ranks.slice(1).forEach((rank, i) => expect(rank).toBeGreaterThanOrEqual(ranks[i]));
  expect(ranks[3]).toBeGreaterThan(ranks[0]);
});

test("two hundred random networks, optimizers and " +
  "mini-batches never break a " +
  "bound, and reach it in four of five where W(0) = 0", async () => {
  const optimizers = [sgd(0.5), momentum(0.1), momentum(0.1, { nesterov: true }), chain(clipByNorm(0.3), sgd(0.5))];
  let fromZero = 0,
    reached = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const d = draw(seed),
      size = d.int(8, 20),
      inputs = d.int(1, 3),
      outputs = d.int(1, 2),
      zero = d.int(0, 2) > 0;
    const low = matmul(d.normal([size, 1], 0.5), d.normal([1, size], 0.5 / Math.sqrt(size))),
      shift = d.uniform() - 0.5;
    const initialWeights: Matrix = zero
      ? zeros([size, size])
      : { shape: low.shape, data: low.data.map((x, at) => x + (at % (size + 1) === 0 ? shift : 0)) };
    const optimizer = optimizers[d.int(0, 3)],
      names = d.int(0, 1) ? ["w"] : ["w", "wIn", "readout"];
    const { changes, roundings, updates } = await learn(d, {
      units: size,
      inputs,
      outputs,
      trials: d.int(2, 4),
      time: 8,
      initialWeights,
      optimizer,
      names,
      miniBatches: d.int(0, 1) === 1,
      steps: 15,
    });
    const most = learningRankBound({
        units: size,
        inputs,
        outputs,
        initial: { weights: initialWeights },
        snapshots: 16,
        activation: "identity",
        optimizer,
      }),
      compared = compareRanks({ changes, roundings, steps: updates }, most);
    expect(compared.holds, `seed ${seed}, ${optimizer.name}`).toBe(true);
    if (!zero || most.status !== "holds") continue;
    fromZero++;
    reached += Math.max(...compared.rows.map(({ rank }) => rank)) === most.atMost ? 1 : 0;
  }
  expect(fromZero).toBeGreaterThan(100);
  expect(reached / fromZero).toBeGreaterThanOrEqual(0.8);
}, 120_000);

test("the rounding of weights far larger than their change breaks no bound and no certificate", async () => {
  const d = draw(6),
    low = matmul(d.normal([24, 1], 0.3), d.normal([1, 24], 0.3)),
    initialWeights: Matrix = { shape: low.shape, data: low.data.map((x, at) => x + (at % 25 === 0 ? 0.5 : 0)) };
  for (const rate of [1e-3, 1e-6]) {
    const optimizer = sgd(rate),
      { changes, roundings, state } = await learn(d, { units: 24, optimizer, coefficient: rate, initialWeights }),
      { inputs, outputs } = { inputs: 3, outputs: 2 },
      set = { units: 24, inputs, outputs, snapshots: 31, activation: "identity" as const, optimizer },
      bound = learningRankBound({ ...set, initial: { weights: initialWeights } });
    expect(compareRanks({ changes }, bound).holds).toBe(false); // rounding has all ranks
    expect(compareRanks({ changes, roundings }, bound).holds).toBe(true);
    expect(trajectoryCertificate({ tolerance: 0.05 }).read(state, slice(changes, 30)).status).toBe("holds");
  }
});

test("changes of a tanh network are a tensor of few components, and its certificate holds", async () => {
  const { changes, certificate, state } = await learn(draw(4), {
    phi: "tanh",
    units: 40,
    optimizer: sgd(0.5),
    initialWeights: draw(5).normal([40, 40], 0.5 / Math.sqrt(40)),
    steps: 40,
  });
  expect(1 - cpAls(changes, 5, { seed: 1 }).relativeError ** 2).toBeGreaterThan(0.9);
  expect(certificate.status).toBe("holds");
  expect(trajectoryCertificate({ tolerance: 0.05 }).read(state, slice(changes, 40)).status).toBe("holds");
});

test("the table has a figure, and what cannot be compared is refused", async () => {
  const { changes, roundings } = await learn(draw(1), { optimizer: sgd(0.5), steps: 5 }),
    steps = [0, 10, 20, 30, 40, 45];
  const fits = learningRankBound({
      units: 32,
      inputs: 3,
      outputs: 2,
      snapshots: 6,
      activation: "identity",
      optimizer: sgd(0.5),
    }),
    compared = compareRanks({ changes, roundings, steps }, fits);
  expect(singularValueFigure(compared).title).toContain("rank bound 5");
  expect(compared.rows.map(({ step }) => step)).toEqual(steps); // updates, not snapshots
  expect(() => compareRanks({ changes, steps: [0, 10, 20, 30, 30, 45] }, fits)).toThrow(
    "compareRanks: expected steps that rise from snapshot to snapshot, got 30 after 30",
  );
  expect(structuredClone(compared)).toEqual(compared);
  expect(() =>
    compareRanks(
      { changes, steps },
      learningRankBound({ units: 32, inputs: 3, outputs: 2, snapshots: 6, activation: "tanh", optimizer: sgd(1) }),
    ),
  ).toThrow("compareRanks: expected a bound that holds, got a refusal: the activation tanh");
  expect(() => compareRanks({ changes: zeros([3, 3, 0]), steps: [] }, fits)).toThrow(
    "expected at least one snapshot, got an empty history",
  );
  expect(() => compareRanks({ changes, steps: [1] }, fits)).toThrow("expected 6 steps, one per snapshot, got 1");
  const broken = zeros([2, 2, 1]);
  broken.data[1] = NaN;
  expect(() => compareRanks({ changes: broken, steps: [0] }, fits)).toThrow("got NaN at index [0, 1, 0]");
});

test("perturbed reaching: five components explain " +
  "nine tenths of the changes, " +
  "beside a null, and certificates hold at every update", async () => {
  const task = reaching({ targets: 4, steps: 20, dt: 0.1, cue: 4, duration: 12 }),
    batch = task.batch;
  const naive = FullRankRNN.random({ units: 40, inputs: 3, outputs: 2, gain: 0.8, tau: 0.5 }, 1),
    { w, wIn, readout } = naive.params,
    options = (curl: number) => ({ dt: task.dt, plant: pointMass({ dt: task.dt, friction: 1, curl }) });
  const model = naive.with({
    params: (
      await last(
        train(trajectoryObjective(naive, batch, options(0)), { w, wIn, readout } as Params, {
          optimizer: adam(5e-3),
          steps: 150,
        }),
      )
    ).params,
  });
  const certificate = trajectoryCertificate({ tolerance: 0.05 }),
    start = model.params.w;
  let state = certificate.init(40),
    checked = 0;
  const run = async function* () {
    for await (const now of train(
      trajectoryObjective(model, batch, (step) => options(step < 25 ? 1 : 0)),
      { w: start } as Params,
      { optimizer: sgd(0.2), steps: 50, every: 1 },
    )) {
      yield now;
      if (state.updates > 0) {
        expect(
          certificate.read(state, { shape: start.shape, data: now.params.w!.data.map((x, i) => x - start.data[i]) })
            .status,
        ).toBe("holds");
        checked++;
      }
      const { adjoints, rates, alpha } = now.evaluation;
      if (now.status === "running") state = certificate.update(state, { adjoints, rates, alpha, coefficient: 0.2 });
    }
  };
  const changes = weightChanges((await recordWeights(run(), model)).weights),
    explained = (x: typeof changes) => 1 - cpAls(x, 5, { seed: 1, sweeps: 60, tolerance: 1e-5 }).relativeError ** 2;
  expect(checked).toBe(50);
  expect(explained(changes)).toBeGreaterThan(0.9);
  expect(explained(rotatedIncrements(changes, 1))).toBeLessThan(0.7);
}, 60_000);
