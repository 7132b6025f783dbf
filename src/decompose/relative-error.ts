import type { Matrix } from "../tensor";

/** The sum of the products of entries. */
export function innerProduct(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += a.data[i] * b.data[i];
  return sum;
}

/** What a sweep knows about its model. */
export interface ModelSums {
  /** `<x, x̂>` */
  readonly inner: number;
  /** `‖x̂‖²` */
  readonly modelSquared: number;
  /** the sum of the squared norms of the components */
  readonly componentsSquared: number;
  /** whether the sums include imputed entries, and so do not give the error over the observed ones */
  readonly imputes: boolean;
}

/**
 * `‖x - x̂‖ / ‖x‖` from `‖x‖² - 2 <x, x̂> + ‖x̂‖²`, which costs nothing after a sweep. Where these cancel, the residual
 * is summed entry by entry: near an error of zero, and where components are so large that their squares cancel too.
 *
 * @param squaredResidual - `‖x - x̂‖²` over the observed entries, by a pass over x
 */
export function relativeErrorOf(
  norm: number,
  { inner, modelSquared, componentsSquared, imputes }: ModelSums,
  squaredResidual: () => number,
): number {
  if (norm === 0) return Math.sqrt(Math.max(0, modelSquared));
  if (imputes) return Math.sqrt(squaredResidual()) / norm;
  const squared = 1 - (2 * inner - modelSquared) / (norm * norm),
    canceled = Math.max(1, componentsSquared / (norm * norm));
  // a sum of terms of this size has an error of about 1e-15 of it, so the relative error of the root is at most 5e-10
  return squared > 1e-6 * canceled ? Math.sqrt(squared) : Math.sqrt(squaredResidual()) / norm;
}

/** The squares of a model and of its components from the inner products of components (rank × rank). */
export const squaresOf = ({ shape: [rank], data }: Matrix): Pick<ModelSums, "modelSquared" | "componentsSquared"> => ({
  modelSquared: data.reduce((sum, value) => sum + value, 0),
  componentsSquared: data.reduce((sum, value, i) => (i % (rank + 1) === 0 ? sum + value : sum), 0),
});
