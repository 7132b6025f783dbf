import { symmetricEigen } from "../linalg";
import { matmul, type Matrix } from "../tensor";
import { rowsTimes } from "./row-updates";

/** The most rounds of an update, and the change of entries, relative to the largest, that ends it. */
const rounds = 100,
  settled = 1e-13;

/** A penalty or a constraint on a factor, by its proximal operator. */
export interface Proximal {
  /** the factor that minimizes `‖F - factor‖² / 2 + step penalty(F)` */
  proximal(factor: Matrix, step: number): Matrix;
  /** the penalty; 0 where there is only a constraint */
  penalty(factor: Matrix): number;
}

/**
 * A quadratic form of the factor: each row times the matrix of its normal equations, and a bound on their eigenvalues.
 */
export interface Square {
  times(factor: Matrix): Float64Array;
  readonly largest: number;
}

/** Normal equations that all rows share. */
export const sharedSquare = (normal: Matrix): Square => ({
  times: (factor) => matmul(factor, normal).data,
  largest: symmetricEigen(normal).values[0],
});

/** Normal equations of every row of its own, each at most `whole`. */
export const squareByRow = (normals: readonly Matrix[], whole: Matrix): Square => ({
  times: (factor) => rowsTimes(factor, normals),
  largest: symmetricEigen(whole).values[0],
});

/**
 * A factor that lowers `sum_i (f_i N_i f_i' - 2 f_i products_i') + penalty`, from the one before: accelerated proximal
 * gradient steps, where a step that raises it is repeated without momentum. For convex penalties it tends to the
 * minimum.
 *
 * @see Beck & Teboulle (2009), A fast iterative shrinkage-thresholding algorithm for linear inverse problems, SIAM J.
 * Imaging Sci. 2
 */
export function proximalDescent(
  { times, largest }: Square,
  products: Matrix,
  before: Matrix,
  { proximal, penalty }: Proximal,
): Matrix {
  const start = proximal(before, 0);
  if (!(largest > 0)) return start;
  const step = 0.5 / largest,
    value = (f: Matrix) => {
      const image = times(f);
      let sum = penalty(f);
      for (let i = 0; i < image.length; i++) sum += f.data[i] * (image[i] - 2 * products.data[i]);
      return sum;
    },
    from = (z: Matrix) => {
      const image = times(z),
        data = z.data.map((entry, i) => entry - 2 * step * (image[i] - products.data[i]));
      return proximal({ shape: z.shape, data }, step);
    };
  let now = start,
    least = value(start),
    ahead = start,
    momentum = 1;
  for (let round = 0; round < rounds; round++) {
    let next = from(ahead),
      reached = value(next);
    if (!(reached <= least) && ahead !== now) {
      momentum = 1;
      next = from(now);
      reached = value(next);
    }
    if (!(reached <= least)) return now; // rounding
    const before = now,
      grown = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2,
      by = (momentum - 1) / grown,
      moved = next.data.reduce((most, entry, i) => Math.max(most, Math.abs(entry - before.data[i])), 0),
      size = next.data.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
    ahead = { shape: next.shape, data: next.data.map((entry, i) => entry + by * (entry - before.data[i])) };
    [now, least, momentum] = [next, reached, grown];
    if (moved <= settled * size) return now;
  }
  return now;
}
