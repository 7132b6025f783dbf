import { acos, asin, fail } from "../base";
import { checkFinite, checkTensor, matmul, type Matrix, shapeText, subtract, transpose } from "../tensor";
import { orthonormalBasis } from "./orthonormal-basis";
import { singularValues } from "./svd";
import { unitColumns } from "./unit-columns";

/**
 * Principal angles between the column spaces of two matrices, in radians, smallest first, as many as the smaller space
 * has dimensions. Columns are scaled to unit length first, which leaves the spaces as they are.
 *
 * Cosines are the singular values of Qa' Qb; angles below 45 degrees are taken from sines, the singular values of
 * (I - Qa Qa') Qb, since a cosine near 1 says nothing about an angle below 1e-8.
 *
 * @param a - (rows × p), any columns that span the space
 * @param b - (rows × q)
 * @throws {@link LtrnnError} when rows differ or an entry is not finite
 * @see Björck & Golub (1973), Numerical methods for computing angles between linear subspaces, Math. Comp. 27
 * @example principalAngles(tensor([2, 1], [1, 0]), tensor([2, 1], [0, 2])) // [Math.PI / 2], up to rounding
 */
export function principalAngles(a: Matrix, b: Matrix): number[] {
  const where = "principalAngles";
  for (const [name, m] of Object.entries({ a, b })) {
    checkTensor(where, name, m, 2);
    checkFinite(where, name, m);
  }
  if (a.shape[0] !== b.shape[0])
    fail(where, {
      expected: `b of ${a.shape[0]} rows, as a`,
      got: shapeText(b.shape),
      fix: "Pass both spaces as columns of one length.",
    });
  const bases = [a, b].map((m) => orthonormalBasis(unitColumns(m)));
  const [small, large] = bases[1].shape[1] > bases[0].shape[1] ? bases : [bases[1], bases[0]];
  const overlap = matmul(transpose(large), small);
  const cosines = singularValues(overlap),
    sines = [...singularValues(subtract(small, matmul(large, overlap)))].reverse();
  return cosines
    .slice(0, small.shape[1])
    .map((cosine, i) => (cosine * cosine < 0.5 ? acos(Math.min(1, cosine)) : asin(Math.min(1, sines[i]))));
}
