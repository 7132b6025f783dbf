import { log } from "../base";
import { countsKernels } from "./counts-kernels";
import type { PanelVisit } from "./model-pass";

/** Between these, fifteen factors of a model stay within the range of doubles. */
const [smallest, biggest] = [1e-11, 1e19];

/**
 * The visit of a pass over a model of counts: sums `m - x log(m + 1e-10)`, and leaves derivatives where the model
 * was, by
 * the kernels.
 *
 * @param x - whole numbers of at least 0; below 0 where an entry is missing
 */
export function countsVisit(x: Float64Array): PanelVisit {
  const kernels = countsKernels(),
    { workspace } = kernels;
  return (m, at, from, count) =>
    workspace.within(() => {
      const y = workspace.take((count + 1) * 8, false),
        counts = workspace.take((count + 1) * 8, false),
        sums = workspace.take(64, false),
        rest = workspace.take(16 * count, false),
        own = workspace.f64;
      own.set(m.subarray(at, at + count), y / 8);
      own.set(x.subarray(from, from + count), counts / 8);
      const left = kernels.countsLoss(y, counts, count, sums, rest),
        [sum0, sum1, mantissa0, mantissa1, exponent0, exponent1, least, largest] = own.subarray(sums / 8, sums / 8 + 8);
      if (!(least >= smallest && largest <= biggest)) return oneByOne(m, at, x, from, count);
      m.set(own.subarray(y / 8, y / 8 + count), at);
      let logs = log(mantissa0 * mantissa1) + (exponent0 + exponent1) * Math.LN2;
      for (let k = 0, pair = rest / 8; k < left; k++, pair += 2) logs += own[pair] * log(own[pair + 1]);
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
