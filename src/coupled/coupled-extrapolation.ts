import { pow } from "../base";
import { keepSweep, noExtrapolation, type Extrapolation } from "../decompose";
import type { Matrix } from "../tensor";
import { flat, nested, type CoupledModel, type CoupledSwept } from "./coupled-problem";

const ones = (rank: number): Float64Array => new Float64Array(rank).fill(1);

/** The memory before the first sweep. */
export function firstMemory(model: CoupledModel): Extrapolation {
  const factors = flat(model);
  return noExtrapolation(0, { factors, weights: ones(factors[0].shape[1]) });
}

/**
 * The model moved further along its last change, where sweeps are slow; undefined where the next sweep starts from the
 * model itself. Both models are compared after normalization: shared columns of unit length, and the other columns of a
 * tensor of equal length, since a change of scale between modes does not change the model.
 */
export function coupledAhead(
  model: CoupledModel,
  { previous, length, plain }: Extrapolation,
): CoupledModel | undefined {
  if (length === 0 || plain) return undefined;
  const earlier = nested(
      previous,
      model.factors.map((list) => list.length),
    ),
    before = balanced(earlier.factors),
    now = balanced(model.factors),
    moved = now.map((list, i) =>
      list.map(({ shape, data }, mode): Matrix => {
        const old = before[i][mode].data;
        return { shape, data: data.map((value, k) => value + length * (value - old[k])) };
      }),
    ),
    common = moved[0][moved[0].length - 1];
  return { factors: moved.map((list) => [...list.slice(0, -1), common]) };
}

/** The memory after a sweep that was kept. */
export function kept(
  memory: Extrapolation,
  before: CoupledModel,
  after: CoupledSwept,
  sweep: { readonly drop: number; readonly isExtrapolated: boolean; readonly below: number },
): Extrapolation {
  const factors = flat(before),
    weights = ones(factors[0].shape[1]);
  return keepSweep(memory, {
    ...sweep,
    before: { factors, weights },
    after: { factors: flat(after), weights, relativeError: after.relativeError },
  });
}

/**
 * Shared columns of unit length, and the other columns of each tensor of equal length; a component of zeros stays as it
 * is.
 */
function balanced(factors: readonly (readonly Matrix[])[]): Matrix[][] {
  return factors.map((list) => {
    const lengths = list.map(columnLengths),
      last = list.length - 1,
      rank = list[0].shape[1],
      common = Array.from({ length: rank }, (_, r) => {
        const size = lengths.reduce((product, lengthsOfMode) => product * lengthsOfMode[r], 1);
        return size > 0 && size < Infinity ? pow(size, 1 / last) : 0;
      });
    return list.map(({ shape, data }, mode): Matrix => {
      const by = common.map((length, r) => (length === 0 ? 1 : (mode === last ? 1 : length) / lengths[mode][r]));
      return { shape, data: data.map((value, i) => value * by[i % rank]) };
    });
  });
}

function columnLengths({ shape: [, rank], data }: Matrix): Float64Array {
  const squares = new Float64Array(rank);
  data.forEach((value, i) => {
    squares[i % rank] += value * value;
  });
  return squares.map(Math.sqrt);
}
