import { isRecord } from "../base";
import { rescaled, type Tucker } from "../factored";
import type { Matrix, Tensor } from "../tensor";

/** Core and factors, undefined for modes left whole. */
export interface TuckerModel {
  readonly core: Tensor;
  readonly factors: readonly (Matrix | undefined)[];
}

/** The memory of extrapolation from one sweep to the next. Plain data. */
export interface TuckerMomentum extends TuckerModel {
  /** how far the next sweep starts ahead, in units of the last change; core and factors are those before that change */
  readonly by: number;
  /** the largest value that it may grow to */
  readonly most: number;
}

/**
 * Factors by which the momentum and its bound grow after a sweep that lowered the error, and by which the momentum
 * falls after one that did not.
 */
const growth = 1.05,
  growthOfMost = 1.01,
  fall = 1.5;

/**
 * The model ahead of `now` along its last change, no entry below zero; fixed factors stay.
 *
 * @see Ang & Gillis (2019), Accelerating nonnegative matrix factorization algorithms using extrapolation, Neural
 * Computation 31
 */
export function aheadOf(now: TuckerModel, { by, ...before }: TuckerMomentum, fixed: readonly number[]): TuckerModel {
  const moved = <T extends Tensor>(to: T, from: Tensor): T => ({
    ...to,
    data: to.data.map((entry, i) => Math.max(0, entry + by * (entry - from.data[i]))),
  });
  return {
    core: moved(now.core, before.core),
    factors: now.factors.map((f, mode) => {
      const old = before.factors[mode];
      return f && old && !fixed.includes(mode) ? moved(f, old) : f;
    }),
  };
}

/** The memory after a sweep from `before` that lowered the error. */
export const kept = (before: TuckerModel, last: TuckerMomentum | null): TuckerMomentum => ({
  core: before.core,
  factors: before.factors,
  by: Math.min(last?.most ?? 1, (last?.by ?? 0.5) * growth),
  most: Math.min(1, (last?.most ?? 1) * growthOfMost),
});

/** The memory after an extrapolated sweep that did not. */
export const fallen = (last: TuckerMomentum): TuckerMomentum => ({ ...last, by: last.by / fall, most: last.by });

/** The memory of an earlier result, in the unit of the problem; null where there is none, or it does not fit. */
export function givenMomentum(start: Tucker & { readonly momentum?: unknown }, unit: number): TuckerMomentum | null {
  const given = start.momentum as TuckerMomentum | null | undefined;
  if (!isRecord(given) || !isRecord(given.core) || !Array.isArray(given.factors)) return null;
  const fits =
    fitsShape(given.core, start.core) &&
    given.factors.length === start.factors.length &&
    given.factors.every((f, mode) => f === undefined || f === null || fitsShape(f, start.factors[mode])) &&
    [given.by, given.most].every((share) => typeof share === "number" && share >= 0 && share <= 1);
  return fits ? { ...given, core: rescaled(given.core, -unit) } : null;
}

const fitsShape = (x: Tensor, as: Tensor): boolean =>
  isRecord(x) && x.data instanceof Float64Array && x.data.length === as.data.length && x.data.every(Number.isFinite);
