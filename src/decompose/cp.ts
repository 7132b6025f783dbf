import { fail } from "../base";
import {
  checkFactors,
  checkTensor,
  hadamard,
  khatriRao,
  sizeOf,
  zeros,
  type Matrix,
  type Tensor,
  type Vector,
} from "../tensor";

/** A CP decomposition: `x ≈ sum_r weights_r a_r ∘ b_r ∘ ...`, the factors' columns being a_r, b_r, .... */
export interface Cp {
  /** (rank) */
  readonly weights: Vector;
  /** one per mode, (size × rank) */
  readonly factors: readonly Matrix[];
}

/** Refuse weights and factors that are not of one rank. */
export function checkCp(where: string, { weights, factors }: Cp): void {
  checkFactors(where, factors);
  checkTensor(where, "weights", weights, 1);
  if (weights.shape[0] !== factors[0].shape[1])
    fail(where, {
      expected: `${factors[0].shape[1]} weights, one per component`,
      got: String(weights.shape[0]),
      fix: "Use weights of 1 where the factors carry the scale.",
    });
}

/** Refuse a model whose sizes are not those of x. */
export function checkModelOf(where: string, x: Tensor, { factors }: Cp): void {
  const got = factors.map((f) => f.shape[0]).join(", "),
    want = x.shape.join(", ");
  if (got !== want)
    fail(where, { expected: `factors with ${want} rows`, got, fix: "Pass the tensor that was decomposed." });
}

/**
 * The tensor that a CP decomposition stands for.
 *
 * @throws {@link LtrnnError} when weights and factors disagree
 * @remarks O(entries · rank).
 * @example cpToTensor({ weights: tensor([1], [2]), factors: [tensor([2, 1], [1, 2]), tensor([2, 1], [3, 4])] }).data // Float64Array [6, 8, 12, 16]
 */
export function cpToTensor({ weights, factors }: Cp): Tensor {
  checkCp("cpToTensor", { weights, factors });
  const rank = weights.shape[0],
    shape = factors.map((f) => f.shape[0]);
  const [first] = factors,
    out = zeros(shape),
    right = sizeOf(shape.slice(1));
  const rest = factors.length === 1 ? undefined : khatriRao(factors.slice(1)).data;
  for (let i = 0, at = 0; i < shape[0]; i++)
    for (let q = 0; q < right; q++, at++) {
      let sum = 0;
      for (let r = 0; r < rank; r++)
        sum += weights.data[r] * first.data[i * rank + r] * (rest ? rest[q * rank + r] : 1);
      out.data[at] = sum;
    }
  return out;
}

/** The Gram matrices of all factors but one, multiplied entry by entry: the normal equations of a mode. */
export function gramOfOthers(grams: readonly Matrix[], mode: number): Matrix {
  const rank = grams[0].shape[0];
  const ones: Matrix = { shape: [rank, rank], data: new Float64Array(rank * rank).fill(1) };
  return grams.reduce((product, g, n) => (n === mode ? product : hadamard(product, g)), ones);
}

/** The factors with the weights taken into the last of them. */
export function weightsInLast(where: string, cp: Cp): Matrix[] {
  checkCp(where, cp);
  const { weights, factors } = cp,
    rank = weights.shape[0];
  return factors.map((f, mode) =>
    mode === factors.length - 1
      ? { shape: f.shape, data: f.data.map((value, at) => value * weights.data[at % rank]) }
      : f,
  );
}

/**
 * The same tensor with unit columns, components sorted by weight downwards, weights positive, and the largest entry of each column positive in every mode but the last.
 *
 * A component that is zero keeps zero columns and weight 0. Where modes are `fixed`, their factors stay as they are, and so does the order of components; all scale is in the weights.
 *
 * @example canonical({ weights: tensor([1], [1]), factors: [tensor([1, 1], [-2]), tensor([1, 1], [3])] }).weights.data // Float64Array [6]
 */
export function canonical({ weights, factors }: Cp, fixed: readonly number[] = []): Cp {
  const rank = weights.shape[0],
    lastMode = factors.reduce((last, _, mode) => (fixed.includes(mode) ? last : mode), 0);
  const scaled = factors.map((f) => f.data.slice());
  const size = weights.data.slice();
  for (let r = 0; r < rank; r++) {
    let sign = Math.sign(size[r]) || 1;
    size[r] = Math.abs(size[r]);
    factors.forEach(({ shape: [rows] }, mode) => {
      if (fixed.includes(mode)) return;
      let largest = 0,
        squares = 0;
      for (let i = 0; i < rows; i++) {
        const value = scaled[mode][i * rank + r];
        squares += value * value;
        if (Math.abs(value) > Math.abs(largest)) largest = value;
      }
      const length = Math.sqrt(squares);
      size[r] *= length;
      if (length === 0) return;
      const flip = mode === lastMode ? sign : largest < 0 ? -1 : 1;
      if (mode !== lastMode && flip < 0) sign = -sign;
      for (let i = 0; i < rows; i++) scaled[mode][i * rank + r] *= flip / length;
    });
  }
  const order = Array.from({ length: rank }, (_, r) => r);
  if (fixed.length === 0) order.sort((r, s) => size[s] - size[r]);
  return {
    weights: { shape: [rank], data: Float64Array.from(order, (r) => size[r]) },
    factors: factors.map((f, mode) =>
      fixed.includes(mode)
        ? f
        : { shape: f.shape, data: scaled[mode].map((_, at) => scaled[mode][at - (at % rank) + order[at % rank]]) },
    ),
  };
}
