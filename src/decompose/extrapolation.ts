import { exp, log } from "../base";
import type { Matrix } from "../tensor";
import type { AlsModel } from "./als-model";

/** The memory of sweeps, most of it for extrapolation. Plain data. */
export interface Extrapolation {
  /** the norm of the tensor that is decomposed: the memory is valid for this tensor only */
  readonly of: number;
  /** factors before the last sweep that was kept */
  readonly previous: readonly Matrix[];
  /** extrapolation length, in units of the last change; 0 where sweeps are not extrapolated */
  readonly length: number;
  /** by how much the last two sweeps that were kept lowered the error */
  readonly drops: readonly [number, number];
  /** whether the next sweep is not extrapolated, because the last one was, and was undone */
  readonly plain: boolean;
  /** the weights of the components with these factors: 1, except where no factor can carry their scale */
  readonly weights: readonly number[];
  /**
   * whether an odd number of sweeps was kept: the next one takes the other order of the dimension tree; default false
   */
  readonly odd?: boolean;
}

/** Longer extrapolations follow rounding. */
const longest = 50;

/** Sweeps are slow when each lowers the error by more than this share of what the sweep before did. */
const crawling = 0.7;

/**
 * Sweeps are extrapolated once they lower the error by less than this share of it. Before that, imputed entries still
 * depend on the start, and extrapolating their changes leads to worse minima.
 */
export const startsBelow = (imputes: boolean): number => (imputes ? 0.003 : Infinity);

/** The memory before the first sweep. */
export const noExtrapolation = (of: number, { factors, weights }: AlsModel): Extrapolation => ({
  of,
  previous: factors,
  length: 0,
  drops: [Infinity, Infinity],
  plain: false,
  weights: [...weights],
});

/**
 * The model moved further along its last change, where sweeps are slow; undefined where the next sweep starts from the
 * model itself. The step grows each time that it succeeds; a sweep that ends at a larger error is undone, and the next
 * one is not extrapolated, so errors never rise.
 *
 * @see Mitchell, Ye & De Sterck (2020), Nesterov acceleration of alternating least squares for canonical tensor
 * decomposition, Numer. Linear Algebra Appl. 27: extrapolation with restarts; the growing step is that of Bro (1998),
 * Multi-way analysis in the food industry, section 4.4
 */
export function extrapolated(
  { factors, weights }: AlsModel,
  { previous, length, plain }: Extrapolation,
  fixed: readonly number[],
): AlsModel | undefined {
  if (length === 0 || plain) return undefined;
  const now = balanced(factors, fixed),
    before = balanced(previous, fixed);
  return {
    weights,
    factors: now.map((f, mode) => {
      if (fixed.includes(mode)) return f;
      const old = before[mode].data;
      return { shape: f.shape, data: f.data.map((value, i) => value + length * (value - old[i])) };
    }),
  };
}

/** The memory after a sweep that was extrapolated and undone. */
export const undoSweep = (memory: Extrapolation): Extrapolation => ({
  ...memory,
  length: memory.length / 4,
  plain: true,
});

/** A sweep that was kept. */
interface KeptSweep {
  readonly before: AlsModel;
  readonly after: AlsModel & { readonly relativeError: number };
  /** by how much it lowered the error */
  readonly drop: number;
  readonly isExtrapolated: boolean;
  /** the share of the error below which sweeps are extrapolated; Infinity: all that are slow */
  readonly below: number;
}

/** The memory after a sweep that was kept. */
export function keepSweep(
  { of, length, drops: [, lastDrop], odd }: Extrapolation,
  { before, after, drop, isExtrapolated, below }: KeptSweep,
): Extrapolation {
  const grown = isExtrapolated ? Math.min(longest, 1.6 * length) : length,
    crawls = drop > 0 && lastDrop < Infinity && drop > crawling * lastDrop,
    early = drop > below * after.relativeError;
  return {
    of,
    previous: before.factors,
    length: grown >= 0.5 ? grown : crawls && !early ? 1 : 0,
    drops: [lastDrop, drop],
    plain: false,
    weights: [...after.weights],
    odd: !odd,
  };
}

/**
 * The same components with columns of one length in all modes that are not fixed: a change of scale between modes is no
 * change of the model, and must not be extrapolated.
 */
function balanced(factors: readonly Matrix[], fixed: readonly number[]): Matrix[] {
  const rank = factors[0].shape[1],
    free = factors.map((_, mode) => mode).filter((mode) => !fixed.includes(mode)),
    out = factors.map((f) => ({ shape: f.shape, data: f.data.slice() }));
  for (let r = 0; r < rank; r++) {
    const lengths = free.map((mode) => columnLength(factors[mode], r)),
      common = geometricMean(lengths);
    if (common === 0) continue; // a component of zeros
    for (const [i, mode] of free.entries())
      for (let j = r; j < out[mode].data.length; j += rank) out[mode].data[j] *= common / lengths[i];
  }
  return out.map((f, mode) => (fixed.includes(mode) ? factors[mode] : f));
}

function columnLength({ shape: [, rank], data }: Matrix, column: number): number {
  let squares = 0;
  for (let i = column; i < data.length; i += rank) squares += data[i] * data[i];
  return Math.sqrt(squares);
}

const geometricMean = (numbers: readonly number[]): number =>
  exp(numbers.reduce((sum, value) => sum + log(value), 0) / numbers.length);
