import { checkWhole, fail, show } from "../base";
import type { Matrix } from "../tensor";
import { checkCp, type Cp } from "./cp";

/**
 * Some of the components of a CP decomposition, or all in another order: to take one out, to sort them by something of
 * your own, such as where a column peaks, or to undo a permutation.
 *
 * @param components - numbers of components, each at most once, in the order that is wanted
 * @throws {@link LtrnnError} when there is no such component, or one is named twice
 * @remarks O(sum of sizes · rank); a copy.
 * @example selectComponents({ weights: tensor([3], [1, 2, 3]), factors: [tensor([1, 3], [4, 5, 6])] }, [2,
 * 0]).factors[0].data // Float64Array [6, 4]
 */
export function selectComponents(cp: Cp, components: readonly number[]): Cp {
  const where = "selectComponents";
  checkCp(where, cp);
  const rank = cp.weights.shape[0];
  if (!Array.isArray(components) || components.length === 0)
    fail(where, {
      expected: "components to be an array of one or more",
      got: Array.isArray(components) ? "none" : show(components),
      fix: "Pass such as [2, 0, 1].",
    });
  const order = Array.from(components as readonly number[]);
  for (const r of order) checkWhole(where, "each of components", r, 0, rank - 1);
  if (new Set(order).size < order.length)
    fail(where, { expected: "each component once", got: order.join(", "), fix: "Leave out the repeated ones." });
  const count = order.length;
  return {
    weights: { shape: [count], data: Float64Array.from(order, (r) => cp.weights.data[r]) },
    factors: cp.factors.map(
      ({ shape: [size], data }): Matrix => ({
        shape: [size, count],
        data: Float64Array.from(
          { length: size * count },
          (_, i) => data[Math.floor(i / count) * rank + order[i % count]],
        ),
      }),
    ),
  };
}

/**
 * The sum of the tensors of CP decompositions, as one: the components of all of them, one after another.
 *
 * @param parts - one or more, of the same sizes; change the signs of `weights` to subtract one
 * @throws {@link LtrnnError} when sizes differ
 * @remarks O(sum of sizes · sum of ranks); a copy.
 * @example cpSum([{ weights: tensor([1], [2]), factors: [tensor([1, 1], [3])] }, { weights: tensor([1], [4]),
 * factors: [tensor([1, 1], [5])] }]).factors[0].data // Float64Array [3, 5]
 */
export function cpSum(parts: readonly Cp[]): Cp {
  const where = "cpSum";
  if (!Array.isArray(parts) || parts.length === 0)
    fail(where, {
      expected: "an array of one CP decomposition or more",
      got: show(parts),
      fix: "Pass such as [a, b].",
    });
  const list = Array.from(parts as readonly Cp[]);
  for (const [n, cp] of list.entries()) checkCp(where, cp, `parts[${n}]`);
  const sizesOf = ({ factors }: Cp) => factors.map(({ shape }) => shape[0]).join(" × "),
    want = sizesOf(list[0]),
    other = list.findIndex((cp) => sizesOf(cp) !== want);
  if (other >= 0)
    fail(where, {
      expected: `decompositions of sizes ${want}, as the first`,
      got: `${sizesOf(list[other])} in parts[${other}]`,
      fix: "Add models of tensors of one shape.",
    });
  const rank = list.reduce((sum, { weights }) => sum + weights.shape[0], 0),
    data = new Float64Array(rank),
    factors = list[0].factors.map(
      ({ shape: [size] }): Matrix => ({
        shape: [size, rank],
        data: new Float64Array(size * rank),
      }),
    );
  let from = 0;
  for (const cp of list) {
    const own = cp.weights.shape[0];
    data.set(cp.weights.data, from);
    for (const [mode, f] of cp.factors.entries())
      for (let i = 0; i < f.shape[0]; i++)
        factors[mode].data.set(f.data.subarray(i * own, (i + 1) * own), i * rank + from);
    from += own;
  }
  return { weights: { shape: [rank], data }, factors };
}
