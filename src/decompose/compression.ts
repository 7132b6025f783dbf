import type { Random } from "../base";
import { firstColumns, orthonormalColumns, symmetricEigen } from "../linalg";
import { matmul, norm, zeros, type Matrix, type Tensor } from "../tensor";
import { contractMode, gramOf } from "./mode-kernels";
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

/** Directions are dropped at or below this times the largest singular value of their mode: a Gram matrix tells no smaller ones from rounding, and they hold 1e-14 of the sum of squares. */
export const coreTolerance = 1e-7;

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
    const { values, vectors } = symmetricEigen(gramOf(core, mode)),
      kept = Math.max(1, values.filter((value) => value > coreTolerance * coreTolerance * values[0]).length);
    const turn = firstColumns(vectors, kept);
    core = contractMode(core, turn, mode);
    factors[mode] = matmul(factors[mode], turn);
  }
  return { core, factors, energy: size === 0 ? 1 : (norm(core) / size) ** 2 };
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
