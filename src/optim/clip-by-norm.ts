import { readOptions, type FieldsOf } from "../base";
import { largestEntry, mapParams, paramsNorm } from "../tensor";
import { checkGradients, nameOf, preserved, type DescribedTransform, type TransformKind } from "./transform";

/**
 * Rescale all gradients together so that their joint Euclidean norm is at most `most`.
 *
 * @throws {@link LtrnnError} when `most` is not a finite number above 0
 * @remarks Gradients of any finite size keep their direction: squares that would overflow are never formed.
 * @see Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent neural networks, ICML
 * @example clipByNorm(1).update({ x: tensor([2], [3, 4]) }, null, {})[0].x.data // [0.6, 0.8]
 */
export const clipByNorm = (most: number): DescribedTransform<null> => clipByNormOf("clipByNorm", { most });

const table = { most: { is: "number", above: 0, needed: true } } as const satisfies FieldsOf<{ most: number }>;

function clipByNormOf(where: string, given: { readonly most: number }): DescribedTransform<null> {
  const { most } = readOptions(where, given, table);
  const description = { kind: "clipByNorm", most } as const;
  return {
    name: nameOf(description),
    description,
    span: preserved,
    init: () => null,
    update(gradients) {
      checkGradients("clipByNorm", gradients);
      const norm = paramsNorm(gradients);
      if (norm <= most) return [gradients, null];
      if (isOrdinary(norm) && isOrdinary(most)) return [mapParams(gradients, (g) => times(g, most, norm)), null];
      const largest = largestEntry(gradients),
        direction = mapParams(gradients, (g) => times(g, 1, largest));
      const length = paramsNorm(direction); // from 1 to the root of the number of entries
      return [mapParams(direction, (d) => times(d, 1, length).map((x) => x * most)), null];
    },
  };
}

/** Far enough from where products overflow or vanish. */
const isOrdinary = (x: number) => x > 1e-100 && x < 1e100;

function times(data: Float64Array, factor: number, over: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) out[i] = (data[i] * factor) / over;
  return out;
}

export const clipByNormKind: TransformKind = {
  kind: "clipByNorm",
  make: clipByNormOf,
  free: ["most"],
};
