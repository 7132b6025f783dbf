import { describe, expect, test } from "vitest";
import { LtrnnError, random } from "../../src/base";
import { factorMatchScore } from "../../src/factored";
import { parafac2Poisson, parafac2PoissonSweeps, parafac2Rates, parafac2ToTrials } from "../../src/ragged";
import { matmul, tensor, transpose, zeros, type Matrix } from "../../src/tensor";
import { polarFactor } from "../support/polar-factor";
import { draw as drawOf, type Draw } from "../support/sweep";

const lengths = [22, 35, 28, 40, 25, 31, 20, 33, 27, 38, 24, 36, 30, 26];

/** Counts of a PARAFAC2 model of logarithms of rates, around a mean of `level`. */
function planted(draw: Draw, units: number, rank: number, level: number) {
  const a = draw.normal([units, rank]),
    b = tensor([2, 2], [1, 0.3, 0.2, 1]),
    c = {
      shape: [lengths.length, rank] as const,
      data: Float64Array.from({ length: lengths.length * rank }, () => 0.5 + 1.5 * draw.uniform()),
    };
  const modulations = lengths.map((length, k): Matrix => {
    const course = matmul(polarFactor(draw.normal([length, rank])), b),
      scaled = { shape: course.shape, data: course.data.map((v, i) => 1.5 * v * c.data[k * rank + (i % rank)]) };
    return matmul(scaled, transpose(a));
  });
  const stream = random(draw.seed, "counts"),
    trials = modulations.map(({ shape, data }) => ({
      shape,
      data: data.map((value) => poisson(stream, level * Math.exp(value))),
    }));
  return { trials, modulations, loadings: c, units: a };
}

/** One count of this mean, by products of uniform numbers. */
function poisson({ uniform }: { uniform(): number }, mean: number): number {
  let count = 0;
  for (let left = mean; left > 0; left -= 30) {
    const end = Math.exp(-Math.min(30, left));
    for (let product = uniform(); product > end; product *= uniform()) count++;
  }
  return count;
}

/** The loss of a model by its own rates, entry by entry. */
function lossOf(trials: readonly Matrix[], rates: readonly Matrix[], mask?: readonly Matrix[]): number {
  let sum = 0,
    count = 0;
  trials.forEach(({ data }, k) => {
    data.forEach((x, i) => {
      if (mask?.[k].data[i] === 0) return;
      sum += rates[k].data[i] - x * Math.log(rates[k].data[i]);
      count++;
    });
  });
  return sum / count;
}

describe("parafac2Poisson", () => {
  test("finds planted factors of counts, better than those of constant rates by far", () => {
    for (const seed of [1, 2, 3]) {
      const truth = planted(drawOf(seed), 30, 2, 5),
        found = parafac2Poisson(truth.trials, 2, { seed, starts: 3 }),
        weights = tensor([2], [1, 1]);
      const score = factorMatchScore(
        { weights: found.weights, factors: [found.factors[0], found.factors[2]] },
        { weights, factors: [truth.loadings, truth.units] },
      );
      expect(score).toBeGreaterThan(0.98);
      expect(found.relativeDeviance).toBeLessThan(0.5);
    }
  });
  test("never raises the loss, says that of its rates, and lowers it no more where it has converged", () => {
    for (const accelerate of [true, false]) {
      const { trials } = planted(drawOf(3), 8, 2, 1),
        states = [...parafac2PoissonSweeps(trials, 2, { starts: 1, sweeps: 80, tolerance: 0, ridge: 0.1, accelerate })];
      states.slice(1).forEach((now, i) => expect(now.relativeDeviance).toBeLessThanOrEqual(states[i].relativeDeviance));
      expect(states[79].relativeDeviance).toBeLessThan(states[0].relativeDeviance);
      for (const now of [states[0], states[79]]) expect(lossOf(trials, parafac2Rates(now))).toBeCloseTo(now.loss, 12);
    }
  });
  test("rates of every unit sum to its counts, and the relative deviance is that of the rates", () => {
    const { trials } = planted(drawOf(4), 6, 2, 2),
      found = parafac2Poisson(trials, 2, { starts: 1, sweeps: 30 }),
      rates = parafac2Rates(found),
      sums = (of: readonly Matrix[], j: number) =>
        of.reduce((sum, { data }) => sum + data.reduce((part, x, i) => part + (i % 6 === j ? x : 0), 0), 0),
      bins = lengths.reduce((sum, length) => sum + length, 0);
    for (let j = 0; j < 6; j++) expect(sums(rates, j)).toBeCloseTo(sums(trials, j), 8);
    const deviance = (of: readonly Matrix[]) =>
      trials.reduce(
        (sum, { data }, k) =>
          sum +
          data.reduce((part, x, i) => {
            const rate = of[k].data[i];
            return part + (x > 0 ? x * Math.log(x / rate) : 0) - x + rate;
          }, 0),
        0,
      );
    const constant = trials.map(({ shape, data }) => ({ shape, data: data.map((_, i) => sums(trials, i % 6) / bins) }));
    expect(deviance(rates) / deviance(constant)).toBeCloseTo(found.relativeDeviance, 12);
  });
  test("the gradient along every shared factor vanishes at the end, by differences of the loss", () => {
    const { trials } = planted(drawOf(5), 6, 2, 3),
      early = parafac2Poisson(trials, 2, { starts: 1, sweeps: 2, ridge: 0.3 }),
      found = parafac2Poisson(trials, 2, { starts: 1, sweeps: 300, tolerance: 0, ridge: 0.3 });
    const penalized = (model: typeof found) => {
      const count = trials.reduce((sum, { data }) => sum + data.length, 0),
        squares = parafac2ToTrials(model).reduce((sum, { data }) => sum + data.reduce((s, m) => s + m * m, 0), 0);
      return lossOf(trials, parafac2Rates(model)) + (0.15 * squares) / count;
    };
    const slopes = (model: typeof found) =>
      model.factors.flatMap((factor, mode) =>
        Array.from(factor.data, (_, i) => {
          const [above, below] = [1e-4, -1e-4].map((step) => {
            const data = factor.data.slice();
            data[i] += step;
            const factors = model.factors.map((f, n) => (n === mode ? { shape: f.shape, data } : f));
            return penalized({ ...model, factors });
          });
          return Math.abs(above - below) / 2e-4;
        }),
      );
    expect(Math.max(...slopes(found))).toBeLessThan(1e-3 * Math.max(...slopes(early)));
  });
  test("does not read what is missing, and predicts hidden counts better than constant rates do", () => {
    const draw = drawOf(7),
      truth = planted(draw, 20, 2, 5),
      mask = truth.trials.map(({ shape, data }) => ({ shape, data: data.map(() => (draw.uniform() < 0.15 ? 0 : 1)) })),
      holed = truth.trials.map(({ shape, data }, k) => ({
        shape,
        data: data.map((x, i) => (mask[k].data[i] ? x : NaN)),
      })),
      hidden = mask.map(({ shape, data }) => ({ shape, data: data.map((seen) => 1 - seen) }));
    const states = [...parafac2PoissonSweeps(holed, 2, { mask, starts: 1, sweeps: 100, ridge: 0.2 })],
      found = states[states.length - 1];
    states.slice(1).forEach((now, i) => expect(now.relativeDeviance).toBeLessThanOrEqual(states[i].relativeDeviance));
    expect(lossOf(holed, parafac2Rates(found), mask)).toBeCloseTo(found.loss, 12);
    const constant = parafac2Poisson(holed, 1, { mask, ridge: 1e9, starts: 1 });
    expect(constant.relativeDeviance).toBeGreaterThan(0.999);
    const left = lossOf(truth.trials, parafac2Rates(found), hidden),
      none = lossOf(truth.trials, parafac2Rates(constant), hidden),
      true_ = lossOf(
        truth.trials,
        truth.modulations.map(({ shape, data }) => ({ shape, data: data.map((m) => 5 * Math.exp(m)) })),
        hidden,
      );
    expect((none - left) / (none - true_)).toBeGreaterThan(0.7);
  });
  test("resumes bit for bit, also from a copy, and one seed gives one result", () => {
    const { trials } = planted(drawOf(8), 6, 2, 1),
      options = { starts: 1, tolerance: 0, ridge: 0.1, shortestPeriod: 6 },
      whole = parafac2Poisson(trials, 2, { ...options, sweeps: 30 }),
      half = parafac2Poisson(trials, 2, { ...options, sweeps: 11 }),
      rest = parafac2Poisson(trials, 2, { ...options, sweeps: 19, start: structuredClone(half) });
    expect(rest.raw).toEqual(whole.raw);
    expect(rest.relativeDeviance).toBe(whole.relativeDeviance);
    expect(parafac2Poisson(trials, 2, { seed: 4, sweeps: 40 })).toEqual(
      parafac2Poisson(trials, 2, { seed: 4, sweeps: 40 }),
    );
  });
  test("wrong calls are refused by name", () => {
    const { trials } = planted(drawOf(9), 3, 2, 2),
      found = parafac2Poisson(trials, 1, { sweeps: 3 });
    const refused = (work: () => unknown, text: string) => {
      expect(work).toThrow(LtrnnError);
      expect(work).toThrow(text);
    };
    refused(() => parafac2Poisson([tensor([2, 1], [1, 0.5])], 1), "0.5 at index [1, 0] of trial 0");
    refused(() => parafac2Poisson([tensor([1, 1], [1]), tensor([1, 1], [-1])], 1), "-1 at index [0, 0] of trial 1");
    refused(() => parafac2Poisson([tensor([2, 2], [1, 0, 1, 0])], 1), "zeros alone from unit 1");
    refused(() => parafac2Poisson(trials, 4), "a rank of at most 3, the number of units");
    refused(() => parafac2Poisson(trials, 2, { start: found }), "start.raw.factors[0] of shape 14 × 2");
    refused(
      () => parafac2Poisson(trials, 1, { start: { ...found, curvature: { ...found.curvature, units: zeros([3]) } } }),
      "3 numbers above 0 in start.curvature.units",
    );
    refused(() => parafac2Rates({ ...found, offsets: zeros([2]) }), "3 offsets, one per unit");
  });
});
