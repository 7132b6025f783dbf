import { fail, type FieldsOf, provenance, type Provenance, readOptions, failingAs } from "../base";
import { multilinearRank, numericalRank, type RankOptions } from "../linalg";
import { finiteTensor3, type Matrix, slice, type Tensor3 } from "../tensor";
import { checkSquare } from "./checks";
import { checkBound, type ComparedBound } from "./compared-bound";

/** Weight changes over learning, to compare with a bound. */
export interface RankHistory {
  /** (units × units × snapshots), as weightChanges gives them */
  readonly changes: Tensor3;
  /** updates made before each snapshot, as recordWeights gives them; default 0, 1, 2, … */
  readonly steps?: readonly number[];
  /**
   * the scale of rounding at each snapshot, such as `rounding` of a certificate, needed where weights are far larger
   * than their change; default 0: the tolerance alone decides
   */
  readonly roundings?: readonly number[];
}

const rankHistory = {
  changes: { is: "checked", check: finiteTensor3, needed: true },
  steps: { is: "list", of: { is: "whole number", least: 0 } },
  roundings: { is: "list", of: { is: "number", least: 0 } },
} as const satisfies FieldsOf<RankHistory>;

/**
 * `tolerance` is of every numerical rank, relative to the largest singular value; default that of {@link
 * numericalRank}.
 */
export type CompareRanksOptions = Pick<RankOptions, "tolerance">;

const compareRanksOptions = {
  tolerance: { is: "number", least: 0, below: 1 },
} as const satisfies FieldsOf<CompareRanksOptions>;

/** One snapshot compared with the bound. */
export interface RankComparisonRow {
  /** updates made before it */
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

/** A run compared with its bound. Plain data. */
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

/** A singular value has to exceed this many times the scale of rounding: sums of some hundred terms stay well below. */
const roundingFactor = 16;

/**
 * Compare the numerical ranks that a run reached with a bound, for every snapshot.
 *
 * @param bound - as learningRankBound gives it, for this many units and at least as many snapshots, not counting the
 * start; a refused one cannot be compared
 * @throws {@link LtrnnError} when the bound was refused or is for another network, the history is empty or not finite,
 * lengths disagree, or steps do not rise
 * @remarks One SVD a snapshot, O(units³), and those of the unfoldings.
 * @see docs/theory.md, Numerical ranks
 * @example compareRanks({ changes: zeros([4, 4, 3]), steps: [0, 10, 20] }, learningRankBound({ units: 4, inputs: 1,
 * outputs: 1, snapshots: 3, activation: "identity", optimizer: sgd(1) })).holds // true
 */
export function compareRanks(
  history: RankHistory,
  bound: ComparedBound,
  options: CompareRanksOptions = {},
): RankComparison {
  const where = "compareRanks";
  const { changes, roundings, ...given } = readOptions<RankHistory, typeof rankHistory>(
    where,
    history,
    rankHistory,
    "history",
  );
  const { tolerance } = readOptions<CompareRanksOptions, typeof compareRanksOptions>(
    where,
    options,
    compareRanksOptions,
  );
  const [units, , count] = changes.shape;
  checkSquare(where, "changes", changes);
  if (count === 0)
    fail(where, {
      expected: "at least one snapshot",
      got: "an empty history",
      fix: "Record the weights of a run first.",
    });
  checkBound(where, bound, units, count);
  const steps = given.steps ?? Array.from({ length: changes.shape[2] }, (_, k) => k);
  for (const [name, list] of Object.entries({ steps, roundings }))
    if (list && list.length !== count)
      fail(where, {
        expected: `${count} ${name}, one per snapshot`,
        got: String(list.length),
        fix: `Pass one of ${name} for every snapshot.`,
      });
  const late = steps.findIndex((step, k) => k > 0 && step <= steps[k - 1]);
  if (late > 0)
    fail(where, {
      expected: "steps that rise from snapshot to snapshot",
      got: `${steps[late]} after ${steps[late - 1]}`,
      fix: "Pass the updates made before each snapshot, as recordWeights gives them.",
    });
  const ranked = tolerance === undefined ? {} : { tolerance };
  const rows = Array.from({ length: count }, (_, k): RankComparisonRow => {
    const { rank, threshold, singularValues } = failingAs(where, () =>
      numericalRank(snapshotOf(changes, k), { ...ranked, absolute: roundingFactor * (roundings?.[k] ?? 0) }),
    );
    return {
      step: steps[k],
      bound: bound.atMost,
      rank,
      slack: bound.atMost - rank,
      threshold,
      residual: singularValues[bound.atMost] ?? 0,
      singularValues,
      holds: rank <= bound.atMost,
    };
  });
  const largestRounding = (roundings ?? []).reduce((most, rounding) => Math.max(most, rounding), 0);
  const { ranks } = failingAs(where, () =>
    multilinearRank(changes, { ...ranked, absolute: roundingFactor * largestRounding * Math.sqrt(count) }),
  );
  const multilinear = {
    bound: [...bound.multilinear],
    ranks,
    holds: ranks.every((rank, mode) => rank <= bound.multilinear[mode]),
  };
  return {
    rows,
    multilinear,
    worstResidual: rows.reduce((most, { residual }) => Math.max(most, residual), 0),
    holds: multilinear.holds && rows.every(({ holds }) => holds),
    provenance: provenance(where, null, { tolerance }, { snapshots: count, rounded: roundings !== undefined }),
  };
}

/** Snapshot k as a matrix. */
function snapshotOf(changes: Tensor3, k: number): Matrix {
  const { data } = slice(changes, [undefined, undefined, [k, k + 1]]);
  return { shape: [changes.shape[0], changes.shape[1]], data };
}
