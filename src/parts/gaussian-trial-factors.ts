import { LtrnnError, fail, readOptions, type FieldsOf } from "../base";
import { cholesky } from "../linalg";
import { checkFinite, checkSameShape, checkTensor, zeros, type Matrix, type Vector } from "../tensor";
import { standardNormal } from "./part";
import type { TrialFactors } from "./trial-factors";

export interface TrialFactorOptions {
  /**
   * added to the diagonal: the variance of independent trial-to-trial noise. Default 1e-6 of the largest variance,
   * against rounding
   */
  readonly jitter?: number;
}

/** What moves smooth trial factors. */
export type GaussianParams = {
  /** whitened factors (trials × rank) */
  readonly z: Matrix;
  /** constant of each factor (rank) */
  readonly m: Vector;
};

/** Smooth trial factors, with the root of their covariance. */
export interface GaussianTrialFactors extends TrialFactors<GaussianParams> {
  /** L, (trials × trials), lower triangular: L L' is the covariance */
  readonly root: Matrix;
}

const fields = { jitter: { is: "number", least: 0 } } as const satisfies FieldsOf<TrialFactorOptions>;

/**
 * Trial factors as a Gaussian process, whitened: `c_r = m_r + L z_r` with L the Cholesky factor of the covariance, so
 * that a step in z is a smooth step in c. The adjoint is `dz = L' dc`, and dm the sum of dc over trials.
 *
 * @param covariance - (trials × trials), as {@link trialCovariance} gives it
 * @throws {@link LtrnnError} when the covariance is not symmetric and positive definite, or parameters have other
 * shapes
 * @see Pellegrino, Cayco Gajic & Chadwick (2023), NeurIPS 36
 * @example gaussianTrialFactors(trialCovariance([0, 1, 2], { length: 5 }))({ z: zeros([3, 2]), m: tensor([2], [1, -1]) })[0].data // [1, -1, 1, -1, 1, -1]
 */
export function gaussianTrialFactors(covariance: Matrix, options: TrialFactorOptions = {}): GaussianTrialFactors {
  const where = "gaussianTrialFactors",
    { jitter } = readOptions(where, options, fields),
    root = rootOf(where, covariance, jitter),
    trials = root.shape[0],
    product = rowProducts(root);
  const factors = ({ z, m }: GaussianParams) => {
    checkRows(where, "z", z, trials);
    checkSameShape(where, "m", m, [z.shape[1]]);
    const adjoint = (dc: Matrix): GaussianParams => {
      checkSameShape(where, "dc", dc, z.shape);
      return product.adjoint(dc);
    };
    return [product.forward(z, m), adjoint] as const;
  };
  const start = (rank: number): GaussianParams => {
    const m = zeros([rank]);
    m.data.fill(1);
    return { z: zeros([trials, rank]), m };
  };
  const prior = ({ z, m }: GaussianParams) => {
    const [value, gradient] = standardNormal({ z });
    return [value, { z: gradient.z, m: zeros(m.shape) }] as const;
  };
  const description = { kind: "gaussianTrialFactors", trials };
  return Object.assign(factors, { description, trials, root, start, prior });
}

/** `m + L z` and its adjoint; rows of an epoch begin with zeros, at the columns of the epochs before. */
function rowProducts({ shape: [n], data: l }: Matrix) {
  const firstColumn = Array.from({ length: n }, (_, i) =>
    Math.max(
      0,
      l.subarray(i * n, i * n + i).findIndex((x) => x !== 0),
    ),
  );
  return {
    forward(z: Matrix, m: Vector): Matrix {
      const rank = z.shape[1],
        c = zeros([n, rank]);
      for (let i = 0; i < n; i++)
        for (let r = 0; r < rank; r++) {
          let sum = m.data[r];
          for (let j = firstColumn[i]; j <= i; j++) sum += l[i * n + j] * z.data[j * rank + r];
          c.data[i * rank + r] = sum;
        }
      return c;
    },
    adjoint(dc: Matrix): GaussianParams {
      const rank = dc.shape[1],
        z = zeros([n, rank]),
        m = zeros([rank]);
      for (let i = 0; i < n; i++)
        for (let r = 0; r < rank; r++) {
          const g = dc.data[i * rank + r];
          m.data[r] += g;
          for (let j = firstColumn[i]; j <= i; j++) z.data[j * rank + r] += l[i * n + j] * g;
        }
      return { z, m };
    },
  };
}

/** The Cholesky factor of a covariance with jitter on its diagonal. */
function rootOf(where: string, covariance: Matrix, jitter: number | undefined): Matrix {
  checkTensor(where, "covariance", covariance, 2);
  const [n, columns] = covariance.shape;
  if (n !== columns || n < 1)
    fail(where, {
      expected: "covariance (trials × trials), of at least one trial",
      got: `(${covariance.shape.join(" × ")})`,
      fix: "Build it with trialCovariance.",
    });
  checkFinite(where, "covariance", covariance);
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, covariance.data[i * (n + 1)]);
  checkSymmetric(where, covariance, largest);
  const added = jitter ?? 1e-6 * largest;
  try {
    return cholesky({
      shape: covariance.shape,
      data: covariance.data.map((x, index) => (index % (n + 1) === 0 ? x + added : x)),
    });
  } catch (error) {
    if (!(error instanceof LtrnnError)) throw error;
    return fail(where, {
      expected: "a positive definite covariance",
      got: `one that is not, with jitter ${added}`,
      fix: "Build it with trialCovariance, or raise jitter.",
    });
  }
}

function checkSymmetric(where: string, { shape: [n], data }: Matrix, largest: number): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++)
      if (Math.abs(data[i * n + j] - data[j * n + i]) > 1e-10 * largest)
        fail(where, {
          expected: "a symmetric covariance",
          got: `${data[i * n + j]} at index [${i}, ${j}] and ${data[j * n + i]} at [${j}, ${i}]`,
          fix: "Build it with trialCovariance.",
        });
}

function checkRows(where: string, name: string, x: Matrix, trials: number): void {
  checkTensor(where, name, x, 2);
  if (x.shape[0] !== trials)
    fail(where, {
      expected: `${name} (${trials} trials × rank)`,
      got: `(${x.shape.join(" × ")})`,
      fix: `Pass ${name} with one row for each of the ${trials} trials.`,
    });
}
