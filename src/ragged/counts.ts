import { exp, fail, log } from "../base";
import { rescaled } from "../factored";
import { indexOf } from "../tensor";
import type { RaggedData } from "./parafac2-problem";
import type { CheckedTrials } from "./ragged-data";

/** Counts of all trials, one below the other. */
export interface Counts extends RaggedData {
  /** by entry: 1 where it is missing; absent where none is */
  readonly hidden?: Uint8Array;
  /** the sum of what is observed of each unit */
  readonly sums: Float64Array;
  readonly observed: number;
  /** `Σ x log x - x` over the observed entries: minus the loss of a model that says every count */
  readonly saturated: number;
}

/** The expected counts of a model, and how far they are off. */
export interface Expected {
  /** by unit: the logarithm of its rate where the modulation is 0 */
  readonly offsets: Float64Array;
  readonly rates: Float64Array;
  /** `Σ rate - x log rate`, beyond that of a model that says every count, and the penalty: at least 0 */
  readonly excess: number;
}

/** Refuse what are no counts, or units without any. */
export function countsOf(where: string, { data, unit }: CheckedTrials): Counts {
  const { x: inside, ends, missing } = data,
    x = rescaled(inside, unit),
    units = x.shape[1],
    hidden = new Uint8Array(x.data.length),
    sums = new Float64Array(units);
  for (const at of missing) hidden[at] = 1;
  let saturated = 0;
  for (let i = 0; i < x.data.length; i++) {
    const count = x.data[i];
    if (hidden[i] === 1) continue;
    if (!(count >= 0 && count <= Number.MAX_SAFE_INTEGER && count === Math.floor(count))) {
      const row = Math.floor(i / units),
        trial = ends.findIndex((end) => row < end),
        first = trial === 0 ? 0 : ends[trial - 1];
      fail(where, {
        expected: "counts, whole numbers of at least 0",
        got: `${count} at index [${indexOf([ends[trial] - first, units], i - first * units).join(", ")}] of trial ${trial}`,
        fix: "Pass numbers of spikes in bins, or fit with parafac2.",
      });
    }
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
  return {
    ...data,
    x,
    ...(missing.length > 0 ? { hidden } : {}),
    sums,
    observed: x.data.length - missing.length,
    saturated,
  };
}

/**
 * Rates `exp(o_j + m)` of a modulation m, with the offsets that minimize the loss: the expected counts of each unit sum
 * to those observed.
 */
export function expectedFrom(counts: Counts, modulation: Float64Array, ridge: number): Expected {
  const { x, hidden, sums, saturated } = counts,
    units = x.shape[1],
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
