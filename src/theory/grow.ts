import { square } from "../base";
import { firstColumns, orthonormalColumns, svd } from "../linalg";
import { concat, matmul, norm, slice, subtract, transpose, type Matrix } from "../tensor";

/**
 * The part of the columns of m outside the span of an orthonormal basis; projected twice where it is small, for
 * accuracy.
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
 * The basis extended by the directions of m outside it that are larger than `threshold`, and the norm of what stays
 * outside (Frobenius).
 */
export function grow(basis: Matrix, m: Matrix, threshold: number): { readonly basis: Matrix; readonly left: number } {
  if (basis.shape[1] === basis.shape[0]) return { basis, left: 0 };
  const beyond = outside(basis, m);
  const size = norm(beyond);
  if (size <= threshold) return { basis, left: size };
  const { u, singularValues: values } = svd(beyond);
  let keep = values.length,
    tail = 0; // drop the last directions as long as all of them together stay below; squares are of shares, in range
  while (keep > 0 && tail + square(values[keep - 1] / size) <= square(threshold / size)) {
    keep--;
    tail += square(values[keep] / size);
  }
  keep = Math.min(keep, basis.shape[0] - basis.shape[1]);
  // directions near the threshold lean towards the basis by rounding, and would do so ever more as it grows
  const upright = orthonormalColumns(concat([basis, firstColumns(u, keep)], 1)),
    fresh = slice(upright, [undefined, [basis.shape[1]]]);
  return { basis: concat([basis, fresh], 1), left: size * Math.sqrt(tail) };
}
