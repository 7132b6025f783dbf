import { gramOfOthers } from "../factored";
import { solveSymmetric } from "../linalg";
import { gram, zeros, type Matrix, type Tensor } from "../tensor";
import type { LeastSquares } from "./als-model";
import { innerProduct, relativeErrorOf, squaresOf } from "./relative-error";
import { dimensionTree } from "./dimension-tree";
import type { Demands, UpdateFactor } from "./update-factor";

/** Whether no factor can carry the scale of components: each is fixed, or has unit columns, and not all are fixed. */
export const needsWeights = (modes: number, { fixed, constraints }: Pick<Demands, "fixed" | "constraints">): boolean =>
  constraints.some((constraint) => constraint?.unitColumns) &&
  Array.from({ length: modes }, (_, mode) => fixed.includes(mode) || constraints[mode]?.unitColumns).every(Boolean);

/**
 * Alternating least squares where the components have weights in addition to their factors: `x ≈ sum_r weights_r a_r ∘
 * b_r ∘ ...`. Weights are the least squares solution for the factors before and after each update, and the normal
 * equations of a mode are those of its factor with the weights held.
 */
export function weightedLeastSquares(
  x: Tensor,
  rank: number,
  {
    update,
    norm,
    imputes = false,
  }: { readonly update: UpdateFactor; readonly norm: number; readonly imputes?: boolean },
): LeastSquares {
  const passes = dimensionTree(x, rank, imputes);
  return {
    norm,
    imputes,
    sweep(model, odd) {
      const factors = [...model.factors],
        weights = model.weights.slice(),
        grams = factors.map(gram);
      let singular = false,
        inner = 0;
      for (const { mode, products } of passes.sweep(factors, odd, weights)) {
        weights.set(bestWeights(grams, factors[mode], products));
        const normal = scaledColumns(scaledRows(gramOfOthers(grams, mode), weights), weights),
          solution = update(mode, normal, scaledColumns(products, weights), factors[mode]);
        factors[mode] = solution.factor;
        grams[mode] = gram(solution.factor);
        singular ||= solution.singular;
        if (mode < factors.length - 1) continue;
        weights.set(bestWeights(grams, factors[mode], products));
        inner = innerProduct(scaledColumns(factors[mode], weights), products);
      }
      const overlaps = scaledColumns(scaledRows(gramOfOthers(grams, -1), weights), weights),
        relativeError = relativeErrorOf(norm, { inner, ...squaresOf(overlaps), imputes }, () =>
          passes.residual(factors, weights),
        );
      return { factors, weights, relativeError, singular };
    },
  };
}

/**
 * The weights of components by least squares: `G weights = d`, G their inner products with each other, d those with x.
 */
function bestWeights(grams: readonly Matrix[], factor: Matrix, products: Matrix): Float64Array {
  const rank = factor.shape[1],
    withX = zeros([rank, 1]);
  for (let i = 0; i < factor.data.length; i++) withX.data[i % rank] += factor.data[i] * products.data[i];
  return solveSymmetric(gramOfOthers(grams, -1), withX).x.data;
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
