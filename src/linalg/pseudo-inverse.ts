import { type FieldsOf, fail, readOptions } from "../base";
import { matmul, transpose, zeros, type Matrix } from "../tensor";
import { svdFor } from "./svd";
import { roundingOf, toleranceField, type ToleranceOptions } from "./tolerance";

const fields = { tolerance: toleranceField } as const satisfies FieldsOf<ToleranceOptions>;

/**
 * The pseudo-inverse (Moore & Penrose), by SVD; singular values at or below `tolerance` times the largest count as
 * zero.
 *
 * @throws {@link LtrnnError} when an entry is not finite, or one of the inverse is beyond the range of doubles
 * @example pseudoInverse(tensor([2, 1], [3, 4])).data // Float64Array [0.12, 0.16], up to rounding
 */
export function pseudoInverse(m: Matrix, options: ToleranceOptions = {}): Matrix {
  const where = "pseudoInverse";
  const { u, singularValues, v } = svdFor(where, m),
    { tolerance = roundingOf(m) } = readOptions(where, options, fields);
  const count = singularValues.length;
  if (count === 0) return zeros([m.shape[1], m.shape[0]]);
  const least = tolerance * singularValues[0];
  const scaled = v.data.map((x, i) => (singularValues[i % count] > least ? x / singularValues[i % count] : 0));
  const inverse = matmul({ shape: v.shape, data: scaled }, transpose(u));
  if (!inverse.data.every(Number.isFinite))
    fail(where, {
      expected: "an inverse within the range of doubles",
      got: "a larger one",
      fix: "Multiply m by a power of ten first.",
    });
  return inverse;
}
