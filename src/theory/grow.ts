import { square } from "../base";
import { firstColumns, orthonormalColumns, svd } from "../linalg";
import { concat, matmul, norm, slice, subtract, transpose, type Matrix } from "../tensor";

/**
 * What of the columns of m lies outside the span of an orthonormal basis; where little is left, projected twice, for
 * rounding.
 */
export function outside(basis: Matrix, m: Matrix): Matrix {
  let left = m;
  for (let pass = 0; pass < 2 && basis.shape[1] > 0; pass++) {
    left = subtract(left, matmul(basis, matmul(transpose(basis), left)));
    if (norm(left) > 1e-4 * norm(m)) break; // what is left is then orthogonal to 1e-12 of itself
  }
  return left;
}

/**
 * The basis with the directions of m outside it that are larger than `threshold`, and what is left outside then
 * (Frobenius).
 */
export function grow(basis: Matrix, m: Matrix, threshold: number): { readonly basis: Matrix; readonly left: number } {
  if (basis.shape[1] === basis.shape[0]) return { basis, left: 0 };
  const beyond = outside(basis, m);
  const size = norm(beyond);
  if (size <= threshold) return { basis, left: size };
  const { u, singularValues: values } = svd(beyond);
  let keep = values.length,
    tail = 0; // drop the last directions as long as all of them together stay below
  while (keep > 0 && tail + square(values[keep - 1]) <= square(threshold)) {
    keep--;
    tail += square(values[keep]);
  }
  keep = Math.min(keep, basis.shape[0] - basis.shape[1]);
  // directions near the threshold lean towards the basis by rounding, and would do so ever more as it grows
  const upright = orthonormalColumns(concat([basis, firstColumns(u, keep)], 1)),
    fresh = slice(upright, [undefined, [basis.shape[1]]]);
  return { basis: concat([basis, fresh], 1), left: Math.sqrt(tail) };
}
