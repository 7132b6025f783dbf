import { fail, isRecord } from "../base";
import { mttkrp, type Tensor } from "../tensor";
import { unitForm } from "./canonical";
import { checkCp, checkModelOf, type Cp } from "./cp";
import { columnCosine } from "./column-cosine";
import { inUnit } from "./in-unit";
import { checkRange, timesPowerOfTwo } from "./units";

/**
 * The inner product of the tensor of a CP decomposition with that of another one, or with a tensor, without forming
 * either.
 *
 * @throws {@link LtrnnError} when sizes differ, or the product would leave the range of doubles
 * @remarks O(rank² · sum of sizes), or O(entries · rank) beside a tensor. Components that cancel each other leave the
 * rounding of the sizes that they have.
 * @see Bader & Kolda (2007), Efficient MATLAB computations with sparse and factored tensors, SIAM J. Sci. Comput. 30,
 * section 5.2.4
 * @example cpInner({ weights: tensor([1], [2]), factors: [tensor([2, 1], [3, 4]), tensor([1, 1], [1])] }, tensor([2,
 * 1], [1, 1])) // 14, up to rounding
 */
export function cpInner(cp: Cp, other: Cp | Tensor): number {
  const where = "cpInner";
  checkCp(where, cp);
  const value = isRecord(other) && "factors" in other ? ofTwo(where, cp, other as Cp) : withTensor(where, cp, other);
  checkRange(where, "the inner product", Float64Array.of(value));
  return value;
}

function ofTwo(where: string, a: Cp, b: Cp): number {
  checkCp(where, b, "other");
  const [own, others] = [a, b].map(({ factors }) => factors.map(({ shape }) => shape[0]).join(" × "));
  if (own !== others)
    fail(where, { expected: `other of sizes ${own}, as cp`, got: others, fix: "Take models of tensors of one shape." });
  const p = unitForm(where, a),
    q = unitForm(where, b);
  let sum = 0;
  for (const [r, w] of p.weights.data.entries())
    for (const [s, v] of q.weights.data.entries())
      sum += p.factors.reduce((product, f, mode) => product * columnCosine(f, r, q.factors[mode], s), w * v);
  return sum;
}

function withTensor(where: string, cp: Cp, other: Tensor | Cp): number {
  const given = other as Tensor;
  checkModelOf(where, given, cp);
  const { x, unit } = inUnit(where, given),
    { weights, factors } = unitForm(where, cp),
    rank = weights.shape[0];
  let sum = 0;
  mttkrp(x, factors, 0).data.forEach((value, i) => {
    sum += value * factors[0].data[i] * weights.data[i % rank];
  });
  return timesPowerOfTwo(sum, unit);
}
