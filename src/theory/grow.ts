import { square } from "../base";
import { svd } from "../linalg";
import { matmul, norm, subtract, transpose, type Matrix } from "../tensor";

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
  const [rows, have] = basis.shape,
    data = new Float64Array(rows * (have + keep));
  for (let i = 0; i < rows; i++) {
    data.set(basis.data.subarray(i * have, (i + 1) * have), i * (have + keep));
    data.set(u.data.subarray(i * values.length, i * values.length + keep), i * (have + keep) + have);
  }
  const grown: Matrix = { shape: [rows, have + keep], data };
  return { basis: grown, left: Math.sqrt(tail) };
}
