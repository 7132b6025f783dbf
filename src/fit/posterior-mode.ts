import { fail } from "../base";
import { solveSymmetric } from "../linalg";
import type { LinearPrior } from "../parts";
import { matmul, transpose, type Matrix } from "../tensor";
import { factorInformation, type FactorInformation, type Observations } from "./factor-information";
import { factorCovariances, precisionRoot } from "./posterior-precision";
import { backSubstituted, forwardSubstituted } from "./triangular";

/** Where to look for the trial factors of largest posterior probability. */
export interface PosteriorSearch {
  readonly prior: LinearPrior;
  readonly observations: Observations;
  /** observed entries */
  readonly entries: number;
  /** parameters that are not of trial factors */
  readonly shared: number;
  /** less noise than this is rounding */
  readonly leastVariance: number;
}

export interface PosteriorMode {
  /** (trials × rank) */
  readonly c: Matrix;
  /** of the noise */
  readonly variance: number;
  /** how many parameters the factors are worth */
  readonly effective: number;
  readonly converged: boolean;
}

/** Steps of Gauss and Newton at most, and rounds of them, each with the noise that the last one left. */
const mostSteps = 30,
  mostRounds = 10;

/** Of minus the logarithm of the posterior: a thousandth of a standard deviation from its least. */
const nearEnough = 1e-6;

/** Trial factors of largest posterior probability, with all else fixed, and the noise that they leave. */
export function posteriorMode(where: string, search: PosteriorSearch): PosteriorMode {
  const { prior, observations } = search,
    { rank } = observations.model;
  let place = placeAt(search, nearest(prior, observations.model.params.c)),
    effective = 0;
  for (let round = 1; ; round++) {
    const variance = noiseVariance(where, search, place.now.squares, effective),
      settled = settle(where, search, variance, place);
    place = settled.place;
    const { data } = factorCovariances(settled.root, prior, rank);
    effective = place.now.products.data.reduce((sum, x, index) => sum + x * data[index], 0) / variance;
    const left = noiseVariance(where, search, place.now.squares, effective),
      steady = Math.abs(left / variance - 1) < 1e-3;
    if (steady || round === mostRounds)
      return { c: place.c, variance: left, effective, converged: steady && settled.converged };
  }
}

/** Parameters, the factors that they make, and what activity says there. */
interface Place {
  readonly theta: Matrix;
  readonly c: Matrix;
  readonly now: FactorInformation;
}

function placeAt({ prior, observations }: PosteriorSearch, theta: Matrix): Place {
  const c = matmul(prior.design, theta);
  return { theta, c, now: factorInformation(observations, c) };
}

/** Downhill with one noise variance, each step halved until the posterior rises. */
function settle(where: string, search: PosteriorSearch, variance: number, start: Place) {
  const { prior, observations } = search,
    { rank } = observations.model,
    energyOf = ({ theta, now }: Place) => now.squares / (2 * variance) + priorEnergy(prior, theta);
  let place = start;
  for (let step = 0; ; step++) {
    const root = precisionRoot(where, prior, place.now.products, rank, variance),
      half = forwardSubstituted(root, gradientAt(prior, place, variance)),
      fall = half.reduce((sum, x) => sum + x * x, 0) / 2;
    if (fall < nearEnough || step === mostSteps) return { place, root, converged: fall < nearEnough };
    const change = backSubstituted(root, half),
      energy = energyOf(place);
    let next: Place | undefined;
    for (let size = 1; size > 1e-3 && !next; size /= 2) {
      const { shape, data } = place.theta,
        there = placeAt(search, { shape, data: data.map((x, i) => x + size * change[i]) });
      if (energyOf(there) < energy) next = there;
    }
    if (!next) return { place, root, converged: false };
    place = next;
  }
}

/** Minus the gradient of minus the logarithm of the posterior, in theta, as a column. */
function gradientAt({ design, precision }: LinearPrior, { theta, now: { score } }: Place, variance: number): Matrix {
  const { data } = matmul(transpose(design), score),
    rank = score.shape[1];
  return {
    shape: [data.length, 1],
    data: data.map((x, index) => x / variance - precision[Math.floor(index / rank)] * theta.data[index]),
  };
}

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
