import type { Level } from "../factored";

/**
 * What a sweep may change the relative error by once it has settled: tolerance times variation, but at least 8 eps
 * unless the tolerance itself is smaller.
 */
export const thresholdOf = (tolerance: number, { variation }: Level): number =>
  Math.max(tolerance * variation, Math.min(tolerance, 8 * Number.EPSILON));
