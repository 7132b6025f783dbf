import { firstColumns, svd, symmetricEigen } from "../linalg";
import type { LowTensorRankRNN } from "../models";
import { concat, modeGram, zeros, type Matrix, type Tensor3 } from "../tensor";

/**
 * The span in which a network's states are driven: that of its column factors, input weights, and the columns of the
 * weights that do not change. What a change of parameters within it does to states is `F z`, z of few coordinates, at
 * every step: derivatives of outputs are computed in these. And the directions that rates are read along.
 */
export interface NetworkSpan {
  /** F = [A, W_in, Q] (units × coordinates), Q a basis of the columns of W_0 */
  readonly columns: Matrix;
  readonly rank: number;
  readonly inputs: number;
  /** [B, V] (units × directions), V the principal directions of the rates */
  readonly rows: Matrix;
  /** mean squares of the rates along V, largest first */
  readonly variances: readonly number[];
  /** Q' W_0 (columns of Q × units), absent without W_0 */
  readonly fixed?: Matrix;
}

/** Directions in which rates have less of their mean square than this tell nothing of row factors. */
const leastShare = 1e-6;

/**
 * @param rates - of the network where it stands (trials × time × units)
 */
export function networkSpan({ rank, params: { a, b, wIn, w0 } }: LowTensorRankRNN, rates: Tensor3): NetworkSpan {
  const range = w0 && rangeOf(w0),
    { values, vectors } = symmetricEigen(modeGram(rates, 2)),
    count = rates.shape[0] * rates.shape[1],
    total = values.reduce((sum, value) => sum + value, 0),
    kept = values.filter((value) => value > leastShare * total);
  return {
    columns: concat(range ? [a, wIn, range.basis] : [a, wIn], 1),
    rank,
    inputs: wIn.shape[1],
    rows: concat([b, firstColumns(vectors, kept.length)], 1),
    variances: kept.map((value) => value / count),
    ...(range ? { fixed: range.fixed } : {}),
  };
}

/** An orthonormal basis of the columns of W_0, and W_0 in it. */
function rangeOf(w0: Matrix): { readonly basis: Matrix; readonly fixed: Matrix } {
  const { u, singularValues: s, v } = svd(w0),
    kept = s.filter((value) => value > 1e-13 * s[0]).length,
    [units] = w0.shape,
    basis = zeros([units, kept]),
    fixed = zeros([kept, units]);
  for (let j = 0; j < kept; j++)
    for (let i = 0; i < units; i++) {
      basis.data[i * kept + j] = u.data[i * u.shape[1] + j];
      fixed.data[j * units + i] = s[j] * v.data[i * v.shape[1] + j];
    }
  return { basis, fixed };
}
