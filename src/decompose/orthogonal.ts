import { svd } from "../linalg";
import { matmul, transpose, type Matrix } from "../tensor";
import type { CpConstraint } from "./constraint";

/**
 * Orthonormal columns: the polar factor of the products, the solution of the orthogonal Procrustes problem. The rank
 * must not exceed the size of the mode.
 *
 * @see Schönemann (1966), A generalized solution of the orthogonal Procrustes problem, Psychometrika 31
 * @example orthogonal().update(tensor([1, 1], [1]), tensor([2, 1], [3, 4]), zeros([2, 1])).data
 * // Float64Array [0.6, 0.8], up to rounding
 */
export function orthogonal(): CpConstraint {
  const polar = (m: Matrix): Matrix => {
    const { u, v } = svd(m);
    return matmul(u, transpose(v));
  };
  return {
    name: "orthogonal",
    description: { kind: "orthogonal" },
    narrow: true,
    unitColumns: true,
    homogeneous: true,
    symmetric: true,
    start: polar,
    proximal: polar,
    update: (_, products) => polar(products),
  };
}
