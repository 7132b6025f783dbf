import { cos } from "../base";
import { zeros, type Matrix } from "../tensor";

/** How many cosines of at least this period, in bins, a trial of this length has: the constant one is among them. */
export const countOfCosines = (bins: number, shortestPeriod: number): number =>
  Math.min(bins, Math.floor((2 * bins) / shortestPeriod) + 1);

/**
 * The slowest vectors of the cosine basis (DCT-II), orthonormal, as columns: cosine k of a trial has a period of
 * `2 bins / k`.
 *
 * @returns (bins × count)
 */
export function slowCosines(bins: number, count: number): Matrix {
  const out = zeros([bins, count]);
  for (let t = 0; t < bins; t++)
    for (let k = 0; k < count; k++)
      out.data[t * count + k] = Math.sqrt((k === 0 ? 1 : 2) / bins) * cos((Math.PI * k * (t + 0.5)) / bins);
  return out;
}
