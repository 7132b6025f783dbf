import { square } from "../base";
import type { Random } from "../base";
import { firstColumns, orthonormalColumns, svd } from "../linalg";
import { matmul, norm, transpose, unfold, zeros, type Matrix, type Tensor } from "../tensor";
import { contractMode } from "./mode-kernels";
import { twoPasses } from "./sweep";

/** A tensor in a smaller box: `x ≈ core ×_0 U_0 ×_1 U_1 ...`, columns orthonormal and ordered by what they hold. */
export interface Compressed {
  readonly core: Tensor;
  /** one per mode (size × rank of the mode) */
  readonly factors: readonly Matrix[];
  /** `‖core‖² / ‖x‖²`: what of the sum of squares is kept */
  readonly energy: number;
}

/** Directions beyond the rank that a sketch looks at, so that it does not miss one. */
export const oversampling = 10;

/** Directions are dropped at or below this times the largest singular value of their mode: what is smaller is rounding of the sketches. */
export const coreTolerance = 1e-12;

/**
 * Sequentially truncated higher-order SVD by sketches: the range of each mode's unfolding is found from its product with random factors (an MTTKRP), and x is
 * projected on it before the next mode is looked at. Directions that hold next to nothing are dropped: {@link coreTolerance}.
 *
 * @param width - directions of each mode at most
 * @param size - the norm of x, where it is known
 * @remarks Two passes over x, and less over what is left.
 * @see Vannieuwenhoven, Vandebril & Meerbergen (2012), SIAM J. Sci. Comput. 34 (the order); Minster, Saibaba & Kilmer (2020), SIAM J. Math. Data Sci. 2 (the sketches)
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
    // the most important directions first, and none that holds nothing
    const { u, singularValues } = svd(unfold(core, mode)),
      kept = Math.max(1, singularValues.filter((value) => value > coreTolerance * singularValues[0]).length);
    const turn = firstColumns(u, kept);
    core = contractMode(core, turn, mode);
    factors[mode] = matmul(factors[mode], turn);
  }
  return { core, factors, energy: size === 0 ? 1 : square(norm(core) / size) };
}

/** The unfolding of a mode times random columns, each a product of one random vector per other mode. */
function sketch(x: Tensor, mode: number, width: number, stream: Random): Matrix {
  const random = x.shape.map(
    (size): Matrix => ({ shape: [size, width], data: Float64Array.from({ length: size * width }, stream.normal) }),
  );
  for (const one of twoPasses(x, width).sweep(random)) if (one.mode === mode) return one.products;
  throw new RangeError(`no mode ${mode}`);
}

function identity(size: number): Matrix {
  const out = zeros([size, size]);
  for (let i = 0; i < size; i++) out.data[i * size + i] = 1;
  return out;
}

/** Factors of the core as factors of the tensor. */
export const lifted = ({ factors }: Compressed, ofCore: readonly Matrix[]): Matrix[] =>
  ofCore.map((f, mode) => matmul(factors[mode], f));

/** The components of factors of the tensor that lie in the core's space. */
export const projectedOn = ({ factors }: Compressed, ofTensor: readonly Matrix[]): Matrix[] =>
  ofTensor.map((f, mode) => matmul(transpose(factors[mode]), f));

/** The error that lifted factors leave, from that on the core: the two parts are at right angles. Where they cancel, from the tensor itself. */
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
  return size === 0 ? 0 : Math.sqrt(twoPasses(x, rank).residual(factors)) / size;
}
