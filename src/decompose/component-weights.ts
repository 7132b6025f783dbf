import { solveSymmetric } from "../linalg";
import { zeros, type Matrix } from "../tensor";
import type { Demands } from "./update-factor";

/** Whether no factor can carry the scale of components: each is fixed, or has unit columns, and not all are fixed. */
export const needsWeights = (modes: number, { fixed, constraints }: Pick<Demands, "fixed" | "constraints">): boolean =>
  constraints.some((constraint) => constraint?.unitColumns) &&
  Array.from({ length: modes }, (_, mode) => fixed.includes(mode) || constraints[mode]?.unitColumns).every(Boolean);

/**
 * The weights of components by least squares: `overlaps weights = d`, with the inner products of components with each
 * other, and d those with x.
 */
export function bestWeights(overlaps: Matrix, factor: Matrix, products: Matrix): Float64Array {
  const rank = factor.shape[1],
    withX = zeros([rank, 1]);
  for (let i = 0; i < factor.data.length; i++) withX.data[i % rank] += factor.data[i] * products.data[i];
  return solveSymmetric(overlaps, withX).x.data;
}

/** Every column times its weight. */
export const scaledColumns = ({ shape, data }: Matrix, weights: Float64Array): Matrix => ({
  shape,
  data: data.map((value, i) => value * weights[i % weights.length]),
});

/** Every row times its weight. */
export const scaledRows = ({ shape, data }: Matrix, weights: Float64Array): Matrix => ({
  shape,
  data: data.map((value, i) => value * weights[Math.floor(i / shape[1])]),
});
