import { expect, test } from "vitest";
import { random } from "../../src/base";
import { cpEntries, cpToTensor, factorMatchScore, randomCp, type Cp } from "../../src/factored";
import { gcp, gcpGradient } from "../../src/gcp";
import { cpPoissonSparse, cpPoissonSparseSteps, sparseOf } from "../../src/sparse";
import { sparsePoissonProblem } from "../../src/sparse/sparse-poisson-problem";
import { tensor, type Tensor } from "../../src/tensor";
import { distance } from "../support/close";

const ones = (rank: number) => tensor([rank], new Array<number>(rank).fill(1));

/** Counts of a model, most of them 0. */
function counts(cp: Cp, seed: number): Tensor {
  const { uniform } = random(seed, "sparse counts"),
    { shape, data } = cpToTensor(cp);
  return {
    shape,
    data: data.map((mean) => {
      let count = 0;
      for (let p = uniform(), end = Math.exp(-mean); p > end; p *= uniform()) count++;
      return count;
    }),
  };
}

/** Components that are active in few rows. */
function planted(shape: readonly number[], rank: number, seed: number, level = 1): Cp {
  const { uniform } = random(seed, "planted"),
    factors = shape.map((size) =>
      tensor(
        [size, rank],
        Array.from({ length: size * rank }, () => (uniform() < 0.3 ? 0.5 + uniform() : 0.02)),
      ),
    );
  return { weights: tensor([rank], new Array<number>(rank).fill(level)), factors };
}

test.each([[[5, 4]], [[4, 5, 6]], [[3, 2, 4, 3]]])(
  "loss and gradient are those of gcp on the whole tensor: %j",
  (shape) => {
    const x = counts(randomCp(shape, 2, { seed: 1, entries: "uniform" }), 2),
      total = x.data.reduce((sum, count) => sum + count, 0),
      problem = sparsePoissonProblem(sparseOf(x), 2, total),
      { uniform } = random(3, "variables"),
      variables = Float64Array.from({ length: problem.variables }, () => 0.1 + uniform()),
      { loss, gradient } = problem.evaluate(variables),
      whole = gcpGradient(x, problem.factorsOf(variables), { loss: "poisson" });
    expect(Math.abs((loss * total) / x.data.length / whole.loss - 1)).toBeLessThan(1e-12);
    problem.factorsOf(gradient).forEach(({ data }, mode) => {
      const scaled = data.map((g) => (g * total) / x.data.length);
      expect(distance(scaled, whole.gradients[mode].data)).toBeLessThan(1e-12);
    });
  },
);

test("its ends are ends of gcp, and those its; steps end in the result, and lower the loss", () => {
  const x = counts(planted([9, 8, 10], 2, 4, 12), 5),
    listed = sparseOf(x),
    found = cpPoissonSparse(listed, 2, { seed: 1, tolerance: 1e-8 }),
    whole = gcp(x, 2, { loss: "poisson", seed: 1, tolerance: 1e-8 }),
    steps = [...cpPoissonSparseSteps(listed, 2, { seed: 1, tolerance: 1e-8 })];
  expect(found.status).toBe("converged");
  // minima that neither finds a way out of; elsewhere steps of different size can lead to different ones
  expect(Math.abs(gcp(x, 2, { loss: "poisson", start: found }).loss / found.loss - 1)).toBeLessThan(1e-6);
  expect(Math.abs(cpPoissonSparse(listed, 2, { start: whole }).loss / whole.loss - 1)).toBeLessThan(1e-6);
  expect(steps[steps.length - 1]).toEqual(found);
  found.trace.slice(1).forEach((loss, i) => expect(loss).toBeLessThanOrEqual(found.trace[i]));
  expect(found.factors.every(({ data }) => data.every((value) => value >= 0))).toBe(true);
  const said = cpToTensor(found).data.reduce(
    (sum, m, i) => sum + m - (x.data[i] && x.data[i] * Math.log(m + 1e-10)),
    0,
  );
  expect(Math.abs(said / x.data.length / found.loss - 1)).toBeLessThan(1e-9);
});

test("planted components of few counts are found", () => {
  const truth = planted([30, 25, 40], 2, 7),
    x = counts(truth, 8),
    listed = sparseOf(x),
    found = cpPoissonSparse(listed, 2, { starts: 3, seed: 1, tolerance: 1e-5 });
  expect(listed.values.length / x.data.length).toBeLessThan(0.15);
  expect(factorMatchScore(found, truth)).toBeGreaterThan(0.9);
  expect(found.loss).toBe(Math.min(...found.starts));
  expect(cpEntries(found, listed.coordinates).every((m) => m >= 0)).toBe(true);
});

test("a tensor of 8 · 10^9 entries takes the time of its spikes", () => {
  const coordinates = Int32Array.of(3, 700, 4, 3, 900, 4, 1999, 700, 7, 1999, 900, 7),
    found = cpPoissonSparse({ shape: [2000, 2000, 2000], coordinates, values: Float64Array.of(5, 3, 5, 3) }, 1);
  const expected = cpEntries(found, coordinates);
  // of one component, sums over each mode are those of the counts: 16 in all, 10 and 6 of them along mode 1
  expect(expected.reduce((sum, m) => sum + m, 0)).toBeLessThan(16.001);
  expect(Math.abs(expected[0] / expected[1] - 10 / 6)).toBeLessThan(1e-3);
});

test("wrong calls are refused", () => {
  const x = sparseOf(tensor([2, 2], [1, 0, 2, 3]));
  expect(() => cpPoissonSparse({ ...x, values: Float64Array.of(1, 0.5, 3) }, 1)).toThrow(
    "cpPoissonSparse: expected counts, whole numbers of at least 0, one at least above, got 0.5 in entry 1",
  );
  expect(() => cpPoissonSparse(sparseOf(tensor([2, 2], [0, 0, 0, 0])), 1)).toThrow("got none above 0");
  const negative = { weights: ones(1), factors: [tensor([2, 1], [-1, 1]), tensor([2, 1], [1, 1])] };
  expect(() => cpPoissonSparse(x, 1, { start: negative })).toThrow("no entry below 0, got an entry below 0");
  expect(() => cpPoissonSparse(x, 2, { start: negative })).toThrow("start with factors 2 × 2, 2 × 2");
  expect(() => cpPoissonSparseSteps(x, 1, { starts: 2 })).toThrow("cpPoissonSparseSteps: expected one start");
});
