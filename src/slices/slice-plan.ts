import { checksum, provenance, random, readOptions, type Provenance } from "../base";
import { checkObserved, thresholdOf } from "../decompose";
import { inUnit, rescaled } from "../factored";
import { orthonormalColumns } from "../linalg";
import { checkFinite, checkMask, type Matrix, type Tensor } from "../tensor";
import { checkSliceCall } from "./check-slice-call";
import type { FlatPart } from "./part";
import type { SliceRanks, SliceTcaResult } from "./slice-model";
import { sliceTable, type SliceTcaOptions } from "./slice-options";

/**
 * A decomposition before its first sweep: the tensor in the unit in which it is computed, and with every option
 * decided.
 */
export type SlicePlan = ReturnType<typeof slicePlan>;

/** Check the call of a decomposition, and decide what its options leave open: `fewest` starts, unless they say more. */
export function slicePlan(where: string, given: Tensor, ranks: SliceRanks, options: SliceTcaOptions, fewest: number) {
  const read = readOptions<SliceTcaOptions, typeof sliceTable>(where, options, sliceTable),
    { seed, start, sweeps, tolerance, mask } = read;
  checkSliceCall(where, given, ranks, { start, starts: read.starts });
  if (mask) {
    checkMask(where, "mask", mask, given.shape, "x");
    checkObserved(where, mask);
    checkFinite(where, "x", given, mask);
  }
  const { x, unit, level } = inUnit(where, given, mask),
    data = mask ? x.data.map((value, i) => (mask.data[i] === 0 ? 0 : value)) : x.data,
    starts = read.starts ?? (start ? 1 : fewest),
    made: Provenance = provenance(
      "sliceTca",
      seed,
      { starts, sweeps, tolerance, nonNegative: read.nonNegative },
      {
        ranks: [...ranks],
        start: start
          ? ("raw" in start ? (start as SliceTcaResult).raw : start.components).map(({ vectors, slices }) => [
              checksum(vectors.data),
              checksum(slices.data),
            ])
          : null,
        mask: mask ? checksum(mask.data) : null,
      },
    );
  return {
    where,
    x: { shape: given.shape, data },
    unit,
    size: level.size,
    ranks,
    seed,
    given: start,
    /** the components that an earlier result of sliceTca would have swept next */
    raw: start && "raw" in start ? (start as SliceTcaResult).raw : undefined,
    /** the memory of that result; undefined in one of a version without extrapolation */
    memory: start && "raw" in start ? (start as Partial<SliceTcaResult>).extrapolation : undefined,
    starts,
    sweeps,
    threshold: thresholdOf(tolerance, level),
    mask: mask?.data,
    nonNegative: read.nonNegative,
    provenance: made,
  };
}

/** Components to start from: those that were given, zeros, or random ones of the size of x. */
export function sliceStart(plan: SlicePlan, start: number): FlatPart[] {
  const { x, ranks, seed, given, raw, unit, nonNegative, size } = plan;
  return ranks.map((rank, mode): FlatPart => {
    const others = x.data.length / x.shape[mode];
    if (given) {
      const { vectors, slices } = (raw ?? given.components)[mode],
        inside = raw ? slices : rescaled(slices, -unit),
        positive = nonNegative ? (data: Float64Array) => data.map((value) => Math.max(0, value)) : undefined;
      return {
        vectors: positive ? { shape: vectors.shape, data: positive(vectors.data) } : vectors,
        slices: { shape: [rank, others], data: positive ? positive(inside.data) : inside.data },
      };
    }
    const stream = random(seed + start, `slice start, mode ${mode}`),
      draw = (rows: number, columns: number): Matrix => ({
        shape: [rows, columns],
        data: Float64Array.from({ length: rows * columns }, stream.normal),
      });
    if (nonNegative) {
      const scale = size / Math.sqrt(ranks.length * ranks.length * rank * x.data.length),
        [vectors, slices] = [draw(x.shape[mode], rank), draw(rank, others)];
      return {
        vectors: { shape: vectors.shape, data: vectors.data.map(Math.abs) },
        slices: { shape: slices.shape, data: slices.data.map((value) => Math.abs(value) * scale) },
      };
    }
    if (start === 0 || rank === 0)
      return {
        vectors: draw(x.shape[mode], rank),
        slices: { shape: [rank, others], data: new Float64Array(rank * others) },
      };
    const scale = size / Math.sqrt(ranks.length * rank * others),
      slices = draw(rank, others);
    return {
      vectors: orthonormalColumns(draw(x.shape[mode], rank)),
      slices: { shape: slices.shape, data: slices.data.map((value) => value * scale) },
    };
  });
}
