import { solveRows } from "../linalg";
import { checkFinite, checkSameShape, type Matrix } from "../tensor";
import type { CpConstraint } from "./constraint";

/** A factor, and whether its normal equations were singular to rounding. */
export interface FactorSolution {
  readonly factor: Matrix;
  readonly singular: boolean;
}

/** Finds the factor of a mode from its normal equations `factor normal = products`, and the factor as it was. */
export type UpdateFactor = (mode: number, normal: Matrix, products: Matrix, before: Matrix) => FactorSolution;

/** Constraints and penalties on the factors. */
export interface Demands {
  /** the function that was called, for errors */
  readonly where: string;
  /** added to the diagonal of the normal equations */
  readonly ridge: number;
  /** modes whose factors stay as they are */
  readonly fixed: readonly number[];
  /** by mode */
  readonly constraints: readonly (CpConstraint | undefined)[];
}

/**
 * Updates by kind of mode: a fixed factor stays, a constraint updates its mode, and any other factor is the least
 * squares solution.
 */
export function updateFactor(demands: Demands): UpdateFactor {
  const { ridge } = demands,
    update = demandedUpdate(demands);
  return (mode, normal, products, before) =>
    update(mode, normal, before, (constraint) =>
      constraint
        ? { factor: constraint.update(withRidge(normal, ridge), products, before), singular: false }
        : solveFactor(normal, products, ridge),
    );
}

/**
 * What updates of whole factors and of single rows share.
 *
 * Where a constraint tells a column from its negative, as `nonNegative` does, a column becomes zero if its component
 * has the wrong sign. The normal equations of the component in the other modes are then 0. In modes where either sign
 * is allowed, its columns stay, so that the component can come back, and in the first of these modes the column changes
 * its sign.
 *
 * @returns the factor that `solve` finds; one from a constraint is checked. `normal` is that of a tensor without
 * missing entries
 */
export function demandedUpdate({ where, fixed, constraints }: Demands) {
  const isFree = (mode: number) =>
    !fixed.includes(mode) && (!constraints[mode] || (constraints[mode].symmetric && !constraints[mode].narrow));
  let first = 0;
  while (!isFree(first)) first++;
  return (
    mode: number,
    { shape: [rank], data: normal }: Matrix,
    before: Matrix,
    solve: (constraint: CpConstraint | undefined) => FactorSolution,
  ): FactorSolution => {
    if (fixed.includes(mode)) return { factor: before, singular: false };
    const constraint = constraints[mode],
      { factor, singular } = solve(constraint);
    if (constraint) {
      const what = `the factor of mode ${mode} from the constraint ${constraint.name}`;
      checkSameShape(where, what, factor, before.shape);
      checkFinite(where, what, factor);
    }
    if (constraints.length === 0 || !isFree(mode)) return { factor, singular };
    const sign = mode === first ? -1 : 1,
      data = factor.data.map((value, at) => (normal[(at % rank) * (rank + 1)] === 0 ? sign * before.data[at] : value));
    return { factor: { shape: before.shape, data }, singular };
  };
}

/** The solution of `factor (normal + ridge I) = products`. */
export function solveFactor(normal: Matrix, products: Matrix, ridge: number): FactorSolution {
  const { x, singular } = solveRows(withRidge(normal, ridge), products);
  return { factor: x, singular };
}

/** `normal + ridge I`. */
export function withRidge({ shape, data }: Matrix, ridge: number): Matrix {
  const rank = shape[0],
    loaded = data.slice();
  for (let r = 0; r < rank; r++) loaded[r * rank + r] += ridge;
  return { shape, data: loaded };
}
