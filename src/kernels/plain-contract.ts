import type { ContractionKernels } from "./contraction-set";
import type { Workspace } from "./workspace";

/**
 * The passes over a tensor, seen as a matrix, that a sweep of ALS makes. Sums run in the order of the SIMD kernels.
 */
export const plainContractions = (workspace: Workspace): ContractionKernels => ({
  name: "TypeScript",
  workspace,
  contractRight: (y, x, cT, rows, columns, rank, add) =>
    right(workspace.f64, { y, x, cT, rows, columns, rank, add, reach: rank }),
  gramOfRows: (y, x, rows, columns) =>
    right(workspace.f64, { y, x, cT: x, rows, columns, rank: rows, add: 1, reach: 1 }),
  contractLeft: (outT, x, w, rows, columns, rank) =>
    left(workspace.f64, { outT, x, w, rows, columns, rank, reach: rank }),
  gramOfColumns: (y, x, rows, columns) =>
    left(workspace.f64, { outT: y, x, w: x, rows, columns, rank: columns, reach: 1 }),
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

/** The addresses and sizes of a product. */
interface Product {
  readonly x: number;
  readonly rows: number;
  readonly columns: number;
  readonly rank: number;
  /** how far the columns (of y) or rows (of outT) of the product that are wanted go beyond the diagonal */
  readonly reach: number;
}

function right(
  m: Float64Array,
  {
    y,
    x,
    cT,
    rows,
    columns,
    rank,
    add,
    reach,
  }: Product & { readonly y: number; readonly cT: number; readonly add: 0 | 1 },
): void {
  const even = columns - (columns % 2);
  for (let i = 0; i < rows; i++)
    for (let r = 0, end = Math.min(rank, i + reach); r < end; r++) {
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
}

function left(
  m: Float64Array,
  { outT, x, w, rows, columns, rank, reach }: Product & { readonly outT: number; readonly w: number },
): void {
  for (let i = 0; i < rows; i++)
    for (let r = 0; r < rank; r++)
      for (let k = Math.max(0, r + 1 - reach), weight = m[w / 8 + i * rank + r]; k < columns; k++)
        m[outT / 8 + r * columns + k] += m[x / 8 + i * columns + k] * weight;
}
