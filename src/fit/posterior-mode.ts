import { fail } from "../base";
import { solveSymmetric } from "../linalg";
import type { LinearPrior } from "../parts";
import { matmul, transpose, type Matrix, type Tensor3 } from "../tensor";
import type { FactorInformation } from "./factor-information";
import { factorPosterior, type FactorPosterior } from "./factor-posterior";

/** Where to look for the trial factors of largest posterior probability. */
export interface PosteriorSearch {
  readonly prior: LinearPrior;
  information(c: Matrix): FactorInformation;
  /** factors to begin at (trials × rank) */
  readonly begin: Matrix;
  /** observed entries */
  readonly entries: number;
  /** parameters that are not of trial factors */
  readonly shared: number;
  /** mean square of the activity: less noise than rounding of it is none */
  readonly scale: number;
  /** sees the sum of squared residuals at `begin` */
  check(squares: number): void;
}

export interface PosteriorMode {
  readonly c: Matrix;
  readonly covariances: Tensor3;
  /** of the noise */
  readonly variance: number;
  readonly effectiveParameters: number;
  readonly status: "converged" | "exhausted";
}

/** Steps of Gauss and Newton at most, and rounds of them, each with the noise that the last one left. */
const mostSteps = 30,
  mostRounds = 10;

/** Of minus the logarithm of the posterior: a thousandth of a standard deviation from its least. */
const nearEnough = 1e-6;

/** Trial factors of largest posterior probability, and their covariances there, by steps of Gauss and Newton. */
export function posteriorMode(where: string, search: PosteriorSearch): PosteriorMode {
  const { prior, information, begin } = search;
  search.check(information(begin).squares);
  let theta = nearest(prior, begin),
    now = information(matmul(prior.design, theta)),
    effective = 0;
  for (let round = 1; ; round++) {
    const variance = noiseVariance(where, search, now.squares, effective),
      settled = settle(where, search, variance, { theta, now });
    ({ theta, now } = settled);
    const covariances = settled.posterior.covariances();
    effective = now.products.data.reduce((sum, x, index) => sum + x * covariances.data[index], 0) / variance;
    const change = noiseVariance(where, search, now.squares, effective) / variance - 1,
      done = Math.abs(change) < 1e-3;
    if (done || round === mostRounds)
      return {
        c: matmul(prior.design, theta),
        covariances,
        variance,
        effectiveParameters: effective,
        status: done && settled.converged ? "converged" : "exhausted",
      };
  }
}

interface Place {
  readonly theta: Matrix;
  readonly now: FactorInformation;
}

/** Downhill with one noise variance, each step halved until the posterior rises. */
function settle(
  where: string,
  { prior, information }: PosteriorSearch,
  variance: number,
  start: Place,
): Place & { readonly posterior: FactorPosterior; readonly converged: boolean } {
  const energyOf = ({ theta, now }: Place) => now.squares / (2 * variance) + priorEnergy(prior, theta);
  let place = start;
  for (let step = 0; ; step++) {
    const posterior = factorPosterior(where, prior, place.now, variance, place.theta),
      converged = posterior.decrease < nearEnough;
    if (converged || step === mostSteps) return { ...place, posterior, converged };
    const energy = energyOf(place);
    let next: Place | undefined;
    for (let size = 1; size > 1e-3; size /= 2) {
      const theta = moved(place.theta, posterior.step, size),
        there = { theta, now: information(matmul(prior.design, theta)) };
      if (energyOf(there) < energy) {
        next = there;
        break;
      }
    }
    if (!next) return { ...place, posterior, converged: false };
    place = next;
  }
}

function noiseVariance(where: string, { entries, shared, scale }: PosteriorSearch, squares: number, effective: number) {
  const left = entries - shared - effective;
  if (left < 1)
    fail(where, {
      expected: "more observed entries than parameters, so that residuals say how large the noise is",
      got: `${entries} entries for ${Math.round(shared + effective)} parameters`,
      fix: "Fit fewer units, inputs or components, or more activity.",
    });
  return Math.max(squares / left, 1e-24 * scale) || 1;
}

const moved = (theta: Matrix, step: Matrix, size: number): Matrix => ({
  shape: theta.shape,
  data: theta.data.map((x, i) => x + size * step.data[i]),
});

function priorEnergy({ precision }: LinearPrior, { shape: [, rank], data }: Matrix): number {
  let energy = 0;
  for (let index = 0; index < data.length; index++)
    energy += (precision[Math.floor(index / rank)] * data[index] * data[index]) / 2;
  return energy;
}

/** Parameters that make these factors, or the nearest that the prior allows; of several, nearly the likeliest. */
function nearest({ design, precision }: LinearPrior, c: Matrix): Matrix {
  const across = transpose(design),
    whole = matmul(across, design),
    [count] = whole.shape;
  let trace = 0;
  for (let i = 0; i < count; i++) trace += whole.data[i * (count + 1)];
  for (let i = 0; i < count; i++) whole.data[i * (count + 1)] += (1e-12 * trace * (precision[i] + 1e-3)) / count;
  return solveSymmetric(whole, matmul(across, c)).x;
}
