import { expect, test } from "vitest";
import { eigenvalues, numericalRank, singularValues } from "../../src/linalg";
import { FullRankRNN, LowRankRNN, LowTensorRankRNN, type Initialization } from "../../src/models";
import { lossAndGradient } from "../../src/run";
import { norm, tensor, type Matrix } from "../../src/tensor";
import { close } from "../support/close";
import { draw as drawing } from "../support/sweep";

const spec = { units: 40, inputs: 2, outputs: 2 };
const full = (more: object, seed = 1) => FullRankRNN.random({ ...spec, ...more }, seed).weights();

test(
  "full rank: entries of variance g²/N, an orthogonal matrix, the " +
    "identity, zero, and the weights of a low-rank network",
  () => {
    const w = full({ gain: 1.5, units: 200 });
    expect(norm(w) / Math.sqrt(200)).toBeCloseTo(1.5, 1);
    expect(full({ gain: 1.5 })).toEqual(full({ gain: 1.5, initialization: "random" }));
    for (const value of singularValues(full({ initialization: "orthogonal", gain: 0.7 })))
      expect(Math.abs(value - 0.7)).toBeLessThan(1e-14);
    expect(full({ initialization: "orthogonal" }, 2)).not.toEqual(full({ initialization: "orthogonal" }, 1));
    const identity = full({ initialization: "identity", gain: -0.3 });
    identity.data.forEach((value, at) => expect(value).toBe(at % 41 === 0 ? -0.3 : 0));
    expect(full({ initialization: "zero" }).data.every((value) => value === 0)).toBe(true);
    const low = full({ initialization: { lowRank: 3 }, gain: 0.8 }, 5);
    expect(numericalRank(low).rank).toBe(3);
    expect(low).toEqual(LowRankRNN.random({ ...spec, rank: 3, gain: 0.8 }, 5).weights());
  },
);

test("an orthogonal matrix is uniform: its trace has mean 0 and variance 1, as that of Haar measure", () => {
  const traces = Array.from({ length: 400 }, (_, seed) => {
    const { data } = full({ initialization: "orthogonal", units: 6 }, seed);
    return [0, 7, 14, 21, 28, 35].reduce((sum, at) => sum + data[at], 0);
  });
  const mean = traces.reduce((sum, t) => sum + t, 0) / 400,
    variance = traces.reduce((sum, t) => sum + t * t, 0) / 400;
  expect(Math.abs(mean)).toBeLessThan(4 / 20); // four standard errors of 1 / sqrt(400)
  expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / 400)); // nearly normal (Diaconis & Shahshahani 1994)
});

const lows = {
  "low rank": (initialization: Initialization, gain?: number) => {
    const model = LowRankRNN.random({ ...spec, rank: 3, initialization, gain }, 2);
    return { model, left: model.params.m, right: model.params.n, w: model.weights() };
  },
  "low tensor rank": (initialization: Initialization, gain?: number) => {
    const model = LowTensorRankRNN.random({ ...spec, rank: 3, trials: 4, initialization, gain }, 2);
    return { model, left: model.params.a, right: model.params.b, w: model.weights(2) };
  },
} as const;

test.each(Object.keys(lows) as (keyof typeof lows)[])(
  "factors: normal, orthonormal, the identity on a subspace, and zero from which learning can begin: %s",
  (kind) => {
    const of = lows[kind],
      column = (x: Matrix, r: number) => Math.hypot(...x.data.filter((_, at) => at % 3 === r));
    const drawn = of("random", 0.8);
    for (let r = 0; r < 3; r++) expect(column(drawn.left, r) * column(drawn.right, r)).toBeCloseTo(0.8, 0);
    const orthogonal = of("orthogonal", 0.8);
    singularValues(orthogonal.w).forEach((value, i) => expect(Math.abs(value - (i < 3 ? 0.8 : 0))).toBeLessThan(1e-14));
    expect(orthogonal.left).not.toEqual(orthogonal.right);
    for (const gain of [0.9, -0.9]) {
      const { real, imaginary } = eigenvalues(of("identity", gain).w);
      expect([...real].filter((value) => Math.abs(value - gain) < 1e-13)).toHaveLength(3);
      expect([...real].filter((value) => Math.abs(value) < 1e-13)).toHaveLength(37);
      expect(Math.max(...imaginary.map(Math.abs))).toBeLessThan(1e-13);
    }
    const zero = of("zero");
    expect(norm(zero.w)).toBe(0);
    const draw = drawing(1),
      { gradients } = lossAndGradient(zero.model, { inputs: draw.normal([4, 9, 2]), targets: draw.normal([4, 9, 2]) }),
      name = kind === "low rank" ? "n" : "b";
    expect(norm((gradients as unknown as Record<string, Matrix>)[name])).toBeGreaterThan(1e-4);
  },
);

test("an initialization that is none, beside a gain that means nothing, or of too high a rank is refused", () => {
  expect(() => full({ initialization: "xavier" })).toThrow(
    "FullRankRNN.random: expected spec.initialization " +
      'to be "random" or "orthogonal" or ' +
      '"identity" or "zero" or { lowRank: a rank }, got "xavier"',
  );
  for (const lowRank of [0, 1.5, "2", undefined])
    expect(() => full({ initialization: { lowRank } })).toThrow("spec.initialization to be");
  expect(() => full({ initialization: { lowRank: 2, gain: 1 } })).toThrow("spec.initialization to be");
  expect(() => LowRankRNN.random({ ...spec, rank: 2, initialization: { lowRank: 1 } as never }, 1)).toThrow(
    'LowRankRNN.random: expected spec.initialization to be "random"',
  );
  expect(() => LowTensorRankRNN.random({ ...spec, rank: 2, trials: 3, initialization: "zero", gain: 2 }, 1)).toThrow(
    'LowTensorRankRNN.random: expected no gain beside the initialization "zero", got 2',
  );
  expect(() => LowRankRNN.random({ ...spec, units: 3, rank: 4, initialization: "orthogonal" }, 1)).toThrow(
    "LowRankRNN.random: expected a rank of at most 3, the units, for factors with orthonormal columns, got 4",
  );
  expect(() => full({ initialization: "identity", units: 2 ** 20 })).toThrow("entries in a parameter");
  close(full({ initialization: "identity", units: 2 }), tensor([2, 2], [1, 0, 0, 1]), 0);
});
