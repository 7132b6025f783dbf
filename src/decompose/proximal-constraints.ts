import { checkAbove, checkWhole, fail, readOptions, show, type FieldsOf } from "../base";
import { columnConstraint } from "./column-constraint";
import { keepLargest, normalize, shorten, soften, toL1Ball, toSimplex } from "./column-operators";
import type { CpConstraint } from "./constraint";
import { peak, raise } from "./isotonic";

export interface SignOptions {
  /** true to keep entries at 0 or above; each constraint says its default */
  readonly nonNegative?: boolean;
}

const anySign = { nonNegative: { is: "boolean", fallback: false } } as const satisfies FieldsOf<SignOptions>;
const positive = { nonNegative: { is: "boolean", fallback: true } } as const satisfies FieldsOf<SignOptions>;

/**
 * A penalty of `strength` times the sum of absolute entries of one mode's factor: small entries become 0. Other factors
 * must not grow in its place: give them unit columns, a ridge, or fix them.
 *
 * @param options.nonNegative - whether entries below 0 become 0 too; default false
 * @throws {@link LtrnnError} when the strength is not above 0
 * @see Tibshirani (1996), Regression shrinkage and selection via the lasso, J. R. Stat. Soc. B 58
 * @example l1Penalty(2).update(tensor([1, 1], [1]), tensor([2, 1], [4, -0.5]), zeros([2, 1])).data
 * // Float64Array [3, 0], up to rounding
 */
export function l1Penalty(strength: number, options: SignOptions = {}): CpConstraint {
  checkAbove("l1Penalty", "strength", strength, 0);
  const { nonNegative } = readOptions<SignOptions, typeof anySign>("l1Penalty", options, anySign);
  return columnConstraint(
    `l1Penalty(${strength}${nonNegative ? ", nonNegative" : ""})`,
    { kind: "l1Penalty", strength, ...(nonNegative ? { nonNegative } : {}) },
    {
      symmetric: !nonNegative,
      operate(column, step) {
        soften(column, strength * step);
        if (nonNegative) for (let i = 0; i < column.length; i++) column[i] = Math.max(0, column[i]);
      },
      penalty: (column) => strength * column.reduce((sum, x) => sum + Math.abs(x), 0),
    },
  );
}

/**
 * A penalty of `strength` times the lengths of the columns of one mode's factor, not squared: columns that explain too
 * little become 0 as a whole.
 *
 * @throws {@link LtrnnError} when the strength is not above 0
 * @see Yuan & Lin (2006), Model selection and estimation in regression with grouped variables, J. R. Stat. Soc. B 68
 * @example l2Penalty(2).update(tensor([1, 1], [1]), tensor([2, 1], [3, 4]), zeros([2, 1])).data
 * // Float64Array [2.4, 3.2], up to rounding
 */
export function l2Penalty(strength: number): CpConstraint {
  checkAbove("l2Penalty", "strength", strength, 0);
  return columnConstraint(
    `l2Penalty(${strength})`,
    { kind: "l2Penalty", strength },
    {
      symmetric: true,
      operate: (column, step) => shorten(column, strength * step),
      penalty: (column) => strength * Math.sqrt(column.reduce((sum, x) => sum + x * x, 0)),
    },
  );
}

/**
 * Columns of entries of at least 0 that sum to `total`; another mode has to carry the scale.
 *
 * @param total - default 1
 * @throws {@link LtrnnError} when the total is not above 0
 * @see Duchi, Shalev-Shwartz, Singer & Chandra (2008), Efficient projections onto the l1-ball, ICML, figure 1
 * @example simplex(2).update(tensor([1, 1], [1]), tensor([2, 1], [1, 0.5]), zeros([2, 1])).data
 * // Float64Array [1.25, 0.75], up to rounding
 */
export function simplex(total = 1): CpConstraint {
  checkAbove("simplex", "total", total, 0);
  return columnConstraint(
    total === 1 ? "simplex" : `simplex(${total})`,
    { kind: "simplex", ...(total === 1 ? {} : { total }) },
    { operate: (column) => toSimplex(column, total) },
  );
}

/**
 * Columns whose entries never fall along the mode, or never rise.
 *
 * @throws {@link LtrnnError} for another direction
 * @see Barlow, Bartholomew, Bremner & Brunk (1972), Statistical Inference under Order Restrictions
 * @example monotone("rising").update(tensor([1, 1], [1]), tensor([3, 1], [2, 1, 3]), zeros([3, 1])).data
 * // Float64Array [1.5, 1.5, 3], up to rounding
 */
export function monotone(direction: "rising" | "falling" = "rising"): CpConstraint {
  if (direction !== "rising" && direction !== "falling")
    fail("monotone", {
      expected: 'direction to be "rising" or "falling"',
      got: show(direction),
      fix: "Name one of these.",
    });
  return columnConstraint(
    `monotone(${direction})`,
    { kind: "monotone", direction },
    {
      homogeneous: true,
      operate(column) {
        if (direction === "falling") column.reverse();
        raise(column);
        if (direction === "falling") column.reverse();
      },
    },
  );
}

/**
 * Columns with one peak, of entries of at least 0: they do not fall up to some index of the mode, and do not rise after
 * it. The peak is chosen anew at every step, so a run can end with a peak that is not the best one.
 *
 * @param options.nonNegative - false for entries of either sign; default true
 * @see Bro & Sidiropoulos (1998), Least squares algorithms under unimodality and non-negativity constraints, J.
 * Chemometrics 12
 * @example unimodal({ nonNegative: true }).update(tensor([1, 1], [1]), tensor([3, 1], [2, 0, 3]), zeros([3, 1])).data
 * // Float64Array [1, 1, 3], up to rounding
 */
export function unimodal(options: SignOptions = {}): CpConstraint {
  const { nonNegative } = readOptions<SignOptions, typeof positive>("unimodal", options, positive);
  return columnConstraint(
    nonNegative ? "unimodal" : "unimodal(of either sign)",
    { kind: "unimodal", ...(nonNegative ? {} : { nonNegative }) },
    { homogeneous: true, operate: (column) => peak(column, nonNegative ? 0 : -Infinity) },
  );
}

/**
 * Columns of length 1; where every mode has such columns, the weights of components are separate parameters.
 *
 * @example unitNorm().update(tensor([1, 1], [1]), tensor([2, 1], [3, 4]), zeros([2, 1])).data
 * // Float64Array [0.6, 0.8], up to rounding
 */
export const unitNorm = (): CpConstraint =>
  columnConstraint(
    "unitNorm",
    { kind: "unitNorm" },
    { homogeneous: true, unitColumns: true, symmetric: true, operate: normalize },
  );

/**
 * Columns whose absolute entries sum to at most `total`, which makes small ones 0; another mode has to carry the scale.
 *
 * @throws {@link LtrnnError} when the total is not above 0
 * @example softSparsity(1).update(tensor([1, 1], [1]), tensor([2, 1], [1, -0.5]), zeros([2, 1])).data
 * // Float64Array [0.75, -0.25], up to rounding
 */
export function softSparsity(total: number): CpConstraint {
  checkAbove("softSparsity", "total", total, 0);
  return columnConstraint(
    `softSparsity(${total})`,
    { kind: "softSparsity", total },
    { symmetric: true, operate: (column) => toL1Ball(column, total) },
  );
}

export interface HardSparsityOptions {
  /** whether columns have length 1 too; another mode has to carry the scale. Default false */
  readonly unitNorm?: boolean;
}

const sparsityFields = {
  unitNorm: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<HardSparsityOptions>;

/**
 * Columns of at most `count` entries other than 0. Which ones is decided step by step, so a run can end in a local
 * minimum.
 *
 * @throws {@link LtrnnError} when the count is not a whole number of at least 1
 * @see Blumensath & Davies (2009), Iterative hard thresholding for compressed sensing, Appl. Comput. Harmon. Anal. 27
 * @example hardSparsity(1).update(tensor([1, 1], [1]), tensor([2, 1], [3, -4]), zeros([2, 1])).data
 * // Float64Array [0, -4], up to rounding
 */
export function hardSparsity(count: number, options: HardSparsityOptions = {}): CpConstraint {
  checkWhole("hardSparsity", "count", count, 1);
  const { unitNorm: ofLength1 } = readOptions<HardSparsityOptions, typeof sparsityFields>(
    "hardSparsity",
    options,
    sparsityFields,
  );
  return columnConstraint(
    `hardSparsity(${count}${ofLength1 ? ", unitNorm" : ""})`,
    { kind: "hardSparsity", count, ...(ofLength1 ? { unitNorm: ofLength1 } : {}) },
    {
      homogeneous: true,
      symmetric: true,
      ...(ofLength1 ? { unitColumns: true } : {}),
      operate(column) {
        keepLargest(column, count);
        if (!ofLength1) return;
        if (column.every((x) => x === 0)) column.fill(1, 0, Math.min(count, column.length));
        normalize(column);
      },
    },
  );
}
