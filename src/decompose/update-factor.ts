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
export function updateFactor({ where, ridge, fixed, constraints }: Demands): UpdateFactor {
  return (mode, normal, products, before) => {
    if (fixed.includes(mode)) return { factor: before, singular: false };
    const constraint = constraints[mode];
    if (!constraint) return solveFactor(normal, products, ridge);
    return checkedFactor(
      where,
      mode,
      constraint,
      constraint.update(withRidge(normal, ridge), products, before),
      before,
    );
  };
}

/** The factor that a constraint returned; anything else is refused. */
export function checkedFactor(
  where: string,
  mode: number,
  { name }: CpConstraint,
  factor: Matrix,
  { shape }: Matrix,
): FactorSolution {
  const what = `the factor of mode ${mode} from the constraint ${name}`;
  checkSameShape(where, what, factor, shape);
  checkFinite(where, what, factor);
  return { factor, singular: false };
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
