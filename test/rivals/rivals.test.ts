import { expect, test } from "vitest";
import {
  conditionMean,
  reducedRankKernel,
  smoothedConditionMean,
  trialPca,
  type Baseline,
  type ChoosingOptions,
} from "../../src/baselines";
import { holdOut, observedMask } from "../../src/masks";
import { linearDynamics, maskedCp, sliceComponents } from "../../src/rivals";
import { emPasses } from "../../src/rivals/em";
import { kalmanSmoother } from "../../src/rivals/kalman";
import { nearPairCeiling, varianceExplained } from "../../src/scores";
import { tensor, zeros, type Matrix, type Tensor3 } from "../../src/tensor";
import { draw } from "../support/sweep";

const [trials, time, neurons] = [30, 8, 6],
  shape = [trials, time, neurons] as const;
const made = (value: (k: number, t: number, n: number) => number, noise: number, seed: number): Tensor3 => {
  const d = draw(seed).normal(shape).data;
  return {
    shape,
    data: d.map((z, i) => {
      const bin = Math.floor(i / neurons);
      return value(Math.floor(bin / time), bin % time, i % neurons) + noise * z;
    }),
  };
};
const d = draw(1),
  matrix = (rows: number, columns: number) => d.normal([rows, columns]).data;

/** Planted data, each made for one model. */
const worlds: Readonly<Record<string, () => { readonly activity: Tensor3; readonly conditions?: readonly number[] }>> =
  {
    conditionMean: () => ({
      activity: made((k, t, n) => Math.sin(t + n + 3 * (k % 2)), 0.5, 11),
      conditions: Array.from({ length: trials }, (_, k) => k % 2),
    }),
    smoothedConditionMean: () => {
      const slopes = matrix(6, time * neurons); // many directions, so that no low rank holds them
      return {
        activity: made(
          (k, t, n) =>
            [0, 1, 2, 3, 4, 5].reduce(
              (sum, m) => sum + Math.cos((Math.PI * m * k) / trials) * slopes[m * time * neurons + t * neurons + n],
              0,
            ),
          0.5,
          12,
        ),
      };
    },
    reducedRankKernel: () => {
      const slopes = matrix(1, time * neurons);
      return { activity: made((k, t, n) => Math.cos((6 * k) / trials) * slopes[t * neurons + n], 1.5, 13) };
    },
    trialPca: () => {
      const [scores, loadings] = [matrix(trials, 2), matrix(2, time * neurons)];
      return {
        activity: made(
          (k, t, n) =>
            scores[2 * k] * loadings[t * neurons + n] + scores[2 * k + 1] * loadings[(time + t) * neurons + n],
          0.1,
          14,
        ),
      };
    },
    maskedCp: () => {
      const [u, v, w] = [matrix(trials, 2), matrix(time, 2), matrix(neurons, 2)];
      return {
        activity: made(
          (k, t, n) => u[2 * k] * v[2 * t] * w[2 * n] + u[2 * k + 1] * v[2 * t + 1] * w[2 * n + 1],
          0.4,
          15,
        ),
      };
    },
    sliceComponents: () => {
      const [w, slices] = [matrix(neurons, 1), matrix(trials, time)];
      return { activity: made((k, t, n) => w[n] * slices[k * time + t], 0.3, 16) };
    },
    linearDynamics: () => {
      const c = matrix(neurons, 2),
        states: number[][] = [];
      for (let k = 0; k < trials; k++) {
        let [p, q] = [d.normal([1]).data[0], d.normal([1]).data[0]];
        for (let t = 0; t < time; t++) {
          states.push([p, q]);
          [p, q] = [
            0.9 * Math.cos(0.8) * p - 0.9 * Math.sin(0.8) * q,
            0.9 * Math.sin(0.8) * p + 0.9 * Math.cos(0.8) * q,
          ];
          p += 0.3 * d.normal([1]).data[0];
          q += 0.3 * d.normal([1]).data[0];
        }
      }
      return {
        activity: made(
          (k, t, n) => c[2 * n] * states[k * time + t][0] + c[2 * n + 1] * states[k * time + t][1],
          0.3,
          17,
        ),
      };
    },
  };
const models: Readonly<Record<string, (activity: Tensor3, options: ChoosingOptions) => Baseline>> = {
  conditionMean,
  smoothedConditionMean: (x, options) => smoothedConditionMean(x, { ...options, widths: [1, 2, 4, 8] }),
  reducedRankKernel: (x, options) => reducedRankKernel(x, { ...options, widths: [1, 2, 4, 8], ranks: [1, 2] }),
  trialPca: (x, options) => trialPca(x, { ...options, ranks: [1, 2], passes: 200 }),
  maskedCp: (x, options) => maskedCp(x, { ...options, ranks: [1, 2], passes: 60 }),
  sliceComponents: (x, options) =>
    sliceComponents(x, {
      ...options,
      passes: 30,
      ranks: [
        [1, 0, 0],
        [0, 0, 1],
      ],
    }),
  linearDynamics: (x, options) => linearDynamics(x, { ...options, ranks: [2], passes: 25 }),
};
/** Whole bins of all neurons are held out, but for sliceTCA, whose neuron components are tied by other neurons. */
const halfOf = (name: string): [number, number, number] =>
  name === "sliceComponents" || name === "trialPca"
    ? [0, 0, 0]
    : [0, name === "maskedCp" ? 1 : 0, Number.POSITIVE_INFINITY];

test.each(Object.keys(worlds))("%s wins where it must, and never reads what is held out", (name) => {
  const { activity, conditions } = worlds[name](),
    {
      train,
      validation,
      test: over,
    } = holdOut(observedMask(activity), { half: halfOf(name), seed: 3, test: 0.15, validation: 0.15 }),
    hidden: Tensor3 = { shape, data: activity.data.map((x, i) => (over.data[i] === 0 ? x : Number.NaN)) },
    options = { train, validation, ...(conditions ? { conditions } : {}) },
    scores = Object.entries(models).map(
      ([model, make]) =>
        [model, varianceExplained(activity, make(hidden, options).prediction, { train, over })] as const,
    ),
    best = scores.reduce((p, q) => (q[1] > p[1] ? q : p));
  // where trials differ by noise alone there is nothing else to find: no model is better by more than chance
  if (name === "conditionMean") expect(best[1] - scores[0][1], JSON.stringify(scores)).toBeLessThan(0.01);
  else expect(best[0], JSON.stringify(scores)).toBe(name);
});

test("smoothed states and the log likelihood are those of the joint normal distribution, entries missing", () => {
  const a = [0.8, 0.3, -0.2, 0.7],
    c = [1, 0.5, -0.3, 0.8, 0.6, -1],
    steps = 4,
    system = {
      a: tensor([2, 2], a),
      q: tensor([2, 2], [0.3, 0.1, 0.1, 0.4]),
      c: tensor([3, 2], c),
      r: Float64Array.of(0.2, 0.3, 0.5),
      mean: tensor([2, 1], [0.4, -0.6]) as Matrix,
      start: tensor([2, 2], [1, 0.2, 0.2, 0.7]),
    },
    y = draw(8).normal([steps * 3]).data,
    mask = Float64Array.of(1, 0, 1, 0, 0, 0, 1, 1, 0, 1, 1, 1);
  // covariance of all states: cov(x_s, x_t) = A^(s - t) P_t for s >= t
  const p: number[][] = [[1, 0.2, 0.2, 0.7]],
    m: number[][] = [[0.4, -0.6]],
    times = (x: number[], z: number[]) => [
      x[0] * z[0] + x[1] * z[2],
      x[0] * z[1] + x[1] * z[3],
      x[2] * z[0] + x[3] * z[2],
      x[2] * z[1] + x[3] * z[3],
    ],
    at = [a[0], a[2], a[1], a[3]];
  for (let t = 1; t < steps; t++) {
    p.push(times(times(a, p[t - 1]), at).map((v, i) => v + [0.3, 0.1, 0.1, 0.4][i]));
    m.push([a[0] * m[t - 1][0] + a[1] * m[t - 1][1], a[2] * m[t - 1][0] + a[3] * m[t - 1][1]]);
  }
  const cov = (s: number, i: number, t: number, j: number): number => {
    if (s < t) return cov(t, j, s, i);
    let power = [1, 0, 0, 1];
    for (let step = t; step < s; step++) power = times(a, power);
    return times(power, p[t])[2 * i + j];
  };
  const seen = [...mask.keys()].filter((i) => mask[i] === 1),
    cross = (t: number, j: number, i: number) =>
      c[2 * (i % 3)] * cov(t, j, Math.floor(i / 3), 0) + c[2 * (i % 3) + 1] * cov(t, j, Math.floor(i / 3), 1),
    g = seen.map((i) =>
      seen.map(
        (k) =>
          c[2 * (i % 3)] * cross(Math.floor(i / 3), 0, k) +
          c[2 * (i % 3) + 1] * cross(Math.floor(i / 3), 1, k) +
          (i === k ? system.r[i % 3] : 0),
      ),
    ),
    left = seen.map(
      (i) => y[i] - c[2 * (i % 3)] * m[Math.floor(i / 3)][0] - c[2 * (i % 3) + 1] * m[Math.floor(i / 3)][1],
    );
  // Gauss elimination gives the solution and the determinant
  const rows = g.map((row, i) => [...row, left[i]]);
  let logDet = 0;
  rows.forEach((row, i) => {
    logDet += Math.log(row[i]);
    for (let k = 0; k < rows.length; k++) {
      if (k === i) continue;
      const factor = rows[k][i] / row[i];
      rows[k] = rows[k].map((value, j) => value - factor * row[j]);
    }
  });
  const solved = rows.map((row, i) => row[rows.length] / row[i]),
    got = kalmanSmoother(system, y, mask, 0, steps);
  for (let t = 0; t < steps; t++)
    for (let j = 0; j < 2; j++)
      expect(got.means[t].data[j]).toBeCloseTo(
        m[t][j] + seen.reduce((sum, i, s) => sum + cross(t, j, i) * solved[s], 0),
        10,
      );
  const fit = left.reduce((sum, value, s) => sum + value * solved[s], 0);
  expect(got.logLikelihood).toBeCloseTo(-(fit + logDet + seen.length * Math.log(2 * Math.PI)) / 2, 10);
});

test("no pass of expectation maximization lowers the likelihood", () => {
  const activity = worlds.linearDynamics().activity,
    mask = observedMask(activity).data.map((_, i) => (i % 7 === 3 ? 0 : 1));
  let before = Number.NEGATIVE_INFINITY,
    pass = 0;
  for (const { logLikelihood } of emPasses({ shape, data: activity.data.map((x, i) => x * mask[i]) }, mask, 2, 0)) {
    expect(logLikelihood).toBeGreaterThan(before - 1e-6);
    before = logLikelihood;
    if (++pass === 15) break;
  }
});

test("the ceiling of near pairs is the share of variance that is no noise", () => {
  const signal = (k: number, t: number, n: number) => 2 * Math.sin(t + n) * (1 + k / 60),
    activity = made(signal, 1, 21),
    clean = made(signal, 0, 21),
    all = observedMask(activity),
    truth = varianceExplained(activity, clean, { train: all, over: all }),
    { ceiling, pairs } = nearPairCeiling(activity);
  expect(pairs).toBe(trials - 1);
  expect(Math.abs((ceiling ?? NaN) - truth)).toBeLessThan(0.05);
  expect(nearPairCeiling(zeros([3, 2, 2]))).toEqual({ ceiling: null, pairs: 2 });
  expect(nearPairCeiling(activity, { conditions: Array.from({ length: trials }, (_, k) => k) }).pairs).toBe(0);
});

test.each([1, 2, 3, 4])("linear dynamics are the same in every unit of the activity: draw %d", (seed) => {
  const activity = draw(seed).normal([6, 8, 3]),
    validation = { shape: activity.shape, data: activity.data.map((_, i) => (i % 5 === 3 ? 1 : 0)) },
    train = { shape: activity.shape, data: validation.data.map((v) => 1 - v) };
  const found = (exponent: number) => {
    const data = activity.data.map((x) => x * 2 ** exponent),
      options = { train, validation, ranks: [1, 2], passes: 12 },
      { chosen, prediction } = linearDynamics({ shape: activity.shape, data }, options);
    return { chosen, data: prediction.data.map((x) => x * 2 ** -exponent) };
  };
  const { chosen, data } = found(0);
  for (const exponent of [-900, 900]) {
    const other = found(exponent);
    expect(other.chosen).toBe(chosen);
    other.data.forEach((x, i) => expect(Math.abs(x - data[i])).toBeLessThan(1e-9));
  }
});
