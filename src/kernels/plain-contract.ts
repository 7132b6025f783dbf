import type { ContractionKernels } from "./contraction-set";
import type { Workspace } from "./workspace";

/**
 * The passes over a tensor, seen as a matrix, that a sweep of ALS makes. Sums run in the order of the SIMD kernels.
 */
export const plainContractions = (workspace: Workspace): ContractionKernels => ({
  name: "TypeScript",
  workspace,
  right(y, x, cT, rows, columns, rank, reach, line, step) {
    const m = workspace.f64,
      even = columns - (columns % 2);
    for (let i = 0, from = x / 8; i < rows; i++, from += columns)
      for (let r = 0, q = cT / 8, end = Math.min(rank, i + reach); r < end; r++, q += columns) {
        const to = (y + i * line + r * step) / 8;
        let sum0 = m[to],
          sum1 = 0;
        for (let k = 0; k < even; k += 2) {
          sum0 += m[from + k] * m[q + k];
          sum1 += m[from + k + 1] * m[q + k + 1];
        }
        if (even < columns) sum0 += m[from + even] * m[q + even];
        m[to] = sum0 + sum1;
      }
  },
  left(outT, x, w, rows, columns, rank, reach, step) {
    const m = workspace.f64;
    for (let i = 0; i < rows; i++)
      for (let r = 0; r < rank; r++)
        for (let k = Math.max(0, r + 1 - reach), weight = m[w / 8 + i * rank + r]; k < columns; k++)
          m[(outT + r * step) / 8 + k] += m[x / 8 + i * columns + k] * weight;
  },
  sumRows(out, y, weights, count, size) {
    const m = workspace.f64;
    for (let i = 0; i < size; i++) {
      let row = 0,
        sum = m[out / 8 + i];
      const next = () => m[weights / 8 + row] * m[y / 8 + row++ * size + i];
      while (row + 4 <= count) sum += next() + next() + (next() + next());
      while (row < count) sum += next();
      m[out / 8 + i] = sum;
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
