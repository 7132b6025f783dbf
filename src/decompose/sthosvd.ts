import { fail, provenance, random, readOptions, type FieldsOf } from "../base";
import { normInUnit } from "../factored";
import { checkTensor, identity, type Matrix, type Tensor } from "../tensor";
import { hosvdResult, type HosvdResult } from "./hosvd";
import { leadingDirections, type LeadingDirections } from "./leading-directions";
import { contractMode, tuckerError } from "./mode-kernels";
import { sketchedDirections, type SketchOptions } from "./sketched-directions";
import { checkRanks, describeRanks, isTolerance, type TuckerRanks } from "./tucker-ranks";

export interface SthosvdOptions {
  /** of the sketches; default 0 */
  readonly seed?: number;
  /** every mode once, in the order in which they are truncated; default: those that shrink x most first */
  readonly order?: readonly number[];
  /**
   * the range of each mode by a random sketch in place of its Gram matrix: cheaper where ranks are far below the
   * sizes, and near the best. It needs ranks, not a tolerance. Default the Gram matrices
   */
  readonly sketch?: SketchOptions;
}

const sketchTable = {
  oversampling: { is: "whole number", least: 0, most: 10_000, fallback: 10 },
  powers: { is: "whole number", least: 0, most: 100, fallback: 1 },
} as const satisfies FieldsOf<SketchOptions>;

const sthosvdTable = {
  seed: { is: "seed", fallback: 0 },
  order: { is: "list", of: { is: "whole number", least: 0 } },
  sketch: { is: "record", of: sketchTable },
} as const satisfies FieldsOf<SthosvdOptions>;

/**
 * The sequentially truncated higher-order SVD: as {@link hosvd}, but every mode is truncated before the next is
 * decomposed, so each works on a smaller tensor. The discarded parts are orthogonal, so `errorBound` is the error
 * itself; it is no larger than the bound of the HOSVD.
 *
 * @param ranks - one per mode, null for a mode left whole; or `{ relativeError }`, for ranks whose error is no larger
 * @throws {@link LtrnnError} when x is not finite, ranks do not fit, or the order is not an order of the modes
 * @remarks O(entries · size of the first mode) and smaller terms; with a sketch O(entries · (rank + oversampling)).
 * @see Vannieuwenhoven, Vandebril & Meerbergen (2012), A new truncation strategy for the higher-order singular value
 * decomposition, SIAM J. Sci. Comput. 34
 * @example sthosvd(tensor([2, 2], [3, 0, 0, 4]), [1, 1]).relativeError // 0.6, up to rounding
 */
export function sthosvd(x: Tensor, ranks: TuckerRanks, options: SthosvdOptions = {}): HosvdResult {
  const { seed, order: given, sketch: asked } = readOptions("sthosvd", options, sthosvdTable),
    sketch = asked as Required<SketchOptions> | undefined; // the table fills in its defaults
  checkTensor("sthosvd", "x", x);
  checkRanks("sthosvd", x, ranks);
  if (sketch && isTolerance(ranks))
    fail("sthosvd", {
      expected: "a rank for every mode with a sketch",
      got: "a tolerance",
      fix: "Leave sketch out, or pass ranks: a sketch must know how wide to be.",
    });
  const order = given ?? defaultOrder(x, ranks);
  checkOrder(order, x.shape.length);
  const data = normInUnit("sthosvd", x),
    stream = random(seed, "sthosvd, sketches"),
    factors: Matrix[] = x.shape.map((size) => identity(size)),
    found = new Array<Omit<LeadingDirections, "values"> | LeadingDirections | undefined>(x.shape.length);
  let core = data.x,
    spent = 0;
  for (const [turn, mode] of order.entries()) {
    const truncation = truncate(core, mode, turn);
    if (!truncation) continue;
    found[mode] = truncation;
    factors[mode] = truncation.u;
    core = truncation.projected ?? contractMode(core, truncation.u, mode);
    spent += truncation.discarded;
  }
  const relativeError = tuckerError(data.x, data.level.size, core, factors),
    made = provenance("sthosvd", sketch ? seed : null, { ranks: describeRanks(ranks), order: [...order], sketch });
  return hosvdResult(data, core, factors, Array.from(found), relativeError, made);

  /** Truncate one mode; with a tolerance, it may use its share of the error that earlier modes have not used. */
  function truncate(y: Tensor, mode: number, turn: number) {
    if (isTolerance(ranks)) {
      const allowed = ranks.relativeError * data.level.size;
      return leadingDirections(y, mode, { budget: Math.max(0, allowed * allowed - spent) / (order.length - turn) });
    }
    const rank = ranks[mode];
    if (rank === null) return undefined;
    const wide = sketch && rank + sketch.oversampling < y.shape[mode];
    return wide ? sketchedDirections(y, mode, rank, sketch, stream) : leadingDirections(y, mode, { rank });
  }
}

/** The modes that shrink x most first; where ranks are not known, the smallest modes, whose Gram matrices are cheap. */
function defaultOrder({ shape }: Tensor, ranks: TuckerRanks): number[] {
  const cost = (mode: number) => (isTolerance(ranks) ? shape[mode] : (ranks[mode] ?? shape[mode]) / shape[mode]);
  return [...shape.keys()].sort((p, q) => cost(p) - cost(q) || p - q);
}

function checkOrder(order: readonly number[], modes: number): void {
  if (order.length === modes && new Set(order).size === modes && order.every((mode) => mode < modes)) return;
  fail("sthosvd", {
    expected: `order to hold every mode from 0 to ${modes - 1} once`,
    got: `[${order.join(", ")}]`,
    fix: "Leave it out for the order that shrinks x most first.",
  });
}
