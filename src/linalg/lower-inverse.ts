import { zeros, type Matrix } from "../tensor";

/** The inverse of a lower triangular matrix without zeros on its diagonal, row by row. */
export function lowerInverse({ shape: [n], data: l }: Matrix): Matrix {
  const out = zeros([n, n]),
    x = out.data;
  for (let i = 0; i < n; i++) {
    const row = i * n,
      pivot = 1 / l[row + i];
    // row i of the identity less what rows above take, over the pivot
    for (let k = 0; k < i; k++) {
      const factor = -l[row + k] * pivot;
      for (let j = 0; j <= k; j++) x[row + j] += factor * x[k * n + j];
    }
    x[row + i] = pivot;
  }
  return out;
}
