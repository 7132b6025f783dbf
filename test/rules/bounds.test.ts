import { expect, test } from "vitest";
import { last } from "../../src/base";
import { multilinearRank, numericalRank } from "../../src/linalg";
import { FullRankRNN } from "../../src/models";
import { adam, chain, decayWeights, momentum, sgd, type GradientTransform } from "../../src/optim";
import {
  eProp,
  feedbackAlignment,
  nodePerturbation,
  rewardHebb,
  rflo,
  ruleObjective,
  truncatedBptt,
  type LearningRule,
} from "../../src/rules";
import { zeros, type Matrix, type Params, type Tensor3 } from "../../src/tensor";
import {
  learningRankBound,
  learningSetupOf,
  trajectoryCertificate,
  weightChanges,
  type HoldingLearningBound,
} from "../../src/theory";
import { recordWeights, train } from "../../src/train";
import { slice } from "../support/learning";
import { draw as drawOf } from "../support/sweep";

const units = 24,
  snapshots = 12;
interface Case {
  readonly rule: LearningRule;
  readonly phi?: "identity" | "tanh";
  readonly reads?: "rates" | "states";
  readonly generic?: boolean;
  readonly names?: readonly string[];
  readonly optimizer?: GradientTransform;
  readonly noise?: number;
}

/** Weight changes of a network that learns a task of random inputs and targets by a rule, and its bound. */
async function learned({
  rule,
  phi = "identity",
  reads = "rates",
  generic = false,
  names = ["w"],
  optimizer = sgd(0.3),
  noise = 0,
}: Case) {
  const draw = drawOf(4),
    w: Matrix = generic ? draw.normal([units, units], 0.7 / Math.sqrt(units)) : zeros([units, units]);
  const model = new FullRankRNN(
    { w, wIn: draw.normal([units, 3], 0.5), x0: zeros([1, units]), readout: draw.normal([2, units], 0.4) },
    { phi, reads },
  );
  const batch = { inputs: draw.normal([4, 10, 3]) as Tensor3, targets: draw.normal([4, 10, 2]) as Tensor3 };
  const noisy = noise > 0 ? { noise: { sigma: noise, seed: 1 } } : {};
  const objective = ruleObjective(model, batch, rule, { dt: 0.2, ...noisy }),
    start = Object.fromEntries(names.map((name) => [name, (model.params as Params)[name]]));
  const record = await recordWeights(
      train(objective, start as Params, { optimizer, steps: snapshots - 1, every: 1 }),
      model,
    ),
    changes = weightChanges(record.weights);
  const bound = learningRankBound(
    learningSetupOf(model, batch, { optimizer, snapshots, rule, trained: names, ...noisy }),
  );
  const ranks = Array.from(
    { length: snapshots },
    (_, k) => numericalRank(slice(changes, k), { tolerance: 1e-11 }).rank,
  );
  return { changes, ranks, bound, model };
}

const all = ["w", "wIn", "readout"];
const holding: [string, Case, number, readonly [number, number]][] = [
  ["truncated BPTT, linear, W(0) = 0", { rule: truncatedBptt({ window: 4 }) }, 5, [5, 5]],
  [
    "truncated BPTT that overlaps, all trained",
    { rule: truncatedBptt({ window: 4, every: 1 }), names: all },
    5,
    [5, 5],
  ],
  ["random feedback, linear, W(0) = 0", { rule: feedbackAlignment({ seed: 2 }) }, 5, [5, 5]],
  ["random feedback, the readout trained", { rule: feedbackAlignment({ seed: 2 }), names: all }, 5, [5, 5]],
  ["RFLO, linear, W(0) = 0", { rule: rflo({ seed: 2 }) }, 2, [2, 5]],
  ["RFLO, linear, generic W(0), all trained", { rule: rflo({ seed: 2 }), generic: true, names: all }, 2, [2, units]],
  ["RFLO, linear, with noise", { rule: rflo({ seed: 2 }), noise: 0.2 }, 2, [2, units]],
  [
    "RFLO, tanh, states read out, momentum",
    { rule: rflo({ seed: 2 }), phi: "tanh", reads: "states", generic: true, optimizer: momentum(0.05) },
    2,
    [2, units],
  ],
  [
    "e-prop, tanh, states read out by weights that stay",
    { rule: eProp(), phi: "tanh", reads: "states", generic: true },
    2,
    [2, units],
  ],
  ["e-prop, linear, with a readout that trains", { rule: eProp(), names: all }, 5, [5, 5]],
  ["random e-prop is RFLO", { rule: eProp({ seed: 2 }), generic: true }, 2, [2, units]],
];
test.each(holding)("%s: the bound holds, and is reached", async (_, setup, atMost, multilinear) => {
  const { ranks, bound, changes } = await learned(setup);
  expect(bound).toMatchObject({ status: "holds", atMost, snapshots });
  const holds = bound as HoldingLearningBound;
  expect(holds.multilinear.slice(0, 2)).toEqual(multilinear);
  expect(Math.max(...ranks)).toBe(atMost);
  const reached = multilinearRank(changes, { tolerance: 1e-11 }).ranks;
  for (const [mode, rank] of reached.entries()) expect(rank).toBeLessThanOrEqual(holds.multilinear[mode]);
  expect(structuredClone(bound)).toEqual(bound);
});

const refused: [string, Case, string, number][] = [
  [
    "RFLO, tanh, rates read out",
    { rule: rflo({ seed: 2 }), phi: "tanh", generic: true },
    "the activation tanh mixes directions",
    3,
  ],
  [
    "e-prop, tanh, states, a readout that trains",
    { rule: eProp(), phi: "tanh", reads: "states", generic: true, names: all },
    "the activation tanh",
    3,
  ],
  ["RFLO with Adam", { rule: rflo({ seed: 2 }), optimizer: adam(0.01), generic: true }, "Adam divides each entry", 3],
  [
    "random feedback with noise",
    { rule: feedbackAlignment({ seed: 2 }), noise: 0.2 },
    "process noise drives the states",
    6,
  ],
  ["node perturbation", { rule: nodePerturbation({ seed: 2 }) }, "perturbations point in all directions", 6],
  [
    "reward-modulated Hebb",
    { rule: rewardHebb({ seed: 2, rate: 1 }), optimizer: sgd(0.1) },
    "cubes of products of rates and states",
    6,
  ],
];
test.each(refused)(
  "%s: no bound is promised, and the one of its neighbor is passed",
  async (_, setup, because, passed) => {
    const { ranks, bound } = await learned(setup);
    expect(bound).toMatchObject({ status: "refused", because: expect.stringContaining(because) });
    expect(Math.max(...ranks)).toBeGreaterThanOrEqual(passed);
  },
);

test("RFLO changes weights within the columns of its feedback, whatever else learns", async () => {
  const feedback = drawOf(9).normal([units, 2]) as Matrix,
    { changes } = await learned({ rule: rflo({ feedback }), phi: "tanh", reads: "states", generic: true, names: all });
  const change = slice(changes, snapshots - 1),
    both: Matrix = { shape: [units, units + 2], data: new Float64Array(units * (units + 2)) };
  for (let i = 0; i < units; i++) {
    both.data.set(feedback.data.subarray(2 * i, 2 * i + 2), i * (units + 2));
    both.data.set(change.data.subarray(i * units, (i + 1) * units), i * (units + 2) + 2);
  }
  expect(numericalRank(both, { tolerance: 1e-11 }).rank).toBe(2);
});

test("with weight decay, what it leaves of W(0) is taken off first", async () => {
  const optimizer = chain(decayWeights(0.1), sgd(0.3)),
    { bound, changes, model } = await learned({ rule: rflo({ seed: 2 }), generic: true, optimizer });
  expect((bound as HoldingLearningBound).statement).toBe("rank(W(s) - g(s) W(0)) is at most 2 at every step s");
  const g = (1 - 0.3 * 0.1) ** (snapshots - 1),
    change = slice(changes, snapshots - 1);
  const left: Matrix = { shape: change.shape, data: change.data.map((x, at) => x + (1 - g) * model.params.w.data[at]) };
  expect(numericalRank(left, { tolerance: 1e-11 }).rank).toBe(2);
});

test("certificates of any activation take the adjoints that a rule has", async () => {
  const draw = drawOf(6),
    model = FullRankRNN.random({ units, inputs: 2, outputs: 1, gain: 1 }, 3);
  const batch = { inputs: draw.normal([3, 10, 2]) as Tensor3, targets: draw.normal([3, 10, 1]) as Tensor3 };
  for (const rule of [
    rflo({ seed: 1 }),
    eProp(),
    feedbackAlignment({ seed: 1 }),
    truncatedBptt({ window: 3, every: 2 }),
    nodePerturbation({ seed: 1 }),
  ]) {
    const certificate = trajectoryCertificate({ tolerance: 0.05 });
    let state = certificate.init(units);
    const run = train(ruleObjective(model, batch, rule), { w: model.params.w } as Params, {
      optimizer: sgd(0.2),
      steps: 10,
      every: 1,
    });
    const watched = (async function* () {
      for await (const now of run) {
        yield now;
        const { adjoints, rates, alpha } = now.evaluation;
        if (now.status === "running")
          state = certificate.update(state, { adjoints: adjoints!, rates, alpha, coefficient: 0.2 });
      }
    })();
    const end = await last(watched),
      data = end.params.w!.data.map((x, i) => x - model.params.w.data[i]);
    const read = certificate.read(state, { shape: [units, units], data });
    expect(read.status, rule.name).toBe("holds");
  }
});

test("what is no learning rule is refused by bounds", () => {
  const setup = { units: 9, inputs: 1, outputs: 1, snapshots: 3, activation: "identity", optimizer: sgd(1) } as const;
  expect(() => learningRankBound({ ...setup, training: { rule: "rflo" as never } })).toThrow(
    "learningRankBound: expected setup.training.rule to be a learning rule, or its { name, spread }",
  );
  expect(() => learningRankBound({ ...setup, training: { readout: { reads: "both" as never } } })).toThrow(
    "setup.training.readout.reads",
  );
  const counted = learningRankBound({ ...setup, outputs: zeros([4, 9]), training: { rule: rflo() } });
  expect((counted as HoldingLearningBound).atMost).toBe(4); // by its rows: feedback does not know the readout
});
