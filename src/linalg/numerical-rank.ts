import { type FieldsOf, provenance, type Provenance, readOptions } from "../base";
import type { Matrix } from "../tensor";
import { singularValuesFor } from "./svd";
import { roundingOf, toleranceField } from "./tolerance";

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

/** Options of {@link numericalRank}, as they are read. */
export const rankFields = {
  tolerance: toleranceField,
  absolute: { is: "number", least: 0, fallback: 0 },
} as const satisfies FieldsOf<RankOptions>;

/**
 * The numerical rank: how many singular values exceed `tolerance` times the largest, and `absolute`.
 *
 * @throws {@link LtrnnError} when an entry is not finite or a tolerance is negative
 * @remarks O(rows · columns · smaller size). Singular values come from QR and SVD, never from a Gram matrix.
 * @see Golub & Van Loan (2013), Matrix Computations, section 5.4.1
 * @example numericalRank(tensor([2, 2], [1, 2, 2, 4])).rank // 1
 */
export function numericalRank(m: Matrix, options: RankOptions = {}): NumericalRank {
  const where = "numericalRank";
  const values = singularValuesFor(where, "m", m),
    { tolerance = roundingOf(m), absolute } = readOptions(where, options, rankFields);
  return {
    ...countedAbove(values, tolerance, absolute),
    provenance: provenance(where, null, { tolerance, absolute }),
  };
}

/** How many of the singular values count. */
export function countedAbove(values: readonly number[], tolerance: number, absolute: number) {
  const threshold = Math.max(absolute, tolerance * (values[0] ?? 0));
  return { rank: values.filter((value) => value > threshold).length, threshold, singularValues: values };
}
