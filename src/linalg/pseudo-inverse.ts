import { matmul, transpose, zeros, type Matrix } from "../tensor";
import { svd } from "./svd";

/**
 * The pseudo-inverse (Moore & Penrose), by SVD; singular values at or below `tolerance` times the largest count as zero.
 *
 * @param tolerance - larger size of m times 2^-52 unless told
 * @throws {@link LtrnnError} when an entry is not finite
 * @example pseudoInverse(tensor([2, 1], [3, 4])).data // Float64Array [0.12, 0.16], up to rounding
 */
export function pseudoInverse(m: Matrix, tolerance = Math.max(...m.shape) * Number.EPSILON): Matrix {
  const { u, singularValues, v } = svd(m),
    n = singularValues.length;
  if (n === 0) return zeros([m.shape[1], m.shape[0]]);
  const scaled = v.data.map((x, at) =>
    singularValues[at % n] > tolerance * singularValues[0] ? x / singularValues[at % n] : 0,
  );
  return matmul({ shape: v.shape, data: scaled }, transpose(u));
}
