import { log } from "../base";
import { countsKernels } from "./counts-kernels";
import type { PanelVisit } from "./model-pass";

/**
 * The visit of a pass over a model of counts: sums `m - x log(m + 1e-10)`, and leaves derivatives where the model was,
 * by the kernels, in the workspace of the contractions, where the model is.
 *
 * @param x - whole numbers of at least 0; below 0 where an entry is missing
 */
export function countsVisit(x: Float64Array): PanelVisit {
  const kernels = countsKernels(),
    { workspace } = kernels;
  return (_, at, from, count) =>
    workspace.within(() => {
      const counts = workspace.take((count + 1) * 8, false),
        sums = workspace.take(64, false),
        rest = workspace.take(16 * count, false),
        m = workspace.f64;
      m.set(x.subarray(from, from + count), counts / 8);
      const left = kernels.countsLoss(at * 8, counts, count, sums, rest),
        [sum0, sum1, mantissa0, mantissa1, exponent0, exponent1] = m.subarray(sums / 8, sums / 8 + 6);
      if (left < 0) return oneByOne(m, at, x, from, count);
      let logs = log(mantissa0 * mantissa1) + (exponent0 + exponent1) * Math.LN2;
      for (let k = 0, pair = rest / 8; k < left; k++, pair += 2) logs += m[pair] * log(m[pair + 1]);
      return sum0 + sum1 - logs;
    });
}

/** The same, by a logarithm for every entry. */
function oneByOne(m: Float64Array, at: number, x: Float64Array, from: number, count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) {
    const entry = x[from + k],
      model = m[at + k],
      raised = model + 1e-10;
    m[at + k] = entry < 0 ? 0 : 1 - entry / raised;
    if (entry >= 0) sum += entry === 0 ? model : model - entry * log(raised);
  }
  return sum;
}
