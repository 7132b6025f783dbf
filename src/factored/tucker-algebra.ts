import { fail } from "../base";
import {
  checkTensor,
  matmul,
  modeProduct,
  norm,
  subtract,
  transpose,
  unfold,
  type Matrix,
  type Tensor,
  type Vector,
} from "../tensor";
import { factorAt, rowOf } from "./cp-algebra";
import { reducedFactor } from "./reduced-factor";
import { checkTucker, expanded, tuckerToTensor, type Tucker } from "./tucker-to-tensor";
import { checkRange } from "./units";

/**
 * The norm of the tensor that a Tucker decomposition stands for, without forming it: that of the core, where factors
 * have orthonormal columns, and else of the core multiplied by the R factors of its factors.
 *
 * @throws {@link LtrnnError} when core and factors disagree, or numbers leave the range of doubles
 * @remarks O(sum of sizes · rank²), and products of the core with small matrices.
 * @example tuckerNorm({ core: tensor([1, 1], [2]), factors: [tensor([2, 1], [3, 4]), tensor([1, 1], [1])] })
 * // 10, up to rounding
 */
export function tuckerNorm(decomposition: Tucker): number {
  checkTucker("tuckerNorm", decomposition);
  const size = norm(expanded(decomposition.core, decomposition.factors.map(reducedFactor)));
  checkRange("tuckerNorm", "the norm", Float64Array.of(size));
  return size;
}

/**
 * A Tucker decomposition multiplied by a matrix in one mode: that factor is, and nothing else changes. A vector
 * contracts the mode, which then is gone from the core too.
 *
 * @param m - (rows × size of mode), or a vector (size of mode)
 * @throws {@link LtrnnError} when m does not fit the factor, or a vector would leave no mode
 * @example tuckerModeProduct({ core: tensor([1, 1], [2]), factors: [tensor([2, 1], [3, 4]), tensor([1, 1], [1])] },
 * tensor([1, 2], [1, 1]), 0).factors[0].data // Float64Array [7]
 */
export function tuckerModeProduct(decomposition: Tucker, m: Matrix | Vector, mode: number): Tucker {
  const where = "tuckerModeProduct";
  checkTucker(where, decomposition);
  const { core, factors } = decomposition,
    row = rowOf(where, m, factors.length),
    factor = factorAt(where, factors, row ?? (m as Matrix), mode);
  if (row) {
    const { shape, data } = modeProduct(core, factor, mode);
    checkRange(where, "the core", data);
    return { core: { shape: shape.filter((_, n) => n !== mode), data }, factors: factors.filter((_, n) => n !== mode) };
  }
  return { core, factors: factors.map((f, n) => (n === mode ? factor : f)) };
}

/** The loss of a Tucker decomposition beside a tensor, and its gradient. */
export interface TuckerGradient {
  /** `‖x - x̂‖² / 2` */
  readonly loss: number;
  /** as the core */
  readonly core: Tensor;
  /** as the factors */
  readonly factors: readonly Matrix[];
}

/**
 * The gradient of `‖x - x̂‖² / 2` in the core and factors of a Tucker decomposition, from the residual itself. Factors
 * need not be orthonormal.
 *
 * @throws {@link LtrnnError} when the model does not fit x, or numbers leave the range of doubles
 * @remarks O(modes² · entries · largest rank).
 * @example tuckerGradient(tensor([1, 1], [5]), { core: tensor([1, 1], [1]), factors: [tensor([1, 1], [2]), tensor([1,
 * 1], [3])] }).loss // 0.5
 */
export function tuckerGradient(x: Tensor, decomposition: Tucker): TuckerGradient {
  checkTucker("tuckerGradient", decomposition);
  checkTensor("tuckerGradient", "x", x);
  const { core, factors } = decomposition,
    want = factors.map((u) => u.shape[0]).join(" × ");
  if (x.shape.join(" × ") !== want)
    fail("tuckerGradient", {
      expected: `x of shape (${want}), as the decomposition`,
      got: `(${x.shape.join(" × ")})`,
      fix: "Pass the tensor that was decomposed.",
    });
  const residual = subtract(tuckerToTensor(decomposition), x),
    size = norm(residual),
    projected = (skip: number) =>
      factors.reduce((y: Tensor, u, mode) => (mode === skip ? y : modeProduct(y, transpose(u), mode)), residual);
  const gradient: TuckerGradient = {
    loss: (size * size) / 2,
    core: projected(-1),
    factors: factors.map((_, mode) => matmul(unfold(projected(mode), mode), transpose(unfold(core, mode)))),
  };
  checkRange("tuckerGradient", "loss and gradients", Float64Array.of(gradient.loss));
  for (const { data } of [gradient.core, ...gradient.factors]) checkRange("tuckerGradient", "loss and gradients", data);
  return gradient;
}
