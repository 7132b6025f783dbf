import { expect, test } from "vitest";
import { last, random } from "../../src/base";
import { multilinearRank, numericalRank, principalAngles } from "../../src/linalg";
import { adam, chain, clipByNorm, momentum, sgd, type GradientTransform } from "../../src/optim";
import { FullRankRNN } from "../../src/models";
import { identity, matmul, tensor, transpose, zeros, type Matrix, type Tensor3 } from "../../src/tensor";
import {
  learningRankBound,
  learningSubspace,
  trajectoryCertificate,
  type HoldingLearningBound,
} from "../../src/theory";
import { train, trajectoryObjective } from "../../src/train";
import { learn, slice } from "../support/learning";
import { draw, sweep } from "../support/sweep";

const units = 32,
  n_in = 3,
  n_out = 2;

/** The rounding of the whole run counts, sixteenfold, for sums of some hundred terms. */
const ranksOf = ({ changes, certificate }: { changes: Tensor3; certificate: { rounding: number } }) =>
  Array.from(
    { length: changes.shape[2] },
    (_, k) => numericalRank(slice(changes, k), { absolute: 16 * certificate.rounding }).rank,
  );

const keepSpan: [string, GradientTransform, string[]][] = [
  ["gradient descent", sgd(0.5), ["w"]],
  ["momentum", momentum(0.1), ["w"]],
  ["Nesterov momentum", momentum(0.1, { nesterov: true }), ["w"]],
  ["clipped gradients", chain(clipByNorm(0.05), sgd(0.5)), ["w"]],
  ["input weights and readout trained too", sgd(0.5), ["w", "wIn", "readout"]],
];
test.each(keepSpan)(
  "a linear network with W(0) = 0 never leaves rank n_in + n_out = 5, and reaches it: %s",
  async (_, optimizer, names) => {
    const d = draw(1),
      run = await learn(d, { optimizer, names });
    const bound = learningRankBound({
      units,
      inputs: n_in,
      outputs: n_out,
      snapshots: run.changes.shape[2],
      activation: "identity",
      optimizer,
    }) as HoldingLearningBound;
    expect(bound).toMatchObject({ status: "holds", atMost: 5, multilinear: [5, 5, 25] });
    const ranks = ranksOf(run);
    expect(Math.max(...ranks)).toBe(5);
    expect(run.losses.at(-1)!).toBeLessThan(run.losses[0]);
    const { ranks: multilinear } = multilinearRank(run.changes, {
      absolute: 16 * run.certificate.rounding * Math.sqrt(run.changes.shape[2]),
    });
    multilinear.forEach((rank, mode) => expect(rank).toBeLessThanOrEqual(bound.multilinear[mode]));
  },
);

test("early gradient steps add at most the rank of one gradient each: 2, 4, 5", async () => {
  expect(ranksOf(await learn(draw(2), { optimizer: sgd(0.5), steps: 3 }))).toEqual([0, 2, 4, 5]);
});

test("Adam and process noise break the bound, and it is refused to them", async () => {
  expect(Math.max(...ranksOf(await learn(draw(1), { optimizer: adam(0.01) })))).toBeGreaterThan(5);
  expect(Math.max(...ranksOf(await learn(draw(1), { optimizer: sgd(0.5), noise: 0.1 })))).toBeGreaterThan(5);
  const setup = {
    units,
    inputs: n_in,
    outputs: n_out,
    snapshots: 9,
    activation: "identity",
    optimizer: sgd(0.5),
  } as const;
  expect(learningRankBound({ ...setup, optimizer: adam(0.01) })).toMatchObject({
    status: "refused",
    because: "Adam divides each entry of a gradient by its own scale, which leaves the span of the gradients",
  });
  expect(learningRankBound({ ...setup, activation: "tanh" })).toMatchObject({
    status: "refused",
    tryInstead:
      "Fold trajectoryCertificate over the training run: it holds for any activation and certifies the ranks reached.",
  });
  const decayed = learningRankBound({ ...setup, training: { weightDecay: true } });
  expect(decayed).toMatchObject({ status: "holds", statement: "rank(W(s) - g(s) W(0)) is at most 5 at every step s" });
  for (const broken of [{ noise: true }, { constrained: true }, { unitTimeConstants: true }, { penalty: true }])
    expect(learningRankBound({ ...setup, training: broken }).status).toBe("refused");
});

test("W(0) = 0.5 I + rank 2 adds at most four dimensions, and the learning subspace counts them", async () => {
  const d = draw(4),
    low = matmul(d.normal([units, 2], 0.2), d.normal([2, units], 0.2));
  const w0: Matrix = { shape: [units, units], data: low.data.map((x, at) => x + (at % (units + 1) === 0 ? 0.5 : 0)) };
  const run = await learn(d, { optimizer: sgd(0.3), initialWeights: w0, steps: 60 });
  const bound = learningRankBound({
    units,
    inputs: n_in,
    outputs: n_out,
    initial: { weights: w0 },
    snapshots: 61,
    activation: "identity",
    optimizer: sgd(0.3),
  });
  expect(bound).toMatchObject({
    status: "holds",
    atMost: 9,
    weights: { matrix: units, multilinear: [units, units, 61], cp: 81 + units },
  });
  const { wIn, readout } = run.model.params;
  const subspace = learningSubspace({ initialWeights: w0, inputWeights: wIn, readout });
  expect(subspace.dimension).toBe(9);
  expect(subspace.identityShift).toBeCloseTo(0.5, 12);
  for (const residual of Object.values(subspace.residuals)) expect(residual).toBeLessThan(1e-10);
  expect(Math.max(...ranksOf(run))).toBe(9);
  // the changes lie in it, columns and rows: a matrix of rank 9 inside 9 dimensions makes no angle with them but
  // rounding
  const change = slice(run.changes, 60);
  const inside = matmul(subspace.basis, matmul(transpose(subspace.basis), change));
  expect(Math.max(...change.data.map((x, i) => Math.abs(x - inside.data[i])))).toBeLessThan(1e-12);
});

test("W(0) = c I adds no dimension, whatever c is", () =>
  sweep((d) => {
    const c = 2 * d.uniform() - 1,
      w0: Matrix = {
        shape: [units, units],
        data: Float64Array.from({ length: units * units }, (_, at) => (at % (units + 1) === 0 ? c : 0)),
      };
    expect(
      learningRankBound({
        units,
        inputs: n_in,
        outputs: n_out,
        initial: { weights: w0 },
        snapshots: 9,
        activation: "identity",
        optimizer: sgd(1),
      }),
    ).toMatchObject({ status: "holds", atMost: 5 });
    expect(learningSubspace({ initialWeights: w0, inputWeights: d.normal([units, 2]) }).dimension).toBe(2);
  }, 10));

test("a generic W(0) of full rank leaves a vacuous bound, and says so", () => {
  const w0 = draw(1).normal([units, units]);
  expect(
    learningRankBound({
      units,
      inputs: n_in,
      outputs: n_out,
      initial: { weights: w0 },
      snapshots: 9,
      activation: "identity",
      optimizer: sgd(1),
    }),
  ).toMatchObject({ status: "holds", atMost: units, vacuous: true });
  expect(learningSubspace({ initialWeights: w0, inputWeights: draw(2).normal([units, 1]) }).dimension).toBe(units);
  expect(learningSubspace({ initialWeights: zeros([units, units]) }).dimension).toBe(0);
});

test("ranks of given arrays sharpen the bound", () => {
  const two = matmul(draw(1).normal([units, 2]), draw(2).normal([2, 6])); // six inputs that excite two dimensions
  expect(
    learningRankBound({
      units,
      inputs: two,
      outputs: 1,
      initial: { bias: true, states: zeros([8, units]) },

      snapshots: 2,
      activation: "identity",
      optimizer: sgd(1),
    }),
  ).toMatchObject({ atMost: 4, cp: 8, weights: { matrix: 4, multilinear: [4, 4, 2], cp: 8 } });
});

test("the certificate of a tanh network holds after every update, and is not vacuous", async () => {
  const d = draw(3),
    w0 = d.normal([units, units], 0.5 / Math.sqrt(units)),
    model = FullRankRNN.random({ units, inputs: n_in, outputs: n_out }, 3).with({ params: { w: w0 } });
  const batch = { inputs: d.normal([4, 12, n_in]) as Tensor3, targets: d.normal([4, 12, n_out]) as Tensor3 };
  const certificate = trajectoryCertificate({ tolerance: 0.1 });
  let state = certificate.init(units),
    checked = 0;
  for await (const {
    params,
    evaluation: { adjoints, rates, alpha },
    status,
  } of train(trajectoryObjective(model, batch, { dt: 0.2 }), { w: w0 }, { optimizer: sgd(0.5), steps: 40, every: 1 })) {
    const change: Matrix = { shape: [units, units], data: params.w!.data.map((x, i) => x - w0.data[i]) };
    if (state.updates > 0) {
      const { error, bound, status: stands } = certificate.read(state, change);
      expect(error!).toBeLessThanOrEqual(bound);
      expect(stands).toBe("holds");
      checked++;
    }
    if (status === "running")
      state = structuredClone(certificate.update(state, { adjoints, rates, alpha, coefficient: 0.5 }));
  }
  expect(checked).toBe(40);
  const end = certificate.read(state);
  expect(Math.max(...end.ranks)).toBeLessThan(units);
  expect(end.tensorBound).toBeGreaterThan(end.bound);
  expect(end.cp).toBe(Math.min(end.ranks[0] * end.ranks[1], 40 * Math.min(...end.ranks)));
});

test("a coefficient declared too small breaks the certificate: it is a claim that can fail", async () => {
  const run = await learn(draw(5), { optimizer: sgd(0.5), phi: "tanh", coefficient: 1e-9 });
  const read = trajectoryCertificate({ tolerance: 0.05 }).read(run.state, slice(run.changes, 30));
  expect(read.error!).toBeGreaterThan(read.bound);
  expect(read.status).toBe("broken");
  expect(read.statement).toContain("coefficients were larger than declared");
});

test("subspaces do not depend on the basis they are given in", () =>
  sweep((d) => {
    const low = matmul(d.normal([12, 1]), d.normal([1, 12])),
      wIn = d.normal([12, 2]),
      mix = d.normal([2, 2]);
    const a = learningSubspace({ initialWeights: low, inputWeights: wIn }),
      b = learningSubspace({ initialWeights: low, inputWeights: matmul(wIn, mix) });
    expect(a.dimension).toBe(4);
    // rounding times the condition of mix, below 1e4 here
    principalAngles(a.basis, b.basis).forEach((angle) => expect(angle).toBeLessThan(1e-8));
  }, 10));

test("bases stay orthonormal however small the directions that they grow by", () => {
  const gram = (q: Matrix) => matmul(transpose(q), q).data.map((x, at) => x - (at % (q.shape[1] + 1) === 0 ? 1 : 0)),
    defect = (q: Matrix) => gram(q).reduce((most, x) => Math.max(most, Math.abs(x)), 0),
    decaying: Matrix = { shape: [12, 12], data: identity(12).data.map((x, at) => x * 10 ** -(at % 12)) },
    ones: Matrix = { shape: [12, 1], data: new Float64Array(12).fill(1) };
  const chained = learningSubspace({ initialWeights: decaying, inputWeights: ones });
  expect(chained.dimension).toBeGreaterThan(3);
  expect(defect(chained.basis)).toBeLessThan(1e-14); // was 2e-4
  for (const tolerance of [1e-3, 1e-9, 1e-14]) {
    const certificate = trajectoryCertificate({ tolerance }),
      d = draw(4);
    let state = certificate.init(20);
    for (let step = 0; step < 6; step++) {
      const steep = d.normal([1, 9, 20]).data.map((x, at) => x * 10 ** (-2 * (Math.floor(at / 20) % 9))),
        path: Tensor3 = { shape: [1, 9, 20], data: steep };
      state = certificate.update(state, { adjoints: path, rates: path, alpha: 0.1, coefficient: 1 });
      expect(defect(state.columns)).toBeLessThan(1e-14);
      expect(defect(state.rows)).toBeLessThan(1e-14);
    }
  }
});

test("a certificate is the same in any unit of the adjoints", () => {
  const { normal } = draw(8),
    [adjoints, rates] = [normal([2, 4, 5]) as Tensor3, normal([2, 4, 5]) as Tensor3],
    certificate = trajectoryCertificate({ tolerance: 0.1 });
  const read = (unit: number) => {
    const scaled: Tensor3 = { shape: adjoints.shape, data: adjoints.data.map((x) => unit * x) };
    const step = { adjoints: scaled, rates, alpha: 0.5, coefficient: 1 },
      { columns, bound } = certificate.update(certificate.init(5), step);
    return { columns, bound: bound / unit };
  };
  const usual = read(1);
  expect(usual.bound).toBeGreaterThan(0.01);
  for (const unit of [2 ** -1030, 2 ** -700, 2 ** 700]) {
    const { columns, bound } = read(unit);
    expect(columns.shape).toEqual(usual.columns.shape);
    expect(bound / usual.bound).toBeCloseTo(1, unit < 2 ** -1000 ? 9 : 12); // was NaN, 0 and Infinity
  }
});

test("wrong calls are refused", async () => {
  expect(() => trajectoryCertificate({ tolerance: 1 })).toThrow(
    "trajectoryCertificate: expected tolerance to be a finite number above 0 and below 1, got 1",
  );
  expect(() =>
    trajectoryCertificate({ tolerance: 0.1 }).read(trajectoryCertificate({ tolerance: 0.1 }).init(3)),
  ).toThrow("expected at least one update, got none");
  expect(() => learningSubspace({ initialWeights: tensor([2, 2], [1, NaN, 0, 1]) })).toThrow("got NaN at index [0, 1]");
  expect(() => learningSubspace({ initialWeights: zeros([2, 2]), inputWeights: zeros([3, 1]) })).toThrow(
    "expected inputWeights for 2 units, as initialWeights, got 3 units",
  );
  expect(() =>
    learningRankBound({ units: 4, inputs: 1.5, outputs: 1, snapshots: 1, activation: "identity", optimizer: sgd(1) }),
  ).toThrow("expected setup.inputs to be a whole number");
  await expect(last([])).rejects.toThrow("expected a loop that yields at least one step");
  expect(random(1).uniform()).toBe(random(1).uniform());
});

test("a learning subspace has the same dimension in every unit of weights, inputs and bias", () =>
  sweep((d) => {
    const times = <T extends { readonly data: Float64Array }>(m: T, exponent: number): T => ({
      ...m,
      data: m.data.map((x) => x * 2 ** exponent),
    });
    const shifted = matmul(d.normal([6, 1]), d.normal([1, 6]));
    for (let i = 0; i < 6; i++) shifted.data[i * 7] += 0.5;
    const [inputWeights, bias] = [d.normal([6, 1]), d.normal([6])],
      { dimension, identityShift } = learningSubspace({ initialWeights: shifted, inputWeights, bias });
    expect(dimension).toBe(4);
    for (const exponent of [-950, -500, 500, 950])
      for (const part of ["initialWeights", "inputWeights", "bias"] as const) {
        const whole = { initialWeights: shifted, inputWeights, bias },
          scaled = learningSubspace({ ...whole, [part]: times(whole[part] as Matrix, exponent) }),
          shift = scaled.identityShift * (part === "initialWeights" ? 2 ** -exponent : 1);
        expect([scaled.dimension, Math.abs(shift - identityShift) < 1e-12], `${part} 2^${exponent}`).toEqual([4, true]);
      }
  }, 3));
