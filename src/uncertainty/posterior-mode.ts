import { fail } from "../base";
import { solveSymmetric } from "../linalg";
import { matmul, transpose, type Matrix } from "../tensor";
import { factorPosterior } from "./factor-posterior";
import type { LinearPrior } from "./linear-prior";
import { factorTangents } from "./tangent";
import { tangentInformation, type Information, type Observations } from "./tangent-information";

/** Where to look for the trial factors of largest posterior probability. */
export interface PosteriorSearch {
  readonly prior: LinearPrior;
  readonly observations: Observations;
  /** trial factors to begin at (trials × rank) */
  readonly begin: Matrix;
  /** observed entries */
  readonly entries: number;
  /** parameters that are not of trial factors */
  readonly shared: number;
  /** less noise than this is rounding */
  readonly leastVariance: number;
}

export interface PosteriorMode {
  /** in the parameters of the prior (parameters × rank) */
  readonly theta: Matrix;
  /** (trials × rank) */
  readonly c: Matrix;
  /** of the noise */
  readonly variance: number;
  /** effective number of parameters of the factors */
  readonly effective: number;
  readonly converged: boolean;
}

/** Largest number of Gauss-Newton steps, and of rounds of them, each with the residual noise of the previous one. */
const mostSteps = 30,
  mostRounds = 10;

/** Of minus the logarithm of the posterior: a thousandth of a standard deviation from its least. */
const nearEnough = 1e-6;

/** Trial factors of largest posterior probability, with all else fixed, and their residual noise. */
export function posteriorMode(where: string, search: PosteriorSearch): PosteriorMode {
  const { prior, begin } = search;
  let place = placeAt(search, nearest(prior, begin)),
    effective = 0;
  for (let round = 1; ; round++) {
    const variance = noiseVariance(where, search, place.now.squares, effective),
      settled = settle(where, search, variance, place);
    place = settled.place;
    const { data } = settled.posterior.covariances();
    effective = place.now.products.data.reduce((sum, x, index) => sum + x * data[index], 0) / variance;
    const left = noiseVariance(where, search, place.now.squares, effective),
      steady = Math.abs(left / variance - 1) < 1e-3;
    if (steady || round === mostRounds)
      return { theta: place.theta, c: place.c, variance: left, effective, converged: steady && settled.converged };
  }
}

/** Parameters, their factors, and the information of the activity there. */
interface Place {
  readonly theta: Matrix;
  readonly c: Matrix;
  readonly now: Information;
}

function placeAt({ prior, observations }: PosteriorSearch, theta: Matrix): Place {
  const c = matmul(prior.design, theta);
  return { theta, c, now: tangentInformation(observations, c, factorTangents(theta.shape[1])) };
}

/** Downhill with one noise variance, each step halved until the posterior rises. */
function settle(where: string, search: PosteriorSearch, variance: number, start: Place) {
  const { prior } = search,
    energyOf = ({ theta, now }: Place) => now.squares / (2 * variance) + priorEnergy(prior, theta);
  let place = start;
  for (let count = 0; ; count++) {
    const posterior = factorPosterior(where, prior, place.now, place.theta, variance),
      converged = posterior.fall < nearEnough;
    if (converged || count === mostSteps) return { place, posterior, converged };
    const energy = energyOf(place);
    let next: Place | undefined;
    for (let size = 1; size > 1e-3 && !next; size /= 2) {
      const there = placeAt(search, moved(place.theta, posterior.step, size));
      if (energyOf(there) < energy) next = there;
    }
    if (!next) return { place, posterior, converged: false };
    place = next;
  }
}

const moved = (theta: Matrix, step: Matrix, size: number): Matrix => ({
  shape: theta.shape,
  data: theta.data.map((x, i) => x + size * step.data[i]),
});

function noiseVariance(
  where: string,
  { entries, shared, leastVariance }: PosteriorSearch,
  squares: number,
  effective: number,
): number {
  const left = entries - shared - effective;
  if (left < 1)
    fail(where, {
      expected: "more observed entries than parameters, so that residuals say how large the noise is",
      got: `${entries} entries for ${Math.round(shared + effective)} parameters`,
      fix: "Fit fewer units, inputs or components, or more activity.",
    });
  return Math.max(squares / left, leastVariance);
}

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
