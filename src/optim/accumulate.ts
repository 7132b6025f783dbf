import { readOptions, type FieldsOf } from "../base";
import { mapParams, type Params } from "../tensor";
import {
  checkGradients,
  nameOf,
  preserved,
  remembered,
  zerosLike,
  type DescribedTransform,
  type TransformKind,
} from "./transform";

/**
 * Accumulate velocity: `v <- beta v + g`, giving v (heavy ball, Polyak 1964) or `g + beta v` (Nesterov, as in Sutskever
 * et al. 2013, On the importance of initialization and momentum in deep learning).
 *
 * @throws {@link LtrnnError} when beta is not in [0, 1)
 * @example accumulate(0.5).update({ x: tensor([1], [3]) }, { x: tensor([1], [2]) }, {})[0].x.data // [4]
 */
export const accumulate = (beta: number, nesterov = false): DescribedTransform<Params> =>
  accumulateOf("accumulate", { beta, nesterov });

const table = {
  beta: { is: "number", least: 0, below: 1, needed: true },
  nesterov: { is: "boolean", fallback: false },
} as const satisfies FieldsOf<{ beta: number; nesterov: boolean }>;

export function accumulateOf(
  where: string,
  given: { readonly beta: number; readonly nesterov: boolean },
): DescribedTransform<Params> {
  const { beta, nesterov } = readOptions(where, given, table);
  const description = { kind: "accumulate", beta, nesterov } as const;
  return {
    name: nameOf(description),
    description,
    span: preserved,
    init: zerosLike,
    update(gradients, velocity) {
      checkGradients("accumulate", gradients);
      const grown = (g: Float64Array, name: string, v: Params) =>
        sumWith(g, beta, remembered("accumulate", v, name, g.length));
      const next = mapParams(gradients, (g, name) => grown(g, name, velocity));
      const updates = nesterov ? mapParams(gradients, (g, name) => grown(g, name, next)) : next;
      return [updates, { ...velocity, ...next }];
    },
  };
}

/** `beta v + g`, entry by entry. */
function sumWith(g: Float64Array, beta: number, v: Float64Array): Float64Array {
  const out = new Float64Array(g.length);
  for (let i = 0; i < g.length; i++) out[i] = beta * v[i] + g[i];
  return out;
}

export const accumulateKind: TransformKind = {
  kind: "accumulate",
  make: accumulateOf,
};
