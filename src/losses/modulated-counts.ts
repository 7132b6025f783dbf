import { exp, fail, log } from "../base";
import type { Tensor } from "../tensor";

/** Counts whose last mode are units, each with a rate of its own that a model modulates. */
export interface CountTable {
  readonly x: Tensor;
  /** by entry: 1 where it is missing; absent where none is */
  readonly hidden?: Uint8Array;
  /** the sum of what is observed of each unit */
  readonly sums: Float64Array;
  readonly observed: number;
  /** `Σ x log x - x` over the observed entries: minus the loss of a model that says every count */
  readonly saturated: number;
}

/** The expected counts of a model, and how far they are off. */
export interface ExpectedCounts {
  /** by unit: the logarithm of its rate where the modulation is 0 */
  readonly offsets: Float64Array;
  readonly rates: Float64Array;
  /** `Σ rate - x log rate`, beyond that of a model that says every count, and the penalty: at least 0 */
  readonly excess: number;
}

/**
 * Refuse what are no counts, or units without any.
 *
 * @param placeOf - names an entry, for errors
 */
export function countTable(
  where: string,
  x: Tensor,
  hidden: Uint8Array | undefined,
  placeOf: (entry: number) => string,
): CountTable {
  const units = x.shape[x.shape.length - 1],
    sums = new Float64Array(units);
  let saturated = 0,
    observed = 0;
  for (let i = 0; i < x.data.length; i++) {
    const count = x.data[i];
    if (hidden?.[i] === 1) continue;
    if (!(count >= 0 && count <= Number.MAX_SAFE_INTEGER && count === Math.floor(count)))
      fail(where, {
        expected: "counts, whole numbers of at least 0",
        got: `${count} at ${placeOf(i)}`,
        fix: "Pass numbers of spikes in bins, or take the form for Gaussian noise.",
      });
    observed++;
    sums[i % units] += count;
    if (count > 0) saturated += count * log(count) - count;
  }
  const silent = sums.indexOf(0);
  if (silent >= 0)
    fail(where, {
      expected: "a count above 0 from every unit",
      got: `zeros alone from unit ${silent}`,
      fix: "Leave that unit out: its rate has no logarithm.",
    });
  return { x, ...(hidden ? { hidden } : {}), sums, observed, saturated };
}

/**
 * Rates `exp(o_j + m)` of a modulation m, with the offsets that minimize the loss: the expected counts of each unit sum
 * to those observed. `ridge / 2` times every square of m is added to the loss.
 */
export function expectedCounts(
  { x, hidden, sums, saturated }: CountTable,
  modulation: Float64Array,
  ridge: number,
): ExpectedCounts {
  const units = sums.length,
    totals = new Float64Array(units),
    rates = modulation.map(exp);
  let linear = 0, // Σ x m
    squares = 0;
  for (let i = 0; i < rates.length; i++) {
    if (hidden?.[i] === 1) continue;
    totals[i % units] += rates[i];
    linear += x.data[i] * modulation[i];
    squares += modulation[i] * modulation[i];
  }
  const offsets = sums.map((sum, j) => log(sum / totals[j])),
    factors = sums.map((sum, j) => sum / totals[j]);
  for (let i = 0; i < rates.length; i++) rates[i] *= factors[i % units];
  const likelihood = sums.reduce((sum, count, j) => sum + count * (1 - offsets[j]), -linear);
  return { offsets, rates, excess: likelihood + saturated + (ridge / 2) * squares };
}
