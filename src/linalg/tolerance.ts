import type { Matrix } from "../tensor";

/** The rounding of singular values relative to the largest: the larger size of the matrix times 2^-52. */
export const roundingOf = ({ shape: [rows, columns] }: Matrix): number => Math.max(rows, columns) * Number.EPSILON;

/** A part of the largest singular value: directions at or below it do not count. */
export const toleranceField = { is: "number", least: 0, below: 1 } as const;

/** Options of what decides a rank. */
export interface ToleranceOptions {
  /**
   * directions at or below this times the largest singular value do not count; default the larger size of m times 2^-52
   */
  readonly tolerance?: number;
}
