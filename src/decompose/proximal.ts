import { checkAbove, fail, show } from "../base";
import { checkRange } from "../factored";
import { checkFinite, checkTensor, type Matrix } from "../tensor";
import type { ConstraintDescription } from "./constraint";
import { constraintOf } from "./constraint-from";

/**
 * Apply the proximal operator of a constraint: the factor F that minimizes `‖F - factor‖² / 2 + step penalty(F)`; where
 * there is no penalty, the nearest factor that satisfies the constraint.
 *
 * @param constraint - the description of one of this library's constraints, such as `{ kind: "l1Penalty", strength: 2
 * }`
 * @param factor - (size × rank), finite
 * @throws {@link LtrnnError} when it is not a constraint of this library, an entry is not finite, the step is below 0,
 * or columns cannot be orthogonal
 * @see Parikh & Boyd (2014), Proximal algorithms, Foundations and Trends in Optimization 1
 * @example proximal({ kind: "l1Penalty", strength: 2 }, tensor([2, 1], [3, -1]), 0.5).data // Float64Array [2, 0]
 */
export function proximal(constraint: ConstraintDescription, factor: Matrix, step = 1): Matrix {
  const { name, narrow, proximal: operate } = constraintOf("proximal", constraint);
  checkTensor("proximal", "factor", factor, 2);
  checkFinite("proximal", "factor", factor);
  checkAbove("proximal", "step", step, 0, true);
  if (!operate || (narrow && factor.shape[1] > factor.shape[0]))
    fail("proximal", {
      expected: operate ? `no more columns than rows with the constraint ${name}` : "a constraint of the library's",
      got: operate ? `factor of shape (${factor.shape.join(" × ")})` : show(name),
      fix: "Pass the description of such as l1Penalty, simplex, monotone or nonNegative, and a factor that fits it.",
    });
  const nearest = operate(factor, step);
  checkRange("proximal", "sums of entries", nearest.data);
  return nearest;
}
