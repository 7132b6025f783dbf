import { innerProduct, relativeErrorOf, squaresOf, type LeastSquares, type UpdateFactor } from "../decompose";
import { gramOfOthers } from "../factored";
import { gram } from "../tensor";
import { listedMttkrp, sparseResidual } from "./sparse-mttkrp";
import type { SparseTensor } from "./sparse-tensor";

/** The least squares problem of a tensor whose unlisted entries are zero. */
export function sparseLeastSquares(x: SparseTensor, size: number, update: UpdateFactor): LeastSquares {
  return {
    norm: size,
    imputes: false,
    sweep(model) {
      const factors = [...model.factors],
        grams = factors.map(gram);
      let singular = false,
        inner = 0;
      for (let mode = 0; mode < factors.length; mode++) {
        const products = listedMttkrp(x, factors, mode),
          solution = update(mode, gramOfOthers(grams, mode), products, factors[mode]);
        factors[mode] = solution.factor;
        grams[mode] = gram(solution.factor);
        singular ||= solution.singular;
        inner = innerProduct(solution.factor, products);
      }
      const squares = squaresOf(gramOfOthers(grams, -1)),
        relativeError = relativeErrorOf(size, { inner, ...squares, imputes: false }, () => {
          const [residual, listed] = sparseResidual(x, factors);
          return residual + Math.max(0, squares.modelSquared - listed); // the squared model where x is zero
        });
      return { factors, weights: model.weights, relativeError, singular };
    },
  };
}
