import { fail, provenance, type Provenance } from "../base";
import { numericalRank, multilinearRank } from "../linalg";
import { checkFinite, checkTensor, type Matrix, type Tensor3 } from "../tensor";
import type { LearningRankBound } from "./learning-rank-bound";

/** Weight changes over learning, to hold against a bound. */
export interface RankHistory {
  /** (units × units × snapshots), as weightChanges gives them */
  readonly changes: Tensor3;
  /** updates made before each snapshot; default 0, 1, 2, ... */
  readonly steps?: readonly number[];
  /** the scale of rounding at each snapshot, as `rounding` of a certificate's state; default 0: only the tolerance counts */
  readonly roundings?: readonly number[];
}

/** One snapshot beside the bound. */
export interface RankComparisonRow {
  readonly step: number;
  readonly bound: number;
  readonly rank: number;
  /** bound less rank: negative where the bound is broken */
  readonly slack: number;
  /** singular values above this were counted */
  readonly threshold: number;
  /** the first singular value past the bound: rounding, where the bound holds */
  readonly residual: number;
  readonly singularValues: readonly number[];
  readonly holds: boolean;
}

/** A run beside its bound. Plain data. */
export interface RankComparison {
  readonly rows: readonly RankComparisonRow[];
  readonly multilinear: {
    readonly bound: readonly number[];
    readonly ranks: readonly number[];
    readonly holds: boolean;
  };
  /** the largest of the rows' residuals */
  readonly worstResidual: number;
  readonly holds: boolean;
  readonly provenance: Provenance;
}

/** How many roundings a singular value has to exceed: sums of some hundred terms stay well below. */
const roundingFactor = 16;

/**
 * A bound and the numerical ranks that a run reached, side by side for every snapshot.
 *
 * @param bound - as learningRankBound gives it; one that was refused cannot be compared
 * @throws {@link LtrnnError} when the bound was refused, the history is empty or not finite, or lengths disagree
 * @remarks One SVD a snapshot, O(units³), and those of the unfoldings.
 * @see docs/theory.md, Numerical ranks
 * @example compareRanks({ changes: zeros([4, 4, 3]) }, learningRankBound({ units: 4, inputs: 1, outputs: 1, steps: 3, activation: "identity", optimizer: sgd(1) })).holds // true
 */
export function compareRanks(
  { changes, steps, roundings }: RankHistory,
  bound: LearningRankBound,
  options: { readonly tolerance?: number } = {},
): RankComparison {
  const where = "compareRanks";
  if (bound.status === "refused")
    fail(where, { expected: "a bound that holds", got: `a refusal: ${bound.because}`, fix: bound.tryInstead });
  checkTensor(where, "changes", changes, 3);
  const [rows, columns, count] = changes.shape;
  if (count === 0)
    fail(where, {
      expected: "at least one snapshot",
      got: "an empty history",
      fix: "Record the weights of a run first.",
    });
  if (rows !== columns)
    fail(where, {
      expected: "changes (units × units × snapshots)",
      got: `(${changes.shape.join(" × ")})`,
      fix: "Row = postsynaptic unit, column = presynaptic unit.",
    });
  checkFinite(where, "changes", changes);
  for (const [name, list] of Object.entries({ steps, roundings }))
    if (list && list.length !== count)
      fail(where, {
        expected: `${count} ${name}, one per snapshot`,
        got: String(list.length),
        fix: "Record one for every snapshot.",
      });
  const compared = Array.from({ length: count }, (_, k): RankComparisonRow => {
    const slice: Matrix = {
      shape: [rows, rows],
      data: Float64Array.from({ length: rows * rows }, (_, at) => changes.data[at * count + k]),
    };
    const { rank, threshold, singularValues } = numericalRank(slice, {
      ...options,
      absolute: roundingFactor * (roundings?.[k] ?? 0),
    });
    return {
      step: steps?.[k] ?? k,
      bound: bound.atMost,
      rank,
      slack: bound.atMost - rank,
      threshold,
      residual: singularValues[bound.atMost] ?? 0,
      singularValues,
      holds: rank <= bound.atMost,
    };
  });
  const { ranks } = multilinearRank(changes, {
    ...options,
    absolute: roundingFactor * Math.max(0, ...(roundings ?? [])) * Math.sqrt(count),
  });
  const multilinear = {
    bound: [...bound.multilinear],
    ranks,
    holds: ranks.every((rank, mode) => rank <= bound.multilinear[mode]),
  };
  return {
    rows: compared,
    multilinear,
    worstResidual: Math.max(...compared.map(({ residual }) => residual)),
    holds: multilinear.holds && compared.every(({ holds }) => holds),
    provenance: provenance(where, null, {
      tolerance: options.tolerance ?? null,
      snapshots: count,
      rounded: roundings !== undefined,
    }),
  };
}
