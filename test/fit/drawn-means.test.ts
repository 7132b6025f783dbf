import { expect, test } from "vitest";
import { random } from "../../src/base";
import { drawnMeans, priorDeviations } from "../../src/fit/drawn-means";
import { fitObjective } from "../../src/fit/fit-objective";
import { readFitOptions } from "../../src/fit/fit-options";
import { poseFit } from "../../src/fit/pose-fit";
import { partPenalty } from "../../src/fit/penalties";
import { pseudoInverse } from "../../src/linalg";
import { gaussianTrialFactors } from "../../src/parts";
import { matmul, tensor, transpose, zeros, type Matrix, type Params, type Tensor3 } from "../../src/tensor";
import { draw } from "../support/sweep";

const [trials, units, deviation] = [6, 3, 0.4],
  prior = gaussianTrialFactors({ times: [0, 1, 2, 3, 4, 5], length: 2, noise: 0.3 }),
  d = draw(7),
  noise = d.normal([trials, 1, units]);

/**
 * One step of an identity network from one initial state, `y_k = (x_0 + a c(k) b' x_0) / 2`: linear in the factors. The
 * problem has its noise for the prior, times `share`; the design is told by hand.
 */
function linearProblem(share: number) {
  const activity = noise,
    given = readFitOptions("test", {
      decoder: "identity",
      inputs: 1,
      network: { phi: "identity", tau: 2, trialKernel: prior },
      training: { penalties: { noiseShare: 0.5 } },
    }),
    posed = poseFit("test", activity, 1, given),
    problem = { ...posed, priorWeight: (share * deviation * deviation) / (trials * units) },
    unit = [0.6, 0, 0.8],
    x0 = [1, -2, 1.5];
  const params: Params = {
    ...problem.start(1),
    a: tensor([3, 1], [2, 1, 2]),
    b: tensor([3, 1], unit),
    m: tensor([1], [0]),
    x0: tensor([1, 3], x0),
    u: zeros([1, 1, 1]),
    bias: zeros([3]),
  };
  const kappa = unit.reduce((sum, b, i) => sum + b * x0[i], 0),
    design: Matrix = {
      shape: [trials * units, trials],
      data: Float64Array.from({ length: trials * units * trials }, (_, at) => {
        const [row, j] = [Math.floor(at / trials), at % trials],
          a = [2 / 3, 1 / 3, 2 / 3][row % units];
        return 0.5 * a * kappa * prior.root.data[Math.floor(row / units) * trials + j];
      }),
    };
  return { problem, params, design, start: x0.map((x) => x / 2) };
}

type Linear = ReturnType<typeof linearProblem>;

/** The slope of the fit's own objective in z. */
function slopeAt({ problem, params }: Linear, activity: Tensor3, priorMeans: Params, z: Matrix): Float64Array {
  const objective = fitObjective("test", { ...problem, activity, priorMeans });
  return (objective({ ...params, z }, 0).gradients.z as Matrix).data;
}

/** The inverse of its curvature in z, which is the same everywhere. */
function inverseCurvature(linear: Linear): Matrix {
  const curvature = zeros([trials, trials]),
    slope = (z: Matrix) => slopeAt(linear, noise, {}, z),
    at0 = slope(zeros([trials, 1]));
  for (let j = 0; j < trials; j++) {
    const z = zeros([trials, 1]);
    z.data[j] = 1;
    slope(z).forEach((x, i) => {
      curvature.data[i * trials + j] = x - at0[i];
    });
  }
  return pseudoInverse(curvature);
}

test.each([1, 5])(
  "refits of noisy data about drawn means spread as the fit does about truths of the prior, noise %d times too large",
  (share) => {
    const linear = linearProblem(share),
      { problem, params, design, start } = linear,
      z = tensor([trials, 1], [1, -1, 0.5, 2, 0, -1.5]),
      deviations = priorDeviations(problem, params),
      signal = matmul(design, z).data,
      inverse = inverseCurvature(linear),
      stream = random(1, "refits"),
      draws = 2000,
      covariance = zeros([trials, trials]),
      mean = new Float64Array(trials);
    expect([...(deviations.z?.data ?? [])]).toEqual(new Array(trials).fill(1));
    expect(deviations.m?.data[0]).toBe(0);
    expect(deviations.a).toBeUndefined(); // has no prior
    for (let n = 0; n < draws; n++) {
      const activity: Tensor3 = {
          shape: [trials, 1, units],
          data: signal.map((x, i) => x + start[i % units] + deviation * stream.normal()),
        },
        means = drawnMeans(deviations, { ...params, z }, stream);
      expect(means.m?.data[0]).toBe(0);
      // the z of least loss, all else fixed, is one step of Newton from 0; off from the truth by
      const slope = slopeAt(linear, activity, means, zeros([trials, 1])),
        off = matmul(inverse, { shape: [trials, 1], data: slope }).data.map((x, i) => -x - z.data[i]);
      for (let i = 0; i < trials; i++) {
        mean[i] += off[i] / draws;
        for (let j = 0; j < trials; j++) covariance.data[i * trials + j] += (off[i] * off[j]) / draws;
      }
    }
    // by dense algebra: G (s² X'X + w² I) G with G = (X'X + w I)^-1, which is s² G, the posterior's, where w = s²
    const s2 = deviation * deviation,
      products = matmul(transpose(design), design),
      plus = (by: number): Matrix => ({
        shape: products.shape,
        data: products.data.map((x, i) => x + (i % (trials + 1) === 0 ? by : 0)),
      }),
      g = pseudoInverse(plus(share * s2)),
      inner: Matrix = {
        shape: products.shape,
        data: products.data.map((x, i) => s2 * x + (i % (trials + 1) === 0 ? (share * s2) ** 2 : 0)),
      },
      wanted = matmul(matmul(g, inner), g);
    if (share === 1)
      wanted.data.forEach((x, i) => {
        expect(x).toBeCloseTo(s2 * g.data[i], 12);
      });
    for (let i = 0; i < trials; i++) {
      const spread = Math.sqrt(wanted.data[i * (trials + 1)]);
      expect(Math.abs(mean[i])).toBeLessThan((4 * spread) / Math.sqrt(draws)); // they are about the fit
      for (let j = 0; j < trials; j++) {
        const scale = spread * Math.sqrt(wanted.data[j * (trials + 1)]);
        // the error of a covariance of 2000 draws is at most sqrt(2 / 2000) of the product of deviations
        expect(Math.abs(covariance.data[i * trials + j] - wanted.data[i * trials + j])).toBeLessThan(0.13 * scale);
      }
    }
  },
);

test("a penalty about means is that about 0 of what lies between, with its gradient", () => {
  const { problem, params } = linearProblem(1),
    z = tensor([trials, 1], [1, 2, 3, 4, 5, 6]),
    priorMeans = { z: tensor([trials, 1], [1, 1, 1, 0, 0, 7]) },
    about = partPenalty({ ...problem, priorMeans }, { ...params, z }),
    between = [0, 1, 2, 4, 5, -1],
    weight = problem.priorWeight;
  expect(about?.value).toBeCloseTo((weight * between.reduce((sum, x) => sum + x * x, 0)) / 2, 14);
  about?.gradients.z?.data.forEach((slope, i) => {
    expect(slope).toBeCloseTo(weight * between[i], 14);
  });
  expect(partPenalty(problem, { ...params, z })?.value).toBeCloseTo((weight * 91) / 2, 14);
});
