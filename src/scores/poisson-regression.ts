import { exp, log, square } from "../base";
import { solveSymmetric } from "../linalg";
import { zeros, type Matrix } from "../tensor";

/** A rate `exp(offset + weights · x)`. */
export interface PoissonMap {
  readonly weights: Float64Array;
  readonly offset: number;
  readonly converged: boolean;
}

/**
 * Poisson regression of counts on the rows of x: `mean(rate - y log rate) + ridge / 2 |weights|²` is minimized by
 * Newton steps, each halved until it lowers this cost. The offset is not penalized; where all counts are zero, the rate
 * is that of half a count in total.
 *
 * @param x - (samples × features)
 * @see McCullagh & Nelder (1989), Generalized Linear Models, section 2.5
 */
export function poissonRegression(x: Matrix, y: Float64Array, ridge: number): PoissonMap {
  const [samples, features] = x.shape,
    total = y.reduce((sum, count) => sum + count, 0);
  let at = zeros([features + 1, 1]).data;
  at[features] = log((total || 0.5) / samples);
  if (total === 0) return { weights: at.subarray(0, features), offset: at[features], converged: true };
  const etaOf = (p: Float64Array, i: number) => {
    let eta = p[features];
    for (let f = 0; f < features; f++) eta += p[f] * x.data[i * features + f];
    return eta;
  };
  const costOf = (p: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < samples; i++) {
      const eta = etaOf(p, i);
      sum += exp(eta) - y[i] * eta;
    }
    for (let f = 0; f < features; f++) sum += (samples * ridge * square(p[f])) / 2;
    return sum / samples;
  };
  let cost = costOf(at);
  for (let step = 0; step < 100; step++) {
    const { gradient, curvature } = derivatives(x, y, ridge, at, etaOf),
      move = solveSymmetric(curvature, gradient).x.data,
      decrement = move.reduce((sum, value, i) => sum + value * gradient.data[i], 0);
    // where Newton steps converge quadratically, one more full step is exact to rounding
    if (decrement <= 1e-9 * Math.max(1, Math.abs(cost))) {
      const end = at.map((value, i) => value - move[i]);
      return { weights: end.slice(0, features), offset: end[features], converged: true };
    }
    let moved = false;
    for (let size = 1; size > 1e-12 && !moved; size /= 2) {
      const next = at.map((value, i) => value - size * move[i]),
        there = costOf(next);
      if (there < cost) [at, cost, moved] = [next, there, true];
    }
    if (!moved) return { weights: at.slice(0, features), offset: at[features], converged: false };
  }
  return { weights: at.slice(0, features), offset: at[features], converged: false };
}

/** The gradient of the cost, and its second derivatives, at weights and offset. */
function derivatives(
  x: Matrix,
  y: Float64Array,
  ridge: number,
  at: Float64Array,
  etaOf: (p: Float64Array, i: number) => number,
): { readonly gradient: Matrix; readonly curvature: Matrix } {
  const [samples, features] = x.shape,
    size = features + 1,
    gradient = zeros([size, 1]),
    curvature = zeros([size, size]),
    row = new Float64Array(size).fill(1);
  for (let i = 0; i < samples; i++) {
    const rate = exp(etaOf(at, i));
    row.set(x.data.subarray(i * features, (i + 1) * features));
    for (let p = 0; p < size; p++) {
      gradient.data[p] += ((rate - y[i]) * row[p]) / samples;
      for (let q = 0; q < size; q++) curvature.data[p * size + q] += (rate * row[p] * row[q]) / samples;
    }
  }
  for (let f = 0; f < features; f++) {
    gradient.data[f] += ridge * at[f];
    curvature.data[f * size + f] += ridge;
  }
  return { gradient, curvature };
}
