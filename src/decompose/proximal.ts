import { checkAbove, fail, show } from "../base";
import { checkFinite, checkTensor, type Matrix } from "../tensor";
import type { ConstraintDescription } from "./constraint";
import { constraintOf } from "./constraint-from";

/**
 * The proximal operator of a constraint on its own: the factor F that minimizes `‖F - factor‖² / 2 + step penalty(F)`;
 * where there is no penalty, the nearest factor that satisfies the constraint.
 *
 * @param constraint - the description of one: of {@link l1Penalty}, {@link l2Penalty}, {@link simplex}, {@link
 * monotone}, {@link unimodal}, {@link unitNorm}, {@link softSparsity}, {@link hardSparsity} or {@link nonNegative}
 * @param factor - (size × rank), finite
 * @throws {@link LtrnnError} when the constraint has no proximal operator, an entry is not finite, or the step is below
 * 0
 * @see Parikh & Boyd (2014), Proximal algorithms, Foundations and Trends in Optimization 1
 * @example proximal({ kind: "l1Penalty", strength: 2 }, tensor([2, 1], [3, -1]), 0.5).data // Float64Array [2, 0]
 */
export function proximal(constraint: ConstraintDescription, factor: Matrix, step = 1): Matrix {
  const { name, proximal: operate } = constraintOf("proximal", constraint);
  checkTensor("proximal", "factor", factor, 2);
  checkFinite("proximal", "factor", factor);
  checkAbove("proximal", "step", step, 0, true);
  if (!operate)
    fail("proximal", {
      expected: "a constraint that has a proximal operator",
      got: show(name),
      fix: "Pass the description of such as l1Penalty, simplex, monotone or nonNegative.",
    });
  return operate(factor, step);
}
