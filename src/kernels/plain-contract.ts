import type { Kernels } from "./kernel-set";
import type { Workspace } from "./workspace";

/** The passes over a tensor, seen as a matrix, that a sweep of ALS makes: plain twins. */
export const plainContractions = (
  workspace: Workspace,
): Pick<Kernels, "contractRight" | "contractLeft" | "complete"> => ({
  contractRight(y, x, cT, rows, columns, rank, add) {
    const m = workspace.f64;
    for (let i = 0; i < rows; i++)
      for (let r = 0; r < rank; r++) {
        let sum = 0;
        for (let k = 0; k < columns; k++) sum += m[x / 8 + i * columns + k] * m[cT / 8 + r * columns + k];
        m[y / 8 + i * rank + r] = add ? m[y / 8 + i * rank + r] + sum : sum;
      }
  },
  contractLeft(outT, x, w, rows, columns, rank) {
    const m = workspace.f64;
    for (let i = 0; i < rows; i++)
      for (let r = 0; r < rank; r++)
        for (let k = 0, weight = m[w / 8 + i * rank + r]; k < columns; k++)
          m[outT / 8 + r * columns + k] += weight * m[x / 8 + i * columns + k];
  },
  complete(x, w, cT, rows, columns, rank, write) {
    const m = workspace.f64;
    let squares = 0;
    for (let i = 0, at = x / 8; i < rows; i++)
      for (let k = 0; k < columns; k++, at++) {
        let model = 0;
        for (let r = 0; r < rank; r++) model += m[w / 8 + i * rank + r] * m[cT / 8 + r * columns + k];
        if (!Number.isNaN(m[at])) squares += (m[at] - model) ** 2;
        else if (write) m[at] = model;
      }
    return squares;
  },
});
