import type { Matrix } from "../tensor";
import { columnCosine } from "./column-cosine";
import type { Cp } from "./cp";
import { matched, type MatchOptions } from "./match-components";
import { columnsInRange } from "./units";

/**
 * A CP decomposition with its components in the order of another, and with its signs: the same tensor, so that columns
 * can be compared or drawn one over the other. Components that the other does not have come last.
 *
 * Of each component, columns that point against their partner are turned around, in pairs, which changes no tensor;
 * where their number is odd, the one nearest to a right angle stays. Scale is left as it is.
 *
 * @param reference - the decomposition that gives order and signs
 * @param options - how components are matched, as for {@link matchComponents}
 * @returns as many components as `cp` has
 * @throws {@link LtrnnError} as matchComponents
 * @example alignComponents({ weights: tensor([1], [1]), factors: [tensor([1, 1], [1]), tensor([1, 1], [1])] },
 * { weights: tensor([1], [1]), factors: [tensor([1, 1], [-2]), tensor([1, 1], [-3])] }).factors[0].data
 * // Float64Array [2]
 */
export function alignComponents(reference: Cp, cp: Cp, options: MatchOptions = {}): Cp {
  const { assignment, unmatched } = matched("alignComponents", reference, cp, options),
    partners = assignment.flatMap((s, r) => (s === null ? [] : [{ r, s }])),
    order = [...partners.map(({ s }) => s), ...unmatched];
  const { weights, factors } = cp,
    rank = order.length,
    compared = factors
      .map((f, mode) => ({ mode, f: columnsInRange(f), g: reference.factors[mode] }))
      .filter(({ f, g }) => g?.shape[0] === f.shape[0])
      .map(({ mode, f, g }) => ({ mode, f, g: columnsInRange(g) }));
  const signs = factors.map(() => new Float64Array(rank).fill(1));
  partners.forEach(({ r, s }, to) => {
    const cosines = compared.map(({ mode, f, g }) => ({ mode, cosine: columnCosine(f, s, g, r) })),
      against = cosines.filter(({ cosine }) => cosine < 0);
    if (against.length % 2 === 1) against.splice(nearestToZero(against), 1);
    for (const { mode } of against) signs[mode][to] = -1;
  });
  return {
    weights: { shape: weights.shape, data: Float64Array.from(order, (s) => weights.data[s]) },
    factors: factors.map(
      ({ shape, data }, mode): Matrix => ({
        shape,
        data: data.map((_, i) => signs[mode][i % rank] * data[i - (i % rank) + order[i % rank]]),
      }),
    ),
  };
}

const nearestToZero = (list: readonly { readonly cosine: number }[]): number =>
  list.reduce((best, { cosine }, i) => (cosine > list[best].cosine ? i : best), 0);
