/** Whether a fitted space is nearer to a true one than random spaces are. */
import {
  matmul,
  orthonormalBasis,
  principalAngles,
  random,
  symmetricEigen,
  tensor,
  transpose,
  type Matrix,
} from "ltrnn";

export interface Nearness {
  /** principal angles in degrees, smallest first */
  readonly angles: readonly number[];
  /** mean squared cosine of the angles: 1 for the same space, on average dimension / rows for a random one */
  readonly overlap: Measured;
  /** share of the variance of the true changes that lies in the fitted space */
  readonly captured: Measured;
}

/** A number of the fitted space, beside random subspaces. */
export interface Measured {
  readonly value: number;
  /** their 99th percentile: a further random subspace is above it once in a hundred times */
  readonly chance: number;
  readonly chanceMean: number;
}

export const isBeyond = ({ value, chance }: Measured): boolean => value > chance;

/** The first `count` columns. */
export const leadingColumns = (m: Matrix, count: number): Matrix =>
  tensor(
    [m.shape[0], count],
    Array.from({ length: m.shape[0] * count }, (_, at) => m.data[Math.floor(at / count) * m.shape[1] + (at % count)]),
  );

/** The symmetric root of a second moment: lengths of `root b` are those of `b' h` over the rates h. */
export function rootOf(moment: Matrix): Matrix {
  const { values, vectors } = symmetricEigen(moment),
    [n] = moment.shape,
    scaled = tensor(
      [n, n],
      vectors.data.map((v, at) => v * Math.sqrt(Math.max(0, values[at % n]))),
    ),
    transposed = tensor(
      [n, n],
      Array.from({ length: n * n }, (_, at) => vectors.data[(at % n) * n + Math.floor(at / n)]),
    );
  return matmul(scaled, transposed);
}

/**
 * Principal angles between a fitted space and the leading directions of the truth, and the share of the truth's
 * variance in the fitted space, beside those of random subspaces of as many dimensions.
 *
 * @param truth - second moment of the true changes (n × n), with `root` in the coordinates of that metric
 * @param root - a metric, by a root of it: the fitted space is looked at through it, and random ones are too
 */
export function nearness(
  fitted: Matrix,
  truth: Matrix,
  { subspaces = 200, seed, root }: { readonly subspaces?: number; readonly seed: number; readonly root?: Matrix },
): Nearness {
  const stream = random(seed, "random subspaces"),
    [n, count] = fitted.shape,
    leading = leadingColumns(symmetricEigen(truth).vectors, count);
  const measure = (raw: Matrix) => {
    const m = root ? matmul(root, raw) : raw,
      angles = principalAngles(m, leading),
      basis = orthonormalBasis(m);
    return {
      angles,
      overlap: angles.reduce((sum, angle) => sum + Math.cos(angle) ** 2, 0) / count,
      captured: trace(matmul(transpose(basis), matmul(truth, basis))) / trace(truth),
    };
  };
  const { angles, ...measured } = measure(fitted),
    drawn = Array.from({ length: subspaces }, () =>
      measure(
        tensor(
          [n, count],
          Array.from({ length: n * count }, () => stream.normal()),
        ),
      ),
    );
  const beside = (what: "overlap" | "captured"): Measured => {
    const values = drawn.map((one) => one[what]).sort((a, b) => a - b);
    return {
      value: measured[what],
      chance: values[Math.ceil(0.99 * (subspaces + 1)) - 1],
      chanceMean: values.reduce((sum, value) => sum + value, 0) / subspaces,
    };
  };
  return {
    angles: angles.map((angle) => (180 * angle) / Math.PI),
    overlap: beside("overlap"),
    captured: beside("captured"),
  };
}

function trace({ shape: [n], data }: Matrix): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += data[i * (n + 1)];
  return sum;
}
