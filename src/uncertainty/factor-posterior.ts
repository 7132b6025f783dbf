import { matmul, transpose, type Matrix, type Tensor3 } from "../tensor";
import type { LinearPrior } from "./linear-prior";
import { factorCovariances, precisionRoot, type SharedNumbers } from "./posterior-precision";
import type { Information } from "./tangent-information";
import { backSubstituted, forwardSubstituted } from "./triangular";

/**
 * The normal posterior of trial factors where activity is linear in them, `c = design theta`, and in what is shared.
 */
export interface FactorPosterior {
  /** from theta to the mean (parameters × rank) */
  readonly step: Matrix;
  /** by how much the step lowers minus the logarithm of the posterior */
  readonly fall: number;
  /** between the components of each trial (trials × rank × rank) */
  covariances(): Tensor3;
}

/**
 * One Gauss-Newton step: the normal posterior from activity and prior, about theta.
 *
 * @param information - in each trial's own factors, and then in what it shares
 */
export function factorPosterior(
  where: string,
  prior: LinearPrior,
  { products, score }: Information,
  theta: Matrix,
  variance: number,
  shared?: SharedNumbers,
): FactorPosterior {
  const [own, rank] = theta.shape,
    root = precisionRoot(where, prior, products, rank, variance, shared),
    slope = gradient(prior, score, theta, variance, shared),
    half = forwardSubstituted(root, { shape: [slope.length, 1], data: slope });
  return {
    step: { shape: [own, rank], data: backSubstituted(root, half).slice(0, own * rank) },
    fall: half.reduce((sum, x) => sum + x * x, 0) / 2,
    covariances: () => factorCovariances(root, prior, rank),
  };
}

/** Minus the gradient of minus the logarithm of the posterior. */
function gradient(
  { design, precision }: LinearPrior,
  score: Matrix,
  theta: Matrix,
  variance: number,
  shared: SharedNumbers | undefined,
): Float64Array {
  const [own, rank] = theta.shape,
    [trials, width] = score.shape,
    all = matmul(transpose(design), score), // (parameters × all tangents)
    out = new Float64Array(own * rank + (shared?.count ?? 0));
  for (let i = 0; i < own; i++)
    for (let r = 0; r < rank; r++)
      out[i * rank + r] = all.data[i * width + r] / variance - precision[i] * theta.data[i * rank + r];
  for (let k = 0; shared && k < trials; k++)
    shared.indices(k).forEach((place, e) => {
      out[own * rank + place] += score.data[k * width + rank + e] / variance;
    });
  return out;
}
