import { exponentOf, gramOfOthers, rescaled } from "../factored";
import { gram, type Matrix } from "../tensor";
import { satisfying, type CpConstraint } from "./constraint";
import { squaresOf } from "./relative-error";

/**
 * Factors to start from that satisfy their constraints, with a model of the size of x, by a power of two. A constrained
 * update starts from the factor before, so without this a run would depend on the unit of x. The size is in the first
 * mode whose columns may have any length; where the first mode is free, its update finds the size. Penalties are in the
 * unit of x: with one the start stays.
 *
 * @param size - the norm of x
 */
export function sizedStart(
  factors: readonly Matrix[],
  constraints: readonly (CpConstraint | undefined)[],
  size: number,
): Matrix[] {
  const start = satisfying(factors, constraints),
    carrier = start.findIndex((_, mode) => !isBounded(constraints[mode])),
    { componentsSquared } = squaresOf(gramOfOthers(start.map(gram), -1)),
    drawn = Math.sqrt(componentsSquared);
  if (!constraints[0] || carrier < 0 || size === 0 || drawn === 0) return start;
  if (constraints.some((constraint) => constraint && !constraint.homogeneous && !isBounded(constraint))) return start;
  return start.map((f, mode) => (mode === carrier ? rescaled(f, exponentOf(size) - exponentOf(drawn)) : f));
}

/** Constraints whose columns may have any length. */
const bounded = ["simplex", "softSparsity"];

const isBounded = (constraint: CpConstraint | undefined): boolean =>
  constraint?.unitColumns || bounded.includes(constraint?.description?.kind ?? "");
