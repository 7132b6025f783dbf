import { checkWhole, fail } from "../base";
import { inUnit, type Level } from "../factored";
import { checkTrials } from "../masks";
import { checkFinite, checkMask, type Matrix } from "../tensor";
import type { RaggedData } from "./parafac2-problem";
import { countOfCosines, slowCosines } from "./slow-cosines";
import { stacked } from "./stacked";

/** Checked trials, in the unit of computation. */
export interface CheckedTrials {
  readonly data: RaggedData;
  readonly unit: number;
  readonly level: Level;
}

/** Check trials, rank and mask together, and stack them. */
export function raggedData(
  where: string,
  given: readonly Matrix[],
  rank: number,
  { mask, shortestPeriod }: { readonly mask?: readonly Matrix[]; readonly shortestPeriod?: number },
): CheckedTrials {
  const trials = checkTrials(where, given),
    units = trials[0].shape[1],
    shortest = trials.reduce((least, { shape }) => Math.min(least, shape[0]), Infinity);
  if (shortest === 0 || units === 0)
    fail(where, {
      expected: "at least one bin in every trial and one unit",
      got: `a trial of shape (${shortest} × ${units})`,
      fix: "Leave empty trials out.",
    });
  const widths = trials.map(({ shape }) => (shortestPeriod ? countOfCosines(shape[0], shortestPeriod) : shape[0]));
  checkRank(where, rank, units, widths, shortestPeriod);
  const { x, ends } = stacked(trials),
    masks = mask ? stackedMask(where, mask, trials, { rank, spanned: shortestPeriod !== undefined }) : undefined;
  if (masks) checkFinite(where, "trials", x, masks);
  const inside = inUnit(where, x, masks),
    missing: number[] = [];
  masks?.data.forEach((value, at) => {
    if (value === 0) missing.push(at);
  });
  return {
    data: {
      x: inside.x as Matrix,
      ends,
      missing,
      means: masks ? meansOf(inside.x.data, masks) : new Float64Array(units),
      ...(shortestPeriod ? { spans: trials.map(({ shape }, k) => slowCosines(shape[0], widths[k])) } : {}),
      norm: inside.level.size,
    },
    unit: inside.unit,
    level: inside.level,
  };
}

function checkRank(
  where: string,
  rank: number,
  units: number,
  widths: readonly number[],
  shortestPeriod?: number,
): void {
  checkWhole(where, "rank", rank, 1);
  const shortest = widths.reduce((k, width, i) => (width < widths[k] ? i : k), 0);
  const steps = shortestPeriod ? "cosines" : "bins";
  if (rank > widths[shortest])
    fail(where, {
      expected: `a rank of at most ${widths[shortest]}, the ${steps} of trial ${shortest}`,
      got: String(rank),
      fix: `Lower the rank${shortestPeriod ? ", shorten shortestPeriod" : ""}, or leave the shortest trials out.`,
    });
  if (rank > units)
    fail(where, {
      expected: `a rank of at most ${units}, the number of units`,
      got: String(rank),
      fix: "Lower the rank: the bases of the trials would not be determined.",
    });
}

/**
 * The masks of all trials as one. Every trial and every unit has an observed entry; so has every bin, where evolving
 * factors are free.
 */
function stackedMask(
  where: string,
  mask: readonly Matrix[],
  trials: readonly Matrix[],
  { rank, spanned }: { readonly rank: number; readonly spanned: boolean },
): Matrix {
  if (mask.length !== trials.length)
    fail(where, {
      expected: `${trials.length} masks, one per trial`,
      got: String(mask.length),
      fix: "Pass a matrix of ones where all of a trial is observed.",
    });
  for (const [k, { shape }] of trials.entries()) checkMask(where, `mask[${k}]`, mask[k], shape, `trials[${k}]`);
  const units = trials[0].shape[1],
    seen = new Uint8Array(units);
  mask.forEach(({ shape, data }, k) => {
    let bins = 0;
    for (let t = 0; t < shape[0]; t++) {
      let observed = 0;
      for (let j = 0; j < units; j++) if (data[t * units + j] !== 0) observed = seen[j] = 1;
      bins += observed;
      if (observed === 0 && !spanned)
        fail(where, {
          expected: "an observed entry in every bin, where evolving factors are free",
          got: `a mask of zeros in bin ${t} of trial ${k}`,
          fix: "Leave that bin out of the trial, or make evolving factors smooth by shortestPeriod.",
        });
    }
    if (bins < rank)
      fail(where, {
        expected: `at least ${rank} bins with an observed entry in every trial, the rank`,
        got: `${bins} in trial ${k}`,
        fix: "Leave that trial out, or lower the rank.",
      });
  });
  const empty = seen.indexOf(0);
  if (empty >= 0)
    fail(where, {
      expected: "an observed entry of every unit",
      got: `a mask of zeros for unit ${empty}`,
      fix: "Leave that unit out.",
    });
  return stacked(mask).x;
}

/** The mean of the observed entries of each unit. */
function meansOf(data: Float64Array, mask: Matrix): Float64Array {
  const units = mask.shape[1],
    sums = new Float64Array(units),
    counts = new Float64Array(units);
  for (let i = 0; i < data.length; i++) {
    if (mask.data[i] === 0) continue;
    sums[i % units] += data[i];
    counts[i % units]++;
  }
  return sums.map((sum, j) => sum / counts[j]);
}
