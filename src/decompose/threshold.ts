import type { Level } from "../factored";

/**
 * What a sweep may change the relative error by once it has settled: the tolerance, of what varies, but no less than
 * rounding.
 */
export const thresholdOf = (tolerance: number, { variation }: Level): number =>
  Math.max(tolerance * variation, Math.min(tolerance, 8 * Number.EPSILON));
