import type { Matrix } from "./shape";
import { zeros } from "./tensor";

/** The identity matrix of n rows. @example identity(2).data // Float64Array [1, 0, 0, 1] */
export function identity(n: number): Matrix {
  const out = zeros([n, n]);
  for (let i = 0; i < n; i++) out.data[i * n + i] = 1;
  return out;
}
