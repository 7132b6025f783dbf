import type { Tensor } from "../tensor";

/** An estimate, entry by entry, with its bootstrap interval. All tensors have one shape. */
export interface Percentiles {
  /** of the fit itself */
  readonly estimate: Tensor;
  /**
   * percentiles of the refits relative to their mean, centered on the estimate, with equal probability outside on both
   * sides. The mean error of refits, as from shrinkage by priors, is in the direction of the error of the fit itself:
   * percentiles without centering would count it twice
   */
  readonly lower: Tensor;
  readonly upper: Tensor;
  /** standard deviations of the refits */
  readonly deviations: Tensor;
}

/**
 * Entries of many tensors, each sorted on its own: percentiles about their mean, by linear interpolation between order
 * statistics.
 */
export function percentilesOf(estimate: Tensor, samples: readonly Tensor[], level: number): Percentiles {
  const { shape } = estimate,
    size = estimate.data.length,
    [lower, upper, deviations] = [0, 1, 2].map(() => new Float64Array(size)),
    values = new Float64Array(samples.length);
  for (let i = 0; i < size; i++) {
    samples.forEach(({ data }, s) => {
      values[s] = data[i];
    });
    values.sort();
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    lower[i] = estimate.data[i] + quantile(values, (1 - level) / 2) - mean;
    upper[i] = estimate.data[i] + quantile(values, (1 + level) / 2) - mean;
    deviations[i] = deviation(values, mean);
  }
  return {
    estimate,
    lower: { shape, data: lower },
    upper: { shape, data: upper },
    deviations: { shape, data: deviations },
  };
}

/**
 * Of sorted values, at the places `i / (n + 1)`: between two of them another value of the same kind is found as often
 * as their shares say, however few there are. Beyond the first and the last it is these.
 */
export function quantile(sorted: Float64Array, share: number): number {
  const at = Math.max(0, Math.min(sorted.length - 1, share * (sorted.length + 1) - 1)),
    low = Math.floor(at),
    high = Math.min(low + 1, sorted.length - 1);
  return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
}

function deviation(values: Float64Array, mean: number): number {
  const squares = values.reduce((sum, x) => sum + (x - mean) * (x - mean), 0);
  return values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0;
}
