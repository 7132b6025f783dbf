import type { Matrix } from "../tensor";

/** A constraint as plain data, from which {@link constraintFrom} makes it again; of a custom one, only its name. */
export type ConstraintDescription =
  | { readonly kind: "nonNegative"; readonly rounds: number; readonly exact?: true }
  | { readonly kind: "orthogonal" }
  | { readonly kind: "ridgePenalty"; readonly strength: number }
  | { readonly kind: "smoothAlong"; readonly strength: number }
  | { readonly kind: "l1Penalty"; readonly strength: number; readonly nonNegative?: boolean }
  | { readonly kind: "l2Penalty"; readonly strength: number }
  | { readonly kind: "simplex"; readonly total?: number }
  | { readonly kind: "monotone"; readonly direction: "rising" | "falling" }
  | { readonly kind: "unimodal"; readonly nonNegative?: boolean }
  | { readonly kind: "unitNorm" }
  | { readonly kind: "softSparsity"; readonly total: number }
  | { readonly kind: "hardSparsity"; readonly count: number; readonly unitNorm?: boolean }
  | { readonly kind: "box"; readonly least?: number; readonly most?: number }
  | { readonly kind: "l2Ball"; readonly radius: number; readonly nonNegative?: boolean }
  | { readonly kind: "totalVariation"; readonly strength: number; readonly l1?: number }
  | { readonly kind: "custom"; readonly name: string };

/**
 * How the factor of a mode is updated. With `normal` (rank × rank, the Gram matrices of the other modes multiplied) and
 * `products` (size × rank, the MTTKRP), the squared error is, but for a constant, `tr(F normal F') - 2 tr(F
 * products')`.
 */
export interface CpConstraint {
  /** for messages */
  readonly name: string;
  /** what makes it again; a custom constraint has none */
  readonly description?: ConstraintDescription;
  /** whether the rank must not exceed the size of the mode */
  readonly narrow?: boolean;
  /**
   * whether columns have unit length. Where every mode has such columns or is fixed, the weights of components are
   * separate parameters
   */
  readonly unitColumns?: boolean;
  /**
   * whether the update scales with the data, or does not depend on their scale: then data may be computed in another
   * unit
   */
  readonly homogeneous?: boolean;
  /** whether the negative of a column satisfies it too; if not, columns keep their signs in results */
  readonly symmetric?: boolean;
  /** a start that satisfies it; absent: any does */
  start?(factor: Matrix): Matrix;
  /**
   * its proximal operator: the factor F that minimizes `‖F - factor‖² / 2 + step penalty(F)`, or the nearest one that
   * satisfies the constraint; absent: there is no formula for it
   */
  proximal?(factor: Matrix, step: number): Matrix;
  /** a factor that satisfies it, with a squared error (and penalty) no larger than that of `before` */
  update(normal: Matrix, products: Matrix, before: Matrix): Matrix;
  /**
   * the same where entries are missing: row i has the normal equations `normals[i]`, each at most `whole`. Absent:
   * steps of `update`, each of which lowers the error over the observed entries
   */
  updateByRow?(normals: readonly Matrix[], products: Matrix, before: Matrix, whole: Matrix): Matrix;
}

/** The description of a constraint: its own, or that of a custom one. */
export const describeConstraint = ({ name, description }: CpConstraint): ConstraintDescription =>
  description ?? { kind: "custom", name };

/** Modes whose columns keep their signs in results. */
export const uprightModes = (constraints: readonly (CpConstraint | undefined)[]): number[] =>
  constraints.flatMap((constraint, mode) => (constraint && !constraint.symmetric ? [mode] : []));

/** Factors to start from, those that are not fixed made to satisfy their constraints. */
export const satisfying = (
  factors: readonly Matrix[],
  constraints: readonly (CpConstraint | undefined)[],
  fixed: readonly number[] = [],
): Matrix[] => factors.map((f, mode) => (fixed.includes(mode) ? f : (constraints[mode]?.start?.(f) ?? f)));
