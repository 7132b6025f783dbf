import { square } from "../base";
import type { Random } from "../base";
import type { Tucker } from "../factored";
import { firstColumns, orthonormalColumns, svd } from "../linalg";
import { identity, matmul, norm, transpose, unfold, type Matrix, type Tensor } from "../tensor";
import { contractMode } from "./mode-kernels";
import { dimensionTree } from "./dimension-tree";

/**
 * A compressed tensor: `x ≈ core ×_0 U_0 ×_1 U_1 ...`, columns orthonormal, those with the largest singular values
 * first.
 */
export interface Compressed extends Tucker {
  /** `‖core‖² / ‖x‖²`, the part of the sum of squares that is kept */
  readonly energy: number;
}

/** Directions of a sketch beyond the rank, so that it misses none. */
export const oversampling = 10;

/**
 * Directions whose singular value is at most this times the largest of their mode are dropped: they are rounding of the
 * sketches.
 */
const coreTolerance = 1e-12;

/**
 * Sequentially truncated higher-order SVD by sketches: the range of each mode's unfolding is found from its product
 * with random factors (an MTTKRP), and x is projected on it before the next mode is sketched. Directions with next to
 * no variance are dropped: {@link coreTolerance}.
 *
 * @param width - directions of each mode at most
 * @param size - the norm of x
 * @remarks Two passes over x, and shorter ones over its projections.
 * @see Vannieuwenhoven, Vandebril & Meerbergen (2012), SIAM J. Sci. Comput. 34 (the order); Minster, Saibaba & Kilmer
 * (2020), SIAM J. Math. Data Sci. 2 (the sketches)
 */
export function compress(x: Tensor, width: number, stream: Random, size = norm(x)): Compressed {
  const factors: Matrix[] = [];
  let core = x;
  for (let mode = 0; mode < x.shape.length; mode++) {
    const most = Math.min(width, x.shape[mode]);
    const basis = most === x.shape[mode] ? identity(most) : orthonormalColumns(sketch(core, mode, most, stream));
    if (most < x.shape[mode]) core = contractMode(core, basis, mode);
    factors.push(basis);
  }
  for (let mode = 0; mode < x.shape.length; mode++) {
    const { u, singularValues } = svd(unfold(core, mode)),
      kept = Math.max(1, singularValues.filter((value) => value > coreTolerance * singularValues[0]).length);
    const rotation = firstColumns(u, kept);
    core = contractMode(core, rotation, mode);
    factors[mode] = matmul(factors[mode], rotation);
  }
  return { core, factors, energy: size === 0 ? 1 : square(norm(core) / size) };
}

/** The unfolding of a mode times random columns, each a product of one random vector per other mode. */
export function sketch(x: Tensor, mode: number, width: number, stream: Random): Matrix {
  const random = x.shape.map(
    (size): Matrix => ({ shape: [size, width], data: Float64Array.from({ length: size * width }, stream.normal) }),
  );
  for (const step of dimensionTree(x, width).sweep(random)) if (step.mode === mode) return step.products;
  throw new RangeError(`no mode ${mode}`); // cannot happen: a sweep visits every mode
}

/** Factors of the core as factors of the tensor. */
export const lifted = ({ factors }: Compressed, ofCore: readonly Matrix[]): Matrix[] =>
  ofCore.map((f, mode) => matmul(factors[mode], f));

/** Factors of the tensor, projected on the space of the core. */
export const projectedOn = ({ factors }: Compressed, ofTensor: readonly Matrix[]): Matrix[] =>
  ofTensor.map((f, mode) => matmul(transpose(factors[mode]), f));

/**
 * The error of lifted factors from that on the core, since what compression dropped is orthogonal to the core; near
 * zero, where this cancels, from the tensor.
 */
export function liftedError(
  x: Tensor,
  rank: number,
  factors: readonly Matrix[],
  energy: number,
  ofCore: number,
  size: number,
): number {
  const squared = 1 - energy + energy * ofCore * ofCore;
  if (squared > 1e-6) return Math.sqrt(squared);
  return size === 0 ? 0 : Math.sqrt(dimensionTree(x, rank).residual(factors)) / size;
}
