import { readOptions, type FieldsOf } from "../base";
import { mapParams, paramsNorm } from "../tensor";
import { checkGradients, nameOf, preserved, type SyncTransform } from "./transform";

/**
 * Rescale all gradients together so that their joint Euclidean norm is at most `most`.
 *
 * @throws {@link LtrnnError} when `most` is not a finite number above 0
 * @remarks Gradients of any finite size keep their direction: squares that would overflow are never formed.
 * @see Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent neural networks, ICML
 * @example clipByNorm(1).update({ x: tensor([2], [3, 4]) }, null, {})[0].x.data // [0.6, 0.8]
 */
export const clipByNorm = (most: number): SyncTransform<null> => clipByNormOf("clipByNorm", { most });

const table = { most: { is: "number", above: 0, needed: true } } as const satisfies FieldsOf<{ most: number }>;

export function clipByNormOf(where: string, given: { readonly most: number }): SyncTransform<null> {
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
      if (norm < Infinity) return [mapParams(gradients, (g) => rescaled(g, most, norm)), null];
      const small = mapParams(gradients, (g) => g.map((x) => x * downscale)); // a norm beyond the largest double
      const smallNorm = paramsNorm(small);
      return [mapParams(small, (g) => rescaled(g, most, smallNorm)), null];
    },
  };
}

/** 2^-512: a power of two, so it rounds nothing. */
const downscale = 7.458340731200207e-155;

/** `data * most / norm`, divided first where the product would overflow or vanish. */
function rescaled(data: Float64Array, most: number, norm: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const product = data[i] * most,
      size = Math.abs(product);
    out[i] = size > 1e-290 && size < Infinity ? product / norm : (data[i] / norm) * most;
  }
  return out;
}
