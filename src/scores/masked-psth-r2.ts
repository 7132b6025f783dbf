import { labelRows, type Labels } from "../masks";
import type { Tensor3 } from "../tensor";
import { meanAndError } from "./mean-and-error";
import { r2Score } from "./r2-score";

/**
 * R² of the means of conditions in each bin, of activity and prediction over the same entries: the mean over neurons
 * with at least two such means that differ; null without one.
 */
export function maskedPsthR2(
  where: string,
  activity: Tensor3,
  prediction: Tensor3,
  over: Tensor3,
  conditions: Labels | undefined,
): number | null {
  const [trials, time, neurons] = activity.shape,
    { rows, labels } = labelRows(where, "conditions", conditions, trials),
    size = labels.length * time * neurons,
    truth = new Float64Array(size),
    mean = new Float64Array(size),
    counts = new Float64Array(size),
    origins: number[] = [];
  for (let i = 0; i < over.data.length; i++) {
    if (over.data[i] === 0) continue;
    const at = rows[Math.floor(i / (time * neurons))] * time * neurons + (i % (time * neurons));
    // about the first entry of the neuron, so that means of one that is constant do not differ by rounding
    origins[i % neurons] ??= activity.data[i];
    const origin = origins[i % neurons];
    truth[at] += activity.data[i] - origin;
    mean[at] += prediction.data[i] - origin;
    counts[at]++;
  }
  const scores = Array.from({ length: neurons }, (_, neuron) => {
    const seen = [...counts.keys()].filter((at) => at % neurons === neuron && counts[at] > 0),
      column = (sums: Float64Array) => ({
        shape: [seen.length, 1] as const,
        data: Float64Array.from(seen, (at) => sums[at] / counts[at]),
      }),
      want = column(truth);
    if (!want.data.some((value) => value !== want.data[0])) return null;
    const r2 = r2Score(want, column(mean));
    return Number.isFinite(r2) ? r2 : null;
  });
  return meanAndError(scores).mean;
}
