import type { ContractionKernels } from "./contraction-set";
import type { Workspace } from "./workspace";

/**
 * The passes over a tensor, seen as a matrix, that a sweep of ALS makes. Sums run in the order of the SIMD kernels.
 */
export const plainContractions = (workspace: Workspace): ContractionKernels => ({
  name: "TypeScript",
  workspace,
  contractRight: (y, x, cT, rows, columns, rank) =>
    rightWithin(workspace.f64, y / 8, x / 8, cT / 8, rows, columns, rank, rank, rank, 1),
  contractRightT: (yT, x, cT, rows, columns, rank, apart) =>
    rightWithin(workspace.f64, yT / 8, x / 8, cT / 8, rows, columns, rank, rank, 1, apart),
  gramOfRows: (y, x, rows, columns) => rightWithin(workspace.f64, y / 8, x / 8, x / 8, rows, columns, rows, 1, rows, 1),
  contractLeft: (outT, x, w, rows, columns, rank, apart) =>
    leftWithin(workspace.f64, outT / 8, x / 8, w / 8, rows, columns, rank, rank, apart),
  gramOfColumns: (y, x, rows, columns) =>
    leftWithin(workspace.f64, y / 8, x / 8, x / 8, rows, columns, columns, 1, columns),
  sumRows(out, y, weights, count, size) {
    const m = workspace.f64,
      term = (row: number, i: number) => m[weights / 8 + row] * m[y / 8 + row * size + i];
    for (let row = 0, step = 4; row < count; row += step) {
      if (row + 4 > count) step = 1;
      for (let i = 0; i < size; i++)
        m[out / 8 + i] +=
          step === 1 ? term(row, i) : term(row, i) + term(row + 1, i) + (term(row + 2, i) + term(row + 3, i));
    }
  },
  sumColumns(out, y, column, size, count, weight) {
    const m = workspace.f64;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let k = 0; k < count; k++) sum += m[y / 8 + i * count + k] * m[column / 8 + k];
      m[out / 8 + i] += weight * sum;
    }
  },
  complete(x, w, cT, rows, columns, rank, write) {
    const m = workspace.f64,
      wide = columns - (columns % 8),
      sums = [0, 0, 0]; // of even columns, odd columns, and those past the last eight
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < columns; k++) {
        const entry = x / 8 + row * columns + k,
          value = m[entry];
        let model = 0;
        for (let r = 0; r < rank; r++) model += m[w / 8 + row * rank + r] * m[cT / 8 + r * columns + k];
        if (!Number.isNaN(value)) sums[k < wide ? k % 2 : 2] += (value - model) * (value - model);
        else if (write) m[entry] = model;
      }
    return sums[0] + sums[1] + sums[2];
  },
});

/** The kernel of the same name in assembly/contract-right.ts; addresses, line and step in numbers. */
function rightWithin(
  m: Float64Array,
  y: number,
  x: number,
  cT: number,
  rows: number,
  columns: number,
  rank: number,
  reach: number,
  line: number,
  step: number,
): void {
  const even = columns - (columns % 2);
  for (let i = 0; i < rows; i++, x += columns)
    for (let r = 0, q = cT, end = Math.min(rank, i + reach); r < end; r++, q += columns) {
      const to = y + i * line + r * step;
      let sum0 = m[to],
        sum1 = 0;
      for (let k = 0; k < even; k += 2) {
        sum0 += m[x + k] * m[q + k];
        sum1 += m[x + k + 1] * m[q + k + 1];
      }
      if (even < columns) sum0 += m[x + even] * m[q + even];
      m[to] = sum0 + sum1;
    }
}

/** The kernel of the same name in assembly/contract-left.ts. */
function leftWithin(
  m: Float64Array,
  outT: number,
  x: number,
  w: number,
  rows: number,
  columns: number,
  rank: number,
  reach: number,
  step: number,
): void {
  for (let i = 0; i < rows; i++)
    for (let r = 0; r < rank; r++)
      for (let k = Math.max(0, r + 1 - reach), weight = m[w + i * rank + r]; k < columns; k++)
        m[outT + r * step + k] += m[x + i * columns + k] * weight;
}
