import { cholesky } from "../linalg";
import { zeros, type Matrix, type Vector } from "../tensor";

/** A smooth map from free, whitened parameters to trial factors, beside its adjoint. */
export interface TrialFactors {
  /** L, (trials × trials), lower triangular: L L' is the covariance */
  readonly root: Matrix;
  /** `c_r = m_r + L z_r` */
  factors(z: Matrix, m: Vector): Matrix;
  /** dL/dc into dL/dz = L' dc and dL/dm = the sum of dc over trials */
  adjoint(dc: Matrix): { readonly z: Matrix; readonly m: Vector };
}

/**
 * Trial factors as a Gaussian process, whitened: `c_r = m_r + L z_r` with L the Cholesky factor of the covariance, so that a step in z is a smooth step in c.
 *
 * @param covariance - (trials × trials), as {@link trialCovariance} gives it
 * @param jitter - added to its diagonal: rounding for smooth factors (the default), or the variance of independent trial-to-trial noise
 * @throws {@link LtrnnError} when the covariance is not positive definite
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36
 * @example gaussianTrialFactors(trialCovariance([0, 1, 2], { length: 5 })).factors(zeros([3, 2]), tensor([2], [1, -1])).data // [1, -1, 1, -1, 1, -1]
 */
export function gaussianTrialFactors(covariance: Matrix, jitter = 1e-6): TrialFactors {
  const n = covariance.shape[0];
  const root = cholesky({
    shape: covariance.shape,
    data: covariance.data.map((x, at) => (at % (n + 1) === 0 ? x + jitter : x)),
  });
  const l = root.data;
  const starts = Array.from({ length: n }, (_, i) =>
    Math.max(
      0,
      l.subarray(i * n, i * n + i).findIndex((x) => x !== 0),
    ),
  ); // other epochs come before
  return {
    root,
    factors(z, m) {
      const rank = z.shape[1],
        c = zeros([n, rank]);
      for (let i = 0; i < n; i++)
        for (let r = 0; r < rank; r++) {
          let sum = m.data[r];
          for (let j = starts[i]; j <= i; j++) sum += l[i * n + j] * z.data[j * rank + r];
          c.data[i * rank + r] = sum;
        }
      return c;
    },
    adjoint(dc) {
      const rank = dc.shape[1],
        z = zeros([n, rank]),
        m = zeros([rank]);
      for (let i = 0; i < n; i++)
        for (let r = 0; r < rank; r++) {
          const g = dc.data[i * rank + r];
          m.data[r] += g;
          for (let j = starts[i]; j <= i; j++) z.data[j * rank + r] += l[i * n + j] * g;
        }
      return { z, m };
    },
  };
}
