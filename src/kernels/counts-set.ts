import type { Workspace } from "./workspace";

/**
 * Loops over counts x and their model m, on addresses of the {@link Workspace} of the contractions; places among the
 * entries of a block take 16 bits each. The loss is f(m), as if all x were 0, and terms where they are not.
 */
export interface CountsKernels {
  readonly workspace: Workspace;
  /**
   * So many rows, from `first` on, of the Khatri-Rao product of p and q: row `i size + j` is row i of p times row j of
   * q, which has `size` rows.
   */
  khatriRaoRows(w: number, p: number, q: number, first: number, count: number, size: number, rank: number): void;
  /** What gradients y in these rows add to those in p and in q. */
  khatriRaoAdjoint(
    y: number,
    p: number,
    q: number,
    dp: number,
    dq: number,
    first: number,
    count: number,
    size: number,
    rank: number,
  ): void;
  /** `m (rows × columns) = w c`, w (rows × rank), c (rank × columns) */
  lowRank(m: number, w: number, c: number, rows: number, columns: number, rank: number): void;
  /**
   * Lists the places of the ones, of the twos, and of all that is neither these nor 0, each with room for all and eight
   * more; their lengths become three numbers of 32 bits.
   *
   * @param table - for each set of places among eight, in the order of their bits, these places
   */
  splitCounts(
    x: number,
    count: number,
    ones: number,
    twos: number,
    others: number,
    lengths: number,
    table: number,
  ): void;
  /**
   * Sorts so many places by their x: what is no count, -1, then 0, 1, up to 255, then counts beyond. Where each of
   * these 259 ends in `out` becomes a number of 32 bits; there is room for 260.
   *
   * @param scratch - room for 16 bits a place
   */
  sortPlaces(x: number, places: number, count: number, out: number, ends: number, scratch: number): void;
  /** `d = 1`; f(m) = m, whose sum in two lanes comes to `sums`. @returns 1, or 0 where products of m would overflow */
  flat(d: number, m: number, count: number, sums: number): number;
  /**
   * `d = weight / (1 + m)`; f(m) = weight log(1 + m). The product of all 1 + m comes to `sums`: mantissas and
   * exponents, in two lanes each. @returns as flat
   */
  odds(d: number, m: number, count: number, weight: number, sums: number): number;
  /** `d = exp(m)`. @returns the sum of f(m) = exp(m). The number after the last of m is written */
  exponential(d: number, m: number, count: number): number;
  /** `d = 1 / (1 + exp(-m))`. @returns the sum of f(m) = log(1 + exp(m)). The number after the last of m is written */
  logistic(d: number, m: number, count: number): number;
  /** At so many places `d -= x / (m + shift)`, all x the same. The product of these m + shift comes to `sums`. */
  overModel(d: number, m: number, places: number, count: number, x: number, shift: number, sums: number): void;
  /** At so many places `d -= x`, all x the same. @returns the sum of m there */
  timesModel(d: number, m: number, places: number, count: number, x: number): number;
  /** Writes one value at so many places. */
  writeAt(d: number, places: number, count: number, value: number): void;
}
