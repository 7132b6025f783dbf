import { checkAbove, fail, provenance, type Provenance } from "../base";
import { checkTensor, unfold, type Matrix, type Tensor } from "../tensor";
import { singularValues } from "./svd";

/** A rank with the tolerance that makes it one. */
export interface NumericalRank {
  readonly rank: number;
  /** singular values above this, in their own unit, were counted */
  readonly threshold: number;
  /** largest first */
  readonly singularValues: readonly number[];
  readonly provenance: Provenance;
}

export interface RankOptions {
  /** count singular values above this times the largest; default the larger size of the matrix times 2^-52 */
  readonly tolerance?: number;
  /** and above this, in their own unit: the rounding of whatever made the matrix. Default 0 */
  readonly absolute?: number;
}

/**
 * The numerical rank: how many singular values exceed `tolerance` times the largest, and `absolute`.
 *
 * @throws {@link LtrnnError} when an entry is not finite or a tolerance is negative
 * @remarks O(rows · columns · smaller size). Singular values come from QR and SVD, never from a Gram matrix.
 * @see Golub & Van Loan (2013), Matrix Computations, section 5.4.1
 * @example numericalRank(tensor([2, 2], [1, 2, 2, 4])).rank // 1
 */
export function numericalRank(
  m: Matrix,
  { tolerance = Math.max(...m.shape) * Number.EPSILON, absolute = 0 }: RankOptions = {},
): NumericalRank {
  checkAbove("numericalRank", "tolerance", tolerance, 0, true);
  if (tolerance >= 1)
    fail("numericalRank", {
      expected: "a tolerance below 1",
      got: String(tolerance),
      fix: "It is relative to the largest singular value; absolute is not.",
    });
  checkAbove("numericalRank", "absolute", absolute, 0, true);
  const values = singularValues(m),
    threshold = Math.max(absolute, tolerance * (values[0] ?? 0));
  return {
    rank: values.filter((value) => value > threshold).length,
    threshold,
    singularValues: values,
    provenance: provenance("numericalRank", null, { tolerance, absolute }),
  };
}

/** The numerical rank of every unfolding. */
export interface MultilinearRank {
  /** one per mode */
  readonly ranks: readonly number[];
  readonly thresholds: readonly number[];
  /** of each unfolding, largest first */
  readonly singularValues: readonly (readonly number[])[];
  readonly provenance: Provenance;
}

/**
 * The multilinear rank: the {@link numericalRank} of the unfolding in every mode.
 *
 * @throws {@link LtrnnError} as numericalRank
 * @see Kolda & Bader (2009), SIAM Review 51, section 4.1: the n-rank
 * @example multilinearRank(tensor([2, 2, 2], [1, 0, 0, 0, 0, 0, 0, 1])).ranks // [2, 2, 2]
 */
export function multilinearRank(x: Tensor, options: RankOptions = {}): MultilinearRank {
  checkTensor("multilinearRank", "x", x);
  const modes = x.shape.map((_, mode) => numericalRank(unfold(x, mode), options));
  return {
    ranks: modes.map(({ rank }) => rank),
    thresholds: modes.map(({ threshold }) => threshold),
    singularValues: modes.map((mode) => mode.singularValues),
    provenance: provenance("multilinearRank", null, {
      tolerance: options.tolerance,
      absolute: options.absolute ?? 0,
    }),
  };
}
