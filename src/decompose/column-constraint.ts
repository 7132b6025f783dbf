import type { Matrix } from "../tensor";
import { byColumn } from "./column-operators";
import type { ConstraintDescription, CpConstraint } from "./constraint";
import { proximalDescent, sharedSquare, squareByRow } from "./proximal-descent";

interface Parts {
  readonly homogeneous?: boolean;
  readonly unitColumns?: boolean;
  readonly symmetric?: boolean;
  /** on a column, in place */
  operate(column: Float64Array, step: number): void;
  /** of a column */
  penalty?(column: Float64Array): number;
}

/** A constraint on single columns, by its proximal operator: factors are found by accelerated proximal gradients. */
export function columnConstraint(
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
