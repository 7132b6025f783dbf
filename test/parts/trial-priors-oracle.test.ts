import { expect, test } from "vitest";
import { gaussianTrialFactors, randomWalkTrialFactors, trialCovariance, type PredictedFactors } from "../../src/parts";
import { matmul, tensor, transpose, type Matrix, type Vector } from "../../src/tensor";
import { close, distance } from "../support/close";
import { oracle } from "../support/oracle";

const { correlations, cases, times, newTimes, jitter, walk } = oracle("trial-priors");
type Case = ReturnType<typeof oracle>;
const named = cases.map((c: Case) => ({ name: `${c.process.kernel}${c.epochs ? ", epochs" : ""}`, c }));

test("correlations are those of their formulas with 40 digits, relatively", () => {
  for (const { kernel, d, length, alpha, value } of correlations) {
    const process = { kernel, length, ...(kernel === "rationalQuadratic" ? { alpha } : {}) };
    const got = trialCovariance([0, d], process).data[1];
    expect(Math.abs(got / value - 1), `${kernel} at ${d} with length ${length}`).toBeLessThan(1e-14);
  }
});

test.each<Case>(named)("covariances with gaps, epochs and noise are those of numpy: $name", ({ c }) => {
  close(trialCovariance(times, c.process, c.epochs ?? undefined), c.covariance, 1e-14);
});

const factorsOf = (c: Case, basis?: number) =>
  gaussianTrialFactors(
    { ...c.process, times },
    { jitter, ...(basis ? { basis } : {}), ...(c.epochs ? { epochs: c.epochs, constants: "perEpoch" as const } : {}) },
  );
const constantsOf = (c: Case): Matrix | Vector => (c.epochs ? c.m : tensor([2], c.m.data));

// the covariance's condition is below 1e5
test.each<Case>(named)("factors, and those of new trials, are those of the dense formulas: $name", ({ c }) => {
  const params = { z: c.z, m: constantsOf(c) },
    factors = factorsOf(c);
  close(factors(params)[0], c.c, 1e-11);
  const { status, mean, variance } = factors.predict(params, newTimes, c.newEpochs ?? undefined) as PredictedFactors;
  expect(status).toBe("predicted");
  close(mean, c.mean, 1e-11);
  c.variance.forEach((want: number, i: number) => {
    expect(Math.abs(variance.data[2 * i] - want)).toBeLessThan(1e-11);
    expect(variance.data[2 * i + 1]).toBe(variance.data[2 * i]);
  });
});

test.each<Case>(named)(
  "a basis holds the share of variance that is asked for, and predicts from it: $name",
  ({ c }) => {
    const factors = factorsOf(c, 0.9),
      { root } = factors;
    expect(root.shape[1]).toBe(c.kept);
    close(matmul(root, transpose(root)), c.basisCovariance, 1e-12);
    // the whitened factors of c: its coordinates along the eigenvectors
    const along = matmul(transpose(root), {
      shape: c.c.shape,
      data: c.c.data.map((x: number, at: number) => x - c.m.data[2 * (c.epochs ? c.epochs[at >> 1] : 0) + (at % 2)]),
    });
    const lengths = Array.from({ length: c.kept }, (_, j) =>
      root.data.reduce((sum, x, at) => (at % c.kept === j ? sum + x * x : sum), 0),
    );
    const z: Matrix = { shape: along.shape, data: along.data.map((x, at) => x / lengths[at >> 1]) };
    const { mean, variance } = factors.predict(
      { z, m: constantsOf(c) },
      newTimes,
      c.newEpochs ?? undefined,
    ) as PredictedFactors;
    close(mean, c.basisMean, 1e-11);
    expect(
      distance(
        variance.data.filter((_, at) => at % 2 === 0),
        c.basisVariance,
      ),
    ).toBeLessThan(1e-11);
  },
);

test("a random walk between known trials and after them is that of the dense formula", () => {
  const factors = randomWalkTrialFactors(walk.times, { sigma: walk.sigma }),
    { c } = walk;
  const z: Matrix = {
    shape: [walk.times.length - 1, 2],
    data: Float64Array.from({ length: 2 * (walk.times.length - 1) }, (_, at) => {
      const gap = walk.times[(at >> 1) + 1] - walk.times[at >> 1];
      return (c.data[at + 2] - c.data[at]) / (walk.sigma * Math.sqrt(gap));
    }),
  };
  const params = { z, m: tensor([2], c.data.slice(0, 2)) };
  close(factors(params)[0], c, 1e-14);
  const { mean, variance } = factors.predict(params, walk.newTimes) as PredictedFactors;
  close(mean, walk.mean, 1e-12);
  walk.variance.forEach((want: number, i: number) => expect(Math.abs(variance.data[2 * i] - want)).toBeLessThan(1e-12));
  // back in time as forward
  const before = factors.predict(params, [-3]) as PredictedFactors;
  expect([...before.mean.data]).toEqual([...c.data.slice(0, 2)]);
  expect(before.variance.data[0]).toBeCloseTo(walk.sigma ** 2 * 3, 14);
});
