import { checkWhole, fail, failingAs } from "../base";
import {
  checkTensor,
  hadamard,
  modeProduct,
  mttkrp,
  norm,
  subtract,
  type Matrix,
  type Tensor,
  type Vector,
} from "../tensor";
import { checkCp, checkModelOf, cpToTensor, type Cp } from "./cp";
import { reducedFactor } from "./reduced-factor";
import { checkRange } from "./units";

/**
 * The norm of the tensor that a CP decomposition stands for, without forming it: that of the small tensor of the R
 * factors of its factors. So components that cancel cost no more digits than in the tensor itself, where the sum over
 * inner products of components would cost twice as many.
 *
 * @throws {@link LtrnnError} when weights and factors disagree
 * @remarks O(sum of sizes · rank²), and the product of min(size, rank) over modes, times the rank.
 * @example cpNorm({ weights: tensor([1], [2]), factors: [tensor([2, 1], [3, 4]), tensor([1, 1], [1])] })
 * // 10, up to rounding
 */
export function cpNorm(cp: Cp): number {
  checkCp("cpNorm", cp);
  const size = failingAs("cpNorm", () =>
    norm(cpToTensor({ weights: cp.weights, factors: cp.factors.map(reducedFactor) })),
  );
  checkRange("cpNorm", "the norm", Float64Array.of(size));
  return size;
}

/**
 * A CP decomposition multiplied by a matrix in one mode: that factor is, and nothing else changes. A vector contracts
 * the mode, which then is gone, and its inner products with the columns go into the weights.
 *
 * @param m - (rows × size of mode), or a vector (size of mode)
 * @throws {@link LtrnnError} when m does not fit the factor, or a vector would leave no mode
 * @example cpModeProduct({ weights: tensor([1], [2]), factors: [tensor([2, 1], [3, 4]), tensor([1, 1], [1])] },
 * tensor([1, 2], [1, 1]), 0).factors[0].data // Float64Array [7]
 */
export function cpModeProduct(cp: Cp, m: Matrix | Vector, mode: number): Cp {
  checkCp("cpModeProduct", cp);
  const { weights, factors } = cp,
    row = rowOf("cpModeProduct", m, factors.length),
    factor = factorAt("cpModeProduct", factors, row ?? (m as Matrix), mode);
  if (row) {
    const along = weights.data.map((weight, r) => weight * factor.data[r]);
    checkRange("cpModeProduct", "weights", along);
    return { weights: { shape: weights.shape, data: along }, factors: factors.filter((_, n) => n !== mode) };
  }
  return { weights, factors: factors.map((f, n) => (n === mode ? factor : f)) };
}

/** The loss of a CP decomposition beside a tensor, and its gradient. */
export interface CpGradient {
  /** `‖x - x̂‖² / 2` */
  readonly loss: number;
  readonly weights: Vector;
  /** as the factors */
  readonly factors: readonly Matrix[];
}

/**
 * The gradient of `‖x - x̂‖² / 2` in the weights and factors of a CP decomposition, from the residual itself.
 *
 * @throws {@link LtrnnError} when the model does not fit x, or numbers leave the range of doubles
 * @remarks O(modes · entries · rank).
 * @see Acar, Dunlavy & Kolda (2011), A scalable optimization approach for fitting canonical tensor decompositions, J.
 * Chemometrics 25
 * @example cpGradient(tensor([1, 1], [5]), { weights: tensor([1], [1]), factors: [tensor([1, 1], [2]), tensor([1, 1],
 * [3])] }).loss // 0.5
 */
export function cpGradient(x: Tensor, cp: Cp): CpGradient {
  checkCp("cpGradient", cp);
  checkModelOf("cpGradient", x, cp);
  const { weights, factors } = cp,
    rank = weights.shape[0],
    residual = subtract(cpToTensor(cp), x),
    products = factors.map((_, mode) => mttkrp(residual, factors, mode)),
    along = new Float64Array(rank),
    size = norm(residual);
  hadamard(products[0], factors[0]).data.forEach((value, i) => {
    along[i % rank] += value;
  });
  const gradient: CpGradient = {
    loss: (size * size) / 2,
    weights: { shape: [rank], data: along },
    factors: products.map(({ shape, data }) => ({
      shape,
      data: data.map((value, i) => value * weights.data[i % rank]),
    })),
  };
  checkRange("cpGradient", "loss and gradients", Float64Array.of(gradient.loss));
  for (const { data } of [gradient.weights, ...gradient.factors]) checkRange("cpGradient", "loss and gradients", data);
  return gradient;
}

/** A vector as the matrix of one row that contracts a mode; undefined where it is none. */
export function rowOf(where: string, m: Matrix | Vector, modes: number): Matrix | undefined {
  checkTensor(where, "m", m);
  const { shape, data } = m;
  if (shape.length !== 1) return undefined;
  if (modes === 1)
    fail(where, {
      expected: "a mode beside that which the vector contracts",
      got: "a decomposition of one mode",
      fix: "Its inner product with the vector is a number: see cpInner.",
    });
  return { shape: [1, shape[0]], data };
}

/** A factor multiplied by a matrix, in the name of `where`. */
export function factorAt(where: string, factors: readonly Matrix[], m: Matrix, mode: number): Matrix {
  checkWhole(where, "mode", mode, 0, factors.length - 1);
  const factor = failingAs(where, () => modeProduct(factors[mode], m, 0)) as Matrix;
  checkRange(where, "the factor", factor.data);
  return factor;
}
