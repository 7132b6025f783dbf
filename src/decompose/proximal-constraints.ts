import { checkAbove, checkWhole, fail, show } from "../base";
import type { Matrix } from "../tensor";
import { byColumn, keepLargest, normalize, shorten, soften, toL1Ball, toSimplex } from "./column-operators";
import type { ConstraintDescription, CpConstraint } from "./constraint";
import { peak, raise } from "./isotonic";
import { proximalDescent, sharedSquare, squareByRow } from "./proximal-descent";

interface Parts {
  readonly homogeneous?: boolean;
  readonly unitColumns?: boolean;
  /** on a column, in place */
  operate(column: Float64Array, step: number): void;
  /** of a column */
  penalty?(column: Float64Array): number;
}

function constraintOf(
  name: string,
  description: ConstraintDescription,
  { operate, penalty, ...traits }: Parts,
): CpConstraint {
  const proximal = (factor: Matrix, step: number) => byColumn(factor, (column) => operate(column, step)),
    total = (factor: Matrix) => {
      let sum = 0;
      if (penalty)
        byColumn(factor, (column) => {
          sum += penalty(column);
        });
      return sum;
    };
  return {
    name,
    description,
    ...traits,
    proximal,
    start: (factor) => proximal(factor, 0),
    update: (normal, products, before) =>
      proximalDescent(sharedSquare(normal), products, before, { proximal, penalty: total }),
    updateByRow: (normals, products, before, whole) =>
      proximalDescent(squareByRow(normals, whole), products, before, { proximal, penalty: total }),
  };
}

/**
 * A penalty of `strength` times the sum of absolute entries of one mode's factor: small entries become 0. Other factors
 * must not grow against it: give them unit columns, a ridge, or fix them.
 *
 * @throws {@link LtrnnError} when the strength is not above 0
 * @see Tibshirani (1996), Regression shrinkage and selection via the lasso, J. R. Stat. Soc. B 58
 * @example l1Penalty(2).update(tensor([1, 1], [1]), tensor([2, 1], [4, -0.5]), zeros([2, 1])).data
 * // Float64Array [3, 0], up to rounding
 */
export function l1Penalty(strength: number): CpConstraint {
  checkAbove("l1Penalty", "strength", strength, 0);
  return constraintOf(
    `l1Penalty(${strength})`,
    { kind: "l1Penalty", strength },
    {
      operate: (column, step) => soften(column, strength * step),
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
  return constraintOf(
    `l2Penalty(${strength})`,
    { kind: "l2Penalty", strength },
    {
      operate: (column, step) => shorten(column, strength * step),
      penalty: (column) => strength * Math.sqrt(column.reduce((sum, x) => sum + x * x, 0)),
    },
  );
}

/**
 * Columns of entries of at least 0 that sum to 1; another mode has to carry the scale.
 *
 * @example simplex().update(tensor([1, 1], [1]), tensor([2, 1], [1, 0.5]), zeros([2, 1])).data
 * // Float64Array [0.75, 0.25], up to rounding
 */
export const simplex = (): CpConstraint =>
  constraintOf("simplex", { kind: "simplex" }, { operate: (column) => toSimplex(column, 1) });

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
  return constraintOf(
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
 * Columns of entries of at least 0 with one peak: they do not fall up to some index of the mode, and do not rise after
 * it. The peak is found anew at every step, so that a factor can stick with it elsewhere than the best.
 *
 * @see Bro & Sidiropoulos (1998), Least squares algorithms under unimodality and non-negativity constraints, J.
 * Chemometrics 12
 * @example unimodal().update(tensor([1, 1], [1]), tensor([3, 1], [2, 0, 3]), zeros([3, 1])).data
 * // Float64Array [1, 1, 3], up to rounding
 */
export const unimodal = (): CpConstraint =>
  constraintOf("unimodal", { kind: "unimodal" }, { homogeneous: true, operate: (column) => peak(column, 0) });

/**
 * Columns of length 1; where those of every mode have it, components have weights of their own.
 *
 * @example unitNorm().update(tensor([1, 1], [1]), tensor([2, 1], [3, 4]), zeros([2, 1])).data
 * // Float64Array [0.6, 0.8], up to rounding
 */
export const unitNorm = (): CpConstraint =>
  constraintOf("unitNorm", { kind: "unitNorm" }, { homogeneous: true, unitColumns: true, operate: normalize });

/**
 * Columns whose absolute entries sum to at most `total`, which makes small ones 0; another mode has to carry the scale.
 *
 * @throws {@link LtrnnError} when the total is not above 0
 * @example softSparsity(1).update(tensor([1, 1], [1]), tensor([2, 1], [1, -0.5]), zeros([2, 1])).data
 * // Float64Array [0.75, -0.25], up to rounding
 */
export function softSparsity(total: number): CpConstraint {
  checkAbove("softSparsity", "total", total, 0);
  return constraintOf(
    `softSparsity(${total})`,
    { kind: "softSparsity", total },
    { operate: (column) => toL1Ball(column, total) },
  );
}

/**
 * Columns of at most `count` entries other than 0. Which ones is settled by steps, so that a factor can stick.
 *
 * @throws {@link LtrnnError} when the count is not a whole number of at least 1
 * @see Blumensath & Davies (2009), Iterative hard thresholding for compressed sensing, Appl. Comput. Harmon. Anal. 27
 * @example hardSparsity(1).update(tensor([1, 1], [1]), tensor([2, 1], [3, -4]), zeros([2, 1])).data
 * // Float64Array [0, -4], up to rounding
 */
export function hardSparsity(count: number): CpConstraint {
  checkWhole("hardSparsity", "count", count, 1);
  return constraintOf(
    `hardSparsity(${count})`,
    { kind: "hardSparsity", count },
    { homogeneous: true, operate: (column) => keepLargest(column, count) },
  );
}
