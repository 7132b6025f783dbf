import type { ContractionKernels } from "./contraction-set";
import type { Workspace } from "./workspace";

/**
 * The passes over a tensor, seen as a matrix, that a sweep of ALS makes. Sums run in the order of the SIMD kernels.
 */
export const plainContractions = (workspace: Workspace): ContractionKernels => ({
  name: "TypeScript",
  workspace,
  contractRight(y, x, cT, rows, columns, rank, add) {
    const m = workspace.f64,
      even = columns - (columns % 2);
    for (let i = 0; i < rows; i++)
      for (let r = 0; r < rank; r++) {
        const p = x / 8 + i * columns,
          q = cT / 8 + r * columns,
          to = y / 8 + i * rank + r;
        let sum0 = 0,
          sum1 = 0;
        for (let k = 0; k < even; k += 2) {
          sum0 += m[p + k] * m[q + k];
          sum1 += m[p + k + 1] * m[q + k + 1];
        }
        let sum = sum0 + sum1;
        if (even < columns) sum += m[p + even] * m[q + even];
        m[to] = add ? m[to] + sum : sum;
      }
  },
  contractLeft(outT, x, w, rows, columns, rank) {
    const m = workspace.f64;
    for (let i = 0; i < rows; i++)
      for (let r = 0; r < rank; r++)
        for (let k = 0, weight = m[w / 8 + i * rank + r]; k < columns; k++)
          m[outT / 8 + r * columns + k] += m[x / 8 + i * columns + k] * weight;
  },
  complete(x, w, cT, rows, columns, rank, write) {
    const m = workspace.f64,
      wide = columns - (columns % 8),
      sums = [0, 0],
      squares = new Float64Array(8);
    let rest = 0;
    /** The squared error of the model at one entry; a missing entry has none, and is filled in. */
    const settle = (row: number, k: number): number => {
      const entry = x / 8 + row * columns + k;
      let model = 0;
      for (let r = 0; r < rank; r++) model += m[w / 8 + row * rank + r] * m[cT / 8 + r * columns + k];
      const value = m[entry];
      if (!Number.isNaN(value)) return (value - model) * (value - model);
      if (write) m[entry] = model;
      return 0;
    };
    for (let row = 0; row < rows; row++) {
      for (let k = 0; k < wide; k += 8) {
        for (let l = 0; l < 8; l++) squares[l] = settle(row, k + l);
        for (let l = 0; l < 2; l++) sums[l] += squares[l] + squares[l + 2] + (squares[l + 4] + squares[l + 6]);
      }
      for (let k = wide; k < columns; k++) rest += settle(row, k);
    }
    return sums[0] + sums[1] + rest;
  },
});
