import { gram, hadamard, type Matrix } from "../tensor";
import { checkCp, type Cp } from "./cp";
import { columnsInRange } from "./units";

/**
 * The congruence of every two components: the product over modes of the cosines between their columns. 1 on the
 * diagonal; near -1 where two components cancel each other.
 *
 * @returns (rank × rank), symmetric
 * @throws {@link LtrnnError} when weights and factors disagree
 * @see Tucker (1951), A method for synthesis of factor analysis studies; Mitchell & Burdick (1994), Slowly converging
 * PARAFAC sequences: swamps and two-factor degeneracies, J. Chemometrics 8
 * @example congruenceMatrix({ weights: tensor([2], [1, 1]), factors: [tensor([2, 2], [1, 0, 0, 1]), tensor([1, 2], [1,
 * 1])] }).data // Float64Array [1, 0, 0, 1]
 */
export function congruenceMatrix(cp: Cp): Matrix {
  checkCp("congruenceMatrix", cp);
  return congruencesOf(cp);
}

/** {@link congruenceMatrix}, of what is known to be a decomposition. */
export function congruencesOf(cp: Cp): Matrix {
  const rank = cp.weights.shape[0],
    cosines = cp.factors.map((f): Matrix => {
      const g = gram(columnsInRange(f)),
        lengths = Array.from({ length: rank }, (_, r) => Math.sqrt(g.data[r * rank + r]));
      return {
        shape: g.shape,
        data: g.data.map((x, i) => (x === 0 ? 0 : x / lengths[Math.floor(i / rank)] / lengths[i % rank])),
      };
    });
  const product = cosines.reduce((p, c) => hadamard(p, c)),
    signs = cp.weights.data;
  return {
    shape: product.shape,
    data: product.data.map((x, i) => x * Math.sign(signs[Math.floor(i / rank)]) * Math.sign(signs[i % rank])),
  };
}
