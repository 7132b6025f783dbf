import { checksum, log, provenance, readOptions } from "../base";
import { checkObserved } from "../decompose";
import { countTable, expectedCounts } from "../losses";
import { checkMask, indexOf, type Tensor } from "../tensor";
import { checkSliceCall } from "./check-slice-call";
import type { SliceRanks, SliceTca } from "./slice-model";
import { slicePoissonTable, type SliceTcaPoissonOptions } from "./slice-poisson-options";
import { slicePoissonProblem } from "./slice-poisson-problem";
import { sliceTca } from "./slice-tca";

/** A decomposition of counts before its first step, with every option decided. */
export type SlicePoissonPlan = ReturnType<typeof slicePoissonPlan>;

/** Check the call of a decomposition of counts, and decide what its options leave open. */
export function slicePoissonPlan(where: string, x: Tensor, ranks: SliceRanks, options: SliceTcaPoissonOptions) {
  const read = readOptions<SliceTcaPoissonOptions, typeof slicePoissonTable>(where, options, slicePoissonTable),
    { seed, start, steps, tolerance, mask, ridge } = read;
  checkSliceCall(where, x, ranks, { start, starts: read.starts });
  if (mask) {
    checkMask(where, "mask", mask, x.shape, "x");
    checkObserved(where, mask);
  }
  const hidden = mask ? Uint8Array.from(mask.data, (seen) => (seen === 0 ? 1 : 0)) : undefined,
    counts = countTable(where, x, hidden, (i) => `index [${indexOf(x.shape, i).join(", ")}] of x`),
    starts = read.starts ?? 1;
  return {
    where,
    x,
    ranks,
    counts,
    seed,
    given: start,
    starts,
    steps,
    tolerance,
    mask,
    ridge,
    problem: slicePoissonProblem(counts, x.shape, ranks, ridge),
    provenance: provenance(
      "sliceTcaPoisson",
      seed,
      { starts, steps, tolerance, ridge },
      {
        ranks: [...ranks],
        start: start
          ? start.components.map(({ vectors, slices }) => [checksum(vectors.data), checksum(slices.data)])
          : null,
        mask: mask ? checksum(mask.data) : null,
      },
    ),
  };
}

/** Sweeps on logarithms of counts, from which the steps start. */
const firstSweeps = 20;

/** Logarithms of counts, relative to the mean count of each unit; 1/2 keeps them finite. */
export function firstModel({ x, ranks, counts, mask, seed }: SlicePoissonPlan, start: number): SliceTca {
  const { rates } = expectedCounts(counts, new Float64Array(x.data.length), 0),
    data = x.data.map((count, i) => (counts.hidden?.[i] === 1 ? 0 : log((count + 0.5) / (rates[i] + 0.5)))),
    options = { starts: 1, sweeps: firstSweeps, ...(mask ? { mask } : {}) };
  return sliceTca({ shape: x.shape, data }, ranks, { ...options, seed: seed + start });
}
