import type { Matrix } from "../tensor";

/** `L^-1 b`, for every column of b; rows of it, row-major. */
export function forwardSubstituted(
  { shape: [n], data: l }: Matrix,
  { shape: [, columns], data }: Matrix,
): Float64Array {
  const x = data.slice();
  for (let i = 0; i < n; i++) {
    const row = x.subarray(i * columns, (i + 1) * columns);
    for (let j = 0; j < i; j++) {
      const weight = l[i * n + j];
      if (weight === 0) continue;
      const other = x.subarray(j * columns, (j + 1) * columns);
      for (let at = 0; at < columns; at++) row[at] -= weight * other[at];
    }
    const pivot = l[i * n + i];
    for (let at = 0; at < columns; at++) row[at] /= pivot;
  }
  return x;
}

/** `L'^-1 b`. */
export function backSubstituted({ shape: [n], data: l }: Matrix, b: Float64Array): Float64Array {
  const x = b.slice();
  for (let i = n - 1; i >= 0; i--) {
    x[i] /= l[i * n + i];
    for (let j = 0; j < i; j++) x[j] -= l[i * n + j] * x[i];
  }
  return x;
}
