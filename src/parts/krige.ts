import type { Labels } from "../masks";
import { zeros, type Matrix } from "../tensor";
import { expandRows, type Constants } from "./constants";
import type { CovarianceRoot } from "./covariance-root";
import type { GaussianProcess } from "./gaussian-process";
import { rowsAmong } from "./trial-epochs";
import { refusedPrediction, type TrialPrediction } from "./trial-factors";
import { readTimes } from "./trial-times";

/** The data from which new trials are predicted. */
interface Known extends Pick<GaussianProcess, "process" | "epochs">, Pick<CovarianceRoot, "project"> {
  readonly jitter: number;
  readonly perEpoch: boolean;
}

/**
 * Factors of new trials given those of known ones, `c = m + L z`: with k the covariances of a new trial with them,
 * mean `m + k' (L L')^-1 L z` and variance `k(0) + noise² + jitter - k' (L L')^-1 k`.
 *
 * @see Rasmussen & Williams (2006), Gaussian Processes for Machine Learning, equations 2.25 and 2.26
 */
export function krige(
  where: string,
  { process, epochs, project, jitter, perEpoch }: Known,
  { z, m }: { readonly z: Matrix; readonly m: Constants },
  newTimes: readonly number[],
  newEpochs: Labels | undefined,
): TrialPrediction {
  if (!process)
    return refusedPrediction(
      "a covariance of known trials says nothing of other times",
      "Make the factors with times and a kernel, { times, kernel, length }.",
    );
  const { kernel, times } = process,
    at = readTimes(where, "times", newTimes),
    rows = rowsAmong(where, epochs, newEpochs, at.length),
    unknown = rows.indexOf(-1),
    rank = z.shape[1];
  if (perEpoch && unknown >= 0)
    return refusedPrediction(
      `new trial ${unknown} is of an epoch without known trials, whose constant nothing tells`,
      'Take constants: "shared", so that a new epoch has that of all.',
    );
  const mean = expandRows(m, perEpoch ? rows : rows.map(() => 0)),
    variance = zeros(mean.shape);
  for (const [i, time] of at.entries()) {
    const k = Float64Array.from(times, (other, j) =>
      rows[i] === epochs.rows[j] ? kernel.covariance(Math.abs(time - other)) : 0,
    );
    const w = project(k);
    let explained = 0;
    for (let j = 0; j < w.length; j++) {
      explained += w[j] * w[j];
      for (let r = 0; r < rank; r++) mean.data[i * rank + r] += w[j] * z.data[j * rank + r];
    }
    variance.data.fill(Math.max(0, kernel.variance + jitter - explained), i * rank, (i + 1) * rank);
  }
  return { status: "predicted", mean, variance };
}
