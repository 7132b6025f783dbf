import { provenance, type Provenance, type Status } from "../base";
import { normInUnit, rescaled, timesPowerOfTwo, type InUnit, type Tucker } from "../factored";
import { checkTensor, identity, type Matrix, type Tensor } from "../tensor";
import { leadingDirections, type Keep, type LeadingDirections } from "./leading-directions";
import { projectedBy, tuckerError } from "./mode-kernels";
import { checkRanks, describeRanks, isTolerance, type TuckerRanks } from "./tucker-ranks";

/** A truncated higher-order SVD: `x ≈ core ×_0 U_0 ×_1 U_1 ...`, with orthonormal factors. Plain data. */
export interface HosvdResult extends Tucker {
  /** `‖x - x̂‖ / ‖x‖`, the residual summed entry by entry where it is below a tenth */
  readonly relativeError: number;
  /**
   * at least relativeError, up to rounding: the root of the sum of squares of `discarded`. No decomposition of these
   * ranks has an error below that of the truncated HOSVD divided by the root of the number of modes
   */
  readonly errorBound: number;
  /** by mode, the relative error of its truncation: the norm of the singular values left out, over the norm of x */
  readonly discarded: readonly number[];
  /**
   * of each unfolding that was decomposed, largest first; those below 1e-7 of the largest are rounding, unless they are
   * among the ranks. Empty for modes left whole, or sketched
   */
  readonly singularValues: readonly (readonly number[])[];
  readonly status: Extract<Status, "converged">;
  readonly provenance: Provenance;
}

/**
 * The truncated higher-order SVD: in every mode the leading left singular vectors of the unfolding of x. Its error is
 * at most `errorBound`, from the discarded singular values, and at most the root of the number of modes times the least
 * possible: {@link tucker} continues from there, {@link sthosvd} is cheaper.
 *
 * @param ranks - one per mode, null for a mode left whole; or `{ relativeError }`, for the smallest ranks whose bound
 * is no larger
 * @throws {@link LtrnnError} when x is not finite or ranks do not fit
 * @remarks O(entries · sum of sizes). Singular vectors come from Gram matrices, in levels where ranks or the tolerance
 * ask for singular values that squaring would lose.
 * @see De Lathauwer, De Moor & Vandewalle (2000), A multilinear singular value decomposition, SIAM J. Matrix Anal.
 * Appl. 21, 1253, property 10
 * @example hosvd(tensor([2, 2], [3, 0, 0, 1]), [1, 1]).discarded.length // 2
 */
export function hosvd(x: Tensor, ranks: TuckerRanks): HosvdResult {
  checkTensor("hosvd", "x", x);
  checkRanks("hosvd", x, ranks);
  const data = normInUnit("hosvd", x),
    found = truncated(data, ranks),
    factors = found.map((mode, n) => mode?.u ?? identity(x.shape[n]));
  const core = projectedBy(
      data.x,
      found.map((mode) => mode?.u),
    ),
    relativeError = tuckerError(data.x, data.level.size, core, factors);
  return hosvdResult(
    data,
    core,
    factors,
    found,
    relativeError,
    provenance("hosvd", null, { ranks: describeRanks(ranks) }),
  );
}

/** Data in the unit of computation, with their norm. */
type Sized = InUnit<{ readonly size: number }>;

type Found = Pick<LeadingDirections, "discarded"> & { readonly values?: readonly number[] };

/** The leading directions of every mode of x itself; undefined for modes left whole. */
export function truncated({ x, level }: Sized, ranks: TuckerRanks): (LeadingDirections | undefined)[] {
  return x.shape.map((_, mode) => {
    const keep = keepOf(ranks, mode, level.size, x.shape.length);
    return keep && leadingDirections(x, mode, keep);
  });
}

/** What is kept of a mode: its rank, or an equal share of the error that is allowed. */
function keepOf(ranks: TuckerRanks, mode: number, size: number, modes: number): Keep | undefined {
  if (isTolerance(ranks)) {
    const allowed = ranks.relativeError * size;
    return { budget: (allowed * allowed) / modes };
  }
  const rank = ranks[mode];
  return rank === null ? undefined : { rank };
}

/** The result of a truncation, in the unit of the data. */
export function hosvdResult(
  { unit, level: { size } }: Sized,
  core: Tensor,
  factors: readonly Matrix[],
  found: readonly (Found | undefined)[],
  relativeError: number,
  made: Provenance,
): HosvdResult {
  const relative = (squares: number) => (size === 0 ? 0 : Math.sqrt(squares) / size),
    squares = found.map((mode) => mode?.discarded ?? 0);
  return {
    core: rescaled(core, unit),
    factors,
    relativeError,
    errorBound: relative(squares.reduce((sum, square) => sum + square, 0)),
    discarded: squares.map(relative),
    singularValues: found.map((mode) => (mode?.values ?? []).map((value) => timesPowerOfTwo(value, unit))),
    status: "converged",
    provenance: made,
  };
}
