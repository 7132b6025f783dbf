import { fail, provenance, readOptions, type FieldsOf, type Provenance, type Status } from "../base";
import type { Tucker } from "../factored";
import { checkFinite, checkSameShape, checkShape, norm, zeros, type Matrix, type Shape, type Tensor } from "../tensor";
import { grown, inCorner, outsideSpan, ranksOf, subtractPart } from "./growing-basis";
import { projectedBy, tuckerResidual } from "./mode-kernels";

export interface TuckerStreamOptions {
  /** of the sketches; default 0 */
  readonly seed?: number;
  /** largest relative error of every slice, and so of the whole; default 0.01 */
  readonly relativeError?: number;
  /**
   * most directions of any mode; where they do not suffice, errors are larger, and the result says so. Default no limit
   */
  readonly mostRank?: number;
}

/** Slices so far, compressed: `x ≈ core ×_0 U_0 ... ×_N C`, the last mode counting slices. Plain data. */
export interface TuckerStreamResult extends Tucker {
  /** at least `‖x - x̂‖ / ‖x‖` over all slices, up to rounding: the root of the sum of the squared errors of slices */
  readonly errorBound: number;
  /** of each slice, over its own norm; 0 for a slice of zeros */
  readonly sliceErrors: readonly number[];
  /** "exhausted" where `mostRank` did not suffice for the error that is allowed */
  readonly status: Extract<Status, "converged" | "exhausted">;
  readonly provenance: Provenance;
}

/** A tensor that is compressed slice by slice. */
export interface TuckerStream {
  /** Compress one more slice; it is read, and not kept. @returns its relative error */
  append(slice: Tensor): number;
  /** The slices so far; later ones do not change it. */
  result(): TuckerStreamResult;
}

const table = {
  seed: { is: "seed", fallback: 0 },
  relativeError: { is: "number", above: 0, below: 1, fallback: 0.01 },
  mostRank: { is: "whole number", least: 1, fallback: 9007199254740991 },
} as const satisfies FieldsOf<TuckerStreamOptions>;

/**
 * A Tucker decomposition that grows: append slices one after the other, such as the weights of a network at each
 * update; only their compressed form is kept. Where a slice would exceed the allowed error, orthonormal directions are
 * added, to its modes and to the cores of slices; each may use half of the squared error. No direction is ever changed
 * or removed, so the error of a slice is final when it is appended, and squared errors of slices add up to that of the
 * whole.
 *
 * @param shape - of a slice
 * @throws {@link LtrnnError} when the shape is not valid, and `append` when a slice has another shape or is not finite
 * @remarks O(entries of a slice · rank) a slice, some ten times that where directions are added. Memory: the factors,
 * `rank^N` numbers for each direction of slices, and the number of these for each slice. Ranks depend on the order of
 * slices and can be larger than necessary: `sthosvd` of the core lowers them.
 * @example tuckerStream([2, 2]).append(tensor([2, 2], [1, 2, 2, 4])) < 1e-12 // true
 */
export function tuckerStream(shape: Shape, options: TuckerStreamOptions = {}): TuckerStream {
  const { seed, relativeError, mostRank } = readOptions("tuckerStream", options, table);
  checkShape("tuckerStream", "shape", shape);
  if (shape.length === 0 || shape.includes(0))
    fail("tuckerStream", {
      expected: "slices of one mode or more, none of them empty",
      got: `shape [${shape.join(", ")}]`,
      fix: "Pass the shape of one slice.",
    });
  const sizes = [...shape],
    rows: Float64Array[] = [], // of the last factor, each as long as there were directions
    errors: number[] = [];
  let factors = sizes.map((size): Matrix => ({ shape: [size, 0], data: new Float64Array(0) })),
    directions: Float64Array[] = [], // of slices, each of the shape of the core
    squares = 0,
    squaredErrors = 0,
    short = false;

  return { append, result };

  function append(slice: Tensor): number {
    checkSameShape("tuckerStream", "slice", slice, sizes, "the stream");
    checkFinite("tuckerStream", "slice", slice);
    const size = norm(slice),
      allowed = 0.5 * (relativeError * size) * (relativeError * size);
    if (!Number.isFinite(size * size) || (size > 0 && size * size < 1e-290))
      fail("tuckerStream", {
        expected: "slices whose squares are in the range of doubles",
        got: `a norm of ${size}`,
        fix: "Multiply all slices by one power of ten.",
      });
    const { core, residual } = inModes(slice, size * size, allowed),
      { row, rest } = inSlices(core.data, allowed);
    if (residual > allowed || rest > allowed) short = true;
    rows.push(row);
    squares += size * size;
    squaredErrors += residual + rest;
    errors.push(size === 0 ? 0 : Math.sqrt(residual + rest) / size);
    return errors[errors.length - 1];
  }

  /** The core of a slice, with more directions in its modes where it needs them. */
  function inModes(slice: Tensor, squared: number, allowed: number) {
    let { core, residual } = measured(slice, squared);
    for (let count = 1; residual > allowed; count *= 2) {
      const before = ranksOf(factors),
        next = grown(slice, core, factors, { count, most: mostRank, seed: seed + rows.length });
      if (ranksOf(next).every((rank, mode) => rank === before[mode])) break;
      factors = next;
      directions = directions.map((direction) => inCorner(direction, before, ranksOf(factors)));
      ({ core, residual } = measured(slice, squared));
    }
    return { core, residual };
  }

  function measured(slice: Tensor, squared: number): { readonly core: Tensor; readonly residual: number } {
    const ranks = ranksOf(factors);
    if (ranks.includes(0)) return { core: zeros(ranks), residual: squared };
    const core = projectedBy(slice, factors);
    return { core, residual: tuckerResidual(slice, core, factors) };
  }

  /** The core of a slice in terms of the directions of slices, with one more where it needs it. */
  function inSlices(core: Float64Array, allowed: number): { readonly row: Float64Array; readonly rest: number } {
    const rest = core.slice(),
      row = directions.map((direction) => subtractPart(rest, direction)),
      left = sumOfSquares(rest);
    const fresh = left > allowed && directions.length < mostRank ? outsideSpan(rest, directions) : undefined;
    if (!fresh) return { row: Float64Array.from(row), rest: left };
    directions.push(fresh);
    row.push(subtractPart(rest, fresh));
    return { row: Float64Array.from(row), rest: sumOfSquares(rest) };
  }

  function result(): TuckerStreamResult {
    const ranks = ranksOf(factors),
      width = directions.length,
      core = zeros([...ranks, width]),
      last = zeros([rows.length, width]);
    directions.forEach((direction, q) => {
      for (let i = 0; i < direction.length; i++) core.data[i * width + q] = direction[i];
    });
    rows.forEach((row, k) => {
      last.data.set(row, k * width);
    });
    return {
      core,
      factors: [...factors, last],
      errorBound: squares === 0 ? 0 : Math.sqrt(squaredErrors / squares),
      sliceErrors: [...errors],
      status: short ? "exhausted" : "converged",
      provenance: provenance("tuckerStream", seed, { shape: sizes, relativeError, mostRank }, { slices: rows.length }),
    };
  }
}

function sumOfSquares(data: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] * data[i];
  return sum;
}
