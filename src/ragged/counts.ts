import { countTable, type CountTable } from "../losses";
import { rescaled } from "../factored";
import { indexOf, type Matrix } from "../tensor";
import type { RaggedData } from "./parafac2-problem";
import type { CheckedTrials } from "./ragged-data";

/** Counts of all trials, one below the other. */
export interface Counts extends RaggedData, Omit<CountTable, "x"> {}

/** Refuse entries that are not counts, and units without any count above 0. */
export function countsOf(where: string, { data, unit }: CheckedTrials): Counts {
  const { x: inside, ends, missing } = data,
    x: Matrix = rescaled(inside, unit),
    units = x.shape[1],
    hidden = missing.length > 0 ? new Uint8Array(x.data.length) : undefined;
  for (const at of missing) (hidden as Uint8Array)[at] = 1;
  const placeOf = (entry: number): string => {
    const row = Math.floor(entry / units),
      trial = ends.findIndex((end) => row < end),
      first = trial === 0 ? 0 : ends[trial - 1];
    return `index [${indexOf([ends[trial] - first, units], entry - first * units).join(", ")}] of trial ${trial}`;
  };
  return { ...data, ...countTable(where, x, hidden, placeOf), x };
}
