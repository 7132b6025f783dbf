import { checkAbove, fail, acos, asin } from "../base";
import { checkTensor, matmul, subtract, transpose, zeros, type Matrix } from "../tensor";
import { singularValues, svd } from "./svd";

/**
 * An orthonormal basis of a matrix's column space, by SVD: as many columns as its numerical rank, the most important first.
 *
 * @param tolerance - directions at or below this times the largest singular value do not count; default the larger size times 2^-52
 * @returns (rows × rank)
 * @throws {@link LtrnnError} when an entry is not finite
 * @example orthonormalBasis(tensor([2, 2], [0, 0, 5, 10])).shape // [2, 1]
 */
export function orthonormalBasis(m: Matrix, tolerance = Math.max(...m.shape) * Number.EPSILON): Matrix {
  checkAbove("orthonormalBasis", "tolerance", tolerance, 0, true);
  const { u, singularValues: values } = svd(m);
  const rank = values.filter((value) => value > tolerance * values[0]).length;
  return firstColumns(u, rank);
}

/** The first columns of a matrix, a copy. */
export function firstColumns({ shape: [rows, columns], data }: Matrix, count: number): Matrix {
  const out = zeros([rows, count]);
  for (let i = 0; i < rows; i++) out.data.set(data.subarray(i * columns, i * columns + count), i * count);
  return out;
}

/**
 * Principal angles between the column spaces of two matrices, in radians, smallest first, as many as the smaller space has dimensions.
 *
 * Cosines are the singular values of Qa' Qb; angles below 45 degrees are taken from sines, the singular values of (I - Qa Qa') Qb, since a cosine near 1 says
 * nothing about an angle below 1e-8.
 *
 * @param a - (rows × p), any columns that span the space; b - (rows × q)
 * @throws {@link LtrnnError} when rows differ or an entry is not finite
 * @see Björck & Golub (1973), Numerical methods for computing angles between linear subspaces, Math. Comp. 27
 * @example principalAngles(tensor([2, 1], [1, 0]), tensor([2, 1], [0, 2])) // [Math.PI / 2], up to rounding
 */
export function principalAngles(a: Matrix, b: Matrix): number[] {
  checkTensor("principalAngles", "a", a, 2);
  checkTensor("principalAngles", "b", b, 2);
  if (a.shape[0] !== b.shape[0])
    fail("principalAngles", {
      expected: `two matrices of ${a.shape[0]} rows`,
      got: `b of shape (${b.shape.join(" × ")})`,
      fix: "Both spaces must lie in one: give them as columns.",
    });
  let [large, small] = [orthonormalBasis(a), orthonormalBasis(b)];
  if (large.shape[1] < small.shape[1]) [large, small] = [small, large];
  const overlap = matmul(transpose(large), small),
    inside = matmul(large, overlap);
  const cosines = singularValues(overlap);
  const sines = [...singularValues(subtract(small, inside))].reverse();
  return cosines
    .slice(0, small.shape[1])
    .map((cosine, i) => (cosine * cosine < 0.5 ? acos(Math.min(1, cosine)) : asin(Math.min(1, sines[i]))));
}
