import type { FitOptions } from "../../src/fit";
import { drawWeights } from "../../src/fit/draw-weights";
import { firstColumns, orthonormalColumns, symmetricEigen } from "../../src/linalg";
import { gaussianTrialFactors, smoothModel, type SmoothFactors } from "../../src/parts";
import { simulate } from "../../src/run";
import { modeGram, tensor, zeros, type Matrix, type Tensor3 } from "../../src/tensor";
import { draw } from "./sweep";

/** What a planted network is made of. */
export interface Planted {
  readonly trials?: number;
  readonly steps?: number;
  readonly units?: number;
  readonly rank?: number;
  readonly conditions?: number;
  /** standard deviation of the noise, over the root mean square of the activity */
  readonly noise?: number;
  readonly trialKernel?: SmoothFactors & { readonly length: number };
  /** factors are independent between so many runs of trials of one length: they jump. Default 1 */
  readonly epochs?: number;
  /** columns are orthogonal, and rows read the principal directions of rates, so that no two components are alike */
  readonly apart?: boolean;
}

/** Activity of an ltrRNN whose trial factors are drawn from their prior, with noise; neurons are its units. */
export function plantedActivity(
  seed: number,
  {
    trials = 100,
    steps = 15,
    units = 16,
    rank = 2,
    conditions: count = 4,
    noise = 0.1,
    trialKernel = { kernel: "rbf", length: 8, sigma: 2, noise: 0.3 },
    epochs: runs = 1,
    apart = false,
  }: Planted = {},
) {
  const d = draw(seed),
    conditions = Array.from({ length: trials }, (_, k) => k % count),
    epochs = conditions.map((_, k) => Math.floor((k * runs) / trials)),
    factors = gaussianTrialFactors({ ...trialKernel, times: conditions.map((_, k) => k) }, { epochs });
  const free = {
      ...drawWeights({ units, rank, inputs: 2, staticRank: 0, span: "free" }, seed),
      m: tensor([rank], new Array(rank).fill(1)),
      z: d.normal([trials, rank]),
      x0: d.normal([count, units], 0.5),
    },
    [drawn] = smoothModel(free, factors, { tau: 3 });
  const courses = d.normal([count, steps, 2]).data,
    size = steps * 2,
    inputs = zeros([trials, steps, 2]);
  conditions.forEach((c, k) => inputs.data.set(courses.subarray(c * size, (c + 1) * size), k * size));
  const rates = apart ? simulate(drawn, inputs, { dt: 1, conditions }).rates : undefined,
    [model] = rates
      ? smoothModel({ ...free, a: orthonormalColumns(free.a), b: principal(rates, rank) }, factors, { tau: 3 })
      : [drawn],
    clean = simulate(model, inputs, { dt: 1, conditions }).outputs,
    deviation = noise * Math.sqrt(clean.data.reduce((sum, x) => sum + x * x, 0) / clean.data.length);
  const added = d.normal(clean.shape, deviation).data,
    activity: Tensor3 = { shape: clean.shape, data: clean.data.map((x, index) => x + added[index]) };
  return { model, inputs, conditions, epochs, activity, clean, deviation, trialKernel };
}

/** Options of a fit of one start that is told all but the network: prior, conditions and inputs. */
export const knownInputs = ({ conditions, inputs, trialKernel }: ReturnType<typeof plantedActivity>): FitOptions => ({
  conditions,
  inputs,
  decoder: "identity",
  network: { tau: 3, trialKernel },
  training: { starts: 1 },
});

/** The leading principal directions of rates. */
const principal = (rates: Tensor3, count: number): Matrix =>
  firstColumns(symmetricEigen(modeGram(rates, 2)).vectors, count);

/**
 * The share of true trial factors within so many standard deviations of the estimated ones, which are aligned first: by
 * the order that `assignment` says, and the scale and sign that fit each component best.
 */
export function coverageOf(
  truth: Matrix,
  { factors, deviations }: { readonly factors: Matrix; readonly deviations: Matrix },
  assignment: readonly number[],
  width: number,
): number {
  const [trials, rank] = truth.shape;
  let inside = 0;
  for (let r = 0; r < rank; r++) {
    const partner = assignment[r];
    let [both, own] = [0, 0];
    for (let k = 0; k < trials; k++) {
      both += truth.data[k * rank + r] * factors.data[k * rank + partner];
      own += factors.data[k * rank + partner] ** 2;
    }
    const scale = both / own;
    for (let k = 0; k < trials; k++) {
      const distance = Math.abs(truth.data[k * rank + r] - scale * factors.data[k * rank + partner]);
      if (distance <= width * Math.abs(scale) * deviations.data[k * rank + partner]) inside++;
    }
  }
  return inside / trials / rank;
}
