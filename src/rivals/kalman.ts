import { log } from "../base";
import { solveSymmetric, symmetricEigen, symmetricPart } from "../linalg";
import { identity, matmul, transpose, zeros, type Matrix } from "../tensor";

/** `x_t = A x_{t-1} + noise Q`, `y_t = C x_t + noise`, x_0 normal; noise of y is independent between neurons. */
export interface LinearSystem {
  readonly a: Matrix;
  readonly q: Matrix;
  readonly c: Matrix;
  /** variances of the noise of y, one per neuron */
  readonly r: Float64Array;
  /** mean (size × 1) and covariance of the first state */
  readonly mean: Matrix;
  readonly start: Matrix;
}

/** States of a trial given what is observed of all of it. */
export interface Smoothed {
  readonly means: readonly Matrix[];
  readonly covariances: readonly Matrix[];
  /** covariances of the states at t and t - 1; the first is that of nothing */
  readonly lagged: readonly Matrix[];
  readonly logLikelihood: number;
}

export const plus = (p: Matrix, q: Matrix, sign = 1): Matrix => ({
  shape: p.shape,
  data: p.data.map((value, i) => value + sign * q.data[i]),
});

const inverse = (g: Matrix): Matrix => symmetricPart(solveSymmetric(g, identity(g.shape[0]) as Matrix).x);

/**
 * Kalman filter and Rauch-Tung-Striebel smoother of one trial, entries with mask 0 unread: the information of the
 * entries of a bin adds up neuron by neuron.
 *
 * @param y - (time × neurons) from `offset` on
 */
export function kalmanSmoother(
  system: LinearSystem,
  y: Float64Array,
  mask: Float64Array,
  offset: number,
  time: number,
): Smoothed {
  const { a, q, c, r, mean, start } = system,
    [neurons, size] = c.shape,
    at = transpose(a);
  const predicted: Matrix[] = [],
    predictedP: Matrix[] = [],
    filtered: Matrix[] = [],
    filteredP: Matrix[] = [];
  let logLikelihood = 0;
  for (let t = 0; t < time; t++) {
    const x = t === 0 ? mean : matmul(a, filtered[t - 1]),
      p = t === 0 ? start : symmetricPart(plus(matmul(matmul(a, filteredP[t - 1]), at), q)),
      information = inverse(p),
      pull: Matrix = zeros([size, 1]);
    let fit = 0;
    for (let n = 0; n < neurons; n++) {
      const i = offset + t * neurons + n;
      if (mask[i] === 0) continue;
      let left = y[i];
      for (let s = 0; s < size; s++) left -= c.data[n * size + s] * x.data[s];
      fit += (left * left) / r[n] + log(2 * Math.PI * r[n]);
      for (let s = 0; s < size; s++) {
        const weight = c.data[n * size + s] / r[n];
        pull.data[s] += weight * left;
        for (let u = 0; u < size; u++) information.data[s * size + u] += weight * c.data[n * size + u];
      }
    }
    const after = inverse(information),
      move = matmul(after, pull);
    for (let s = 0; s < size; s++) fit -= pull.data[s] * move.data[s];
    logLikelihood -= (fit + logDeterminant(p) - logDeterminant(after)) / 2;
    predicted.push(x);
    predictedP.push(p);
    filtered.push(plus(x, move));
    filteredP.push(after);
  }
  const means = [...filtered],
    covariances = [...filteredP],
    lagged: Matrix[] = [zeros([size, size])];
  for (let t = time - 2; t >= 0; t--) {
    const gain = transpose(solveSymmetric(predictedP[t + 1], matmul(a, filteredP[t])).x);
    means[t] = plus(filtered[t], matmul(gain, plus(means[t + 1], predicted[t + 1], -1)));
    covariances[t] = symmetricPart(
      plus(filteredP[t], matmul(matmul(gain, plus(covariances[t + 1], predictedP[t + 1], -1)), transpose(gain))),
    );
    lagged[t + 1] = matmul(covariances[t + 1], transpose(gain));
  }
  return { means, covariances, lagged, logLikelihood };
}

const logDeterminant = (g: Matrix): number => symmetricEigen(g).values.reduce((sum, value) => sum + log(value), 0);
