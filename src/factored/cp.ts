import { fail, show } from "../base";
import {
  checkFactors,
  checkFinite,
  checkTensor,
  khatriRao,
  sizeOf,
  zeros,
  type Matrix,
  type Tensor,
  type Vector,
} from "../tensor";
import { checkRange, columnUnits, dividedColumns, timesPowerOfTwo } from "./units";

/** A CP decomposition: `x ≈ sum_r weights_r a_r ∘ b_r ∘ ...`, the factors' columns being a_r, b_r, .... */
export interface Cp {
  /** (rank) */
  readonly weights: Vector;
  /** one per mode, (size × rank) */
  readonly factors: readonly Matrix[];
}

/**
 * Refuse what is no CP decomposition: weights and factors that are not finite or not of one rank. `name` is what the
 * argument is called.
 */
export function checkCp(where: string, cp: Cp, name = "cp"): void {
  const record: unknown = cp;
  if (typeof record !== "object" || record === null || !Array.isArray(cp.factors) || !cp.weights)
    fail(where, {
      expected: `${name} to be a CP decomposition { weights, factors }`,
      got: show(record),
      fix: `Pass what cpAls gave as ${name}, or { weights: tensor([rank], …), factors: [tensor([size, rank], …), …] }.`,
    });
  const { weights, factors } = cp;
  checkFactors(where, Array.from(factors));
  for (const [mode, f] of factors.entries()) checkFinite(where, `factor ${mode} of ${name}`, f);
  checkTensor(where, `the weights of ${name}`, weights, 1);
  checkFinite(where, `the weights of ${name}`, weights);
  const rank = factors[0].shape[1];
  if (rank === 0)
    fail(where, {
      expected: `${name} of at least one component`,
      got: "factors without columns",
      fix: "Pass factors (size × rank) with a rank of 1 or more.",
    });
  if (weights.shape[0] !== rank)
    fail(where, {
      expected: `${rank} weights, one per component`,
      got: String(weights.shape[0]),
      fix: "Use weights of 1 where the factors carry the scale.",
    });
}

/** Refuse a model whose sizes are not those of x. */
export function checkModelOf(where: string, x: Tensor, { factors }: Cp): void {
  checkTensor(where, "x", x);
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
 * @example cpToTensor({ weights: tensor([1], [2]), factors: [tensor([2, 1], [1, 2]), tensor([2, 1], [3,
 * 4])] }).data // Float64Array [6, 8, 12, 16]
 */
export function cpToTensor(cp: Cp): Tensor {
  checkCp("cpToTensor", cp);
  const { weights, factors } = inUnits("cpToTensor", cp);
  const rank = weights.shape[0],
    shape = factors.map((f) => f.shape[0]);
  const [first] = factors,
    out = zeros(shape),
    right = sizeOf(shape.slice(1));
  const rest = factors.length === 1 ? undefined : khatriRao(factors.slice(1)).data;
  for (let i = 0, to = 0; i < shape[0]; i++)
    for (let q = 0; q < right; q++, to++) {
      let sum = 0;
      for (let r = 0; r < rank; r++)
        sum += weights.data[r] * first.data[i * rank + r] * (rest ? rest[q * rank + r] : 1);
      out.data[to] = sum;
    }
  checkRange("cpToTensor", "entries", out.data);
  return out;
}

/** The same decomposition with columns that can be multiplied: as it is, unless some are extremely large or small. */
function inUnits(where: string, { weights, factors }: Cp): Cp {
  const units = columnUnits(factors);
  if (units.every((columns) => columns.every((exponent) => exponent === 0))) return { weights, factors };
  const data = weights.data.map((weight, r) =>
    timesPowerOfTwo(
      weight,
      units.reduce((sum, columns) => sum + columns[r], 0),
    ),
  );
  checkRange(where, "weights", data);
  return {
    weights: { shape: weights.shape, data },
    factors: factors.map((f, mode) => dividedColumns(f, units[mode])),
  };
}

/** A decomposition from factors, and weights that are given as numbers. */
export const cpOf = (factors: readonly Matrix[], weights: Float64Array): Cp => ({
  weights: { shape: [weights.length], data: weights },
  factors,
});
