import { contraction, type Completion } from "../kernels";
import { sizeOf, transpose, type Matrix, type Tensor } from "../tensor";
import { columnsOf, joined, remaining } from "./remaining";

/** Right-hand factors of more numbers than this leave the cache while a pass reads the rows of x. */
const cached = 32768;

/** The MTTKRP of one mode: `X_(n)` times the Khatri-Rao product of the factors of all other modes. */
export interface ModeProducts {
  readonly mode: number;
  /** (size of the mode × rank) */
  readonly products: Matrix;
}

/** Passes over a tensor, one sweep at a time. */
export interface Passes {
  /**
   * The MTTKRPs of all modes in order. The caller replaces the factor of a mode in the array before it asks for the
   * next. A factor is never changed in place.
   *
   * @param odd - whether this is the second of two sweeps (the fourth ...); the two differ in rounding, not otherwise
   * @param weights - those of the components: they belong to the model that missing entries are imputed from
   */
  sweep(factors: readonly Matrix[], odd?: boolean, weights?: Float64Array): Generator<ModeProducts>;
  /** `‖x - x̂‖²` over the entries that are not NaN */
  residual(factors: readonly Matrix[], weights?: Float64Array): number;
}

/** x contracted with the factors of a group of modes, (rank × sizes of the other modes). */
interface Contracted {
  readonly group: number;
  /** what it was made of: factors, and weights where entries were imputed from them */
  readonly of: readonly unknown[];
  readonly product: Float64Array;
  /** `‖x - x̂‖²` over the entries that are known, where entries were imputed and the group is the last */
  readonly residual: number;
}

/**
 * The MTTKRPs of all modes, for any number of modes, in two passes over x a sweep, or in three passes every two sweeps.
 *
 * Modes make groups that are neighbors. A pass contracts x with the factors of one group, and its product serves every
 * other group in turn, until its own factors change: of two groups A, B
 * - x B updates A, x A updates B;
 *
 * and of three groups A, B, C, which take three long modes,
 * - x C updates A and B, x B updates C and, in the next sweep, A, x A updates B and C.
 *
 * What a sweep computes depends on its factors and on `odd` alone, to the bit: a product that was made in the sweep
 * before is taken over where it is of the same factors, and else made again.
 *
 * With `imputes`, entries of x that are NaN are taken from the current model before each pass (expectation
 * maximization, where each pass is followed by the least squares of its modes: Meng & Rubin 1993). The pass that sums
 * the residual is the first pass of the next sweep too, and is not made again.
 *
 * @see Phan, Tichavsky & Cichocki (2013), Fast alternating LS algorithms for high order CANDECOMP/PARAFAC tensor
 * factorizations, IEEE Trans. Signal Process. 61; Ma & Solomonik (2021), Efficient parallel CP decomposition with
 * pairwise perturbation and multi-sweep dimension tree, IPDPS: products that serve the next sweep
 */
export function dimensionTree(x: Tensor, rank: number, imputes = false): Passes {
  const { shape } = x,
    // group g has the modes from bounds[g] to bounds[g + 1]
    bounds = imputes || !isLong(shape, rank) ? [0, splitOf(shape, rank), shape.length] : [0, 1, 2, 3],
    groups = bounds.length - 1,
    last = bounds[groups - 1],
    sizes = (from: number, to: number) => sizeOf(shape.slice(from, to));
  const modelOf = (factors: readonly Matrix[], weights?: Float64Array): Completion => ({
    left: joined(factors.slice(0, last)).data.map((value, i) => (weights ? value * weights[i % rank] : value)),
    rightT: columnsOf(factors.slice(last)),
    rank,
  });
  let kept: Contracted | undefined,
    room = new Float64Array(0); // of products: the next takes the place of the last
  const contract = (group: number, factors: readonly Matrix[], weights?: Float64Array): Contracted => {
    const [from, to] = [bounds[group], bounds[group + 1]],
      of = imputes ? [...factors, ...(weights ?? [])] : factors.slice(from, to);
    if (kept?.group === group && kept.of.every((part, i) => part === of[i])) return kept;
    const own = joined(factors.slice(from, to)),
      rows = own.shape[0],
      lefts = sizes(0, from),
      rights = sizes(to, shape.length),
      length = rank * lefts * rights;
    if (room.length < length) room = new Float64Array(length);
    const pass = { into: room, completion: imputes ? modelOf(factors, weights) : undefined },
      made =
        rights === 1
          ? contraction(x.data, lefts, rows).rightT(transpose(own).data, rank, pass)
          : { product: contraction(x.data, rows, rights, lefts).leftT(own.data, rank, pass), residual: NaN };
    kept = { group, of, ...made };
    return kept;
  };
  return {
    *sweep(factors, odd = false, weights) {
      let now = contract(odd && groups === 3 ? 1 : groups - 1, factors, weights);
      for (const mode of shape.keys()) {
        const group = bounds.findIndex((bound) => bound > mode) - 1;
        if (now.group === group) now = contract((group + groups - 1) % groups, factors, weights);
        const [from, to] = [bounds[now.group], bounds[now.group + 1]],
          others = factors.filter((_, m) => m < from || m >= to);
        yield { mode, products: remaining(now.product, others, mode < from ? mode : mode - to + from) };
      }
    },
    residual: (factors, weights) =>
      imputes
        ? contract(groups - 1, factors, weights).residual
        : contraction(x.data, sizes(0, last), sizes(last, shape.length)).residual(modelOf(factors, weights)),
  };
}

/**
 * Whether products of x with one mode are so much smaller than x that three passes and more of these take less than
 * four passes.
 */
const isLong = (shape: readonly number[], rank: number): boolean =>
  shape.length === 3 && Math.min(...shape) >= Math.max(32, 2 * rank);

/** Where to split the modes: both parts small, the last one small enough for the cache if that is possible. */
export function splitOf(shape: readonly number[], rank: number): number {
  const splits = shape.slice(1).map((_, i) => i + 1),
    right = (split: number) => sizeOf(shape.slice(split)),
    left = (split: number) => sizeOf(shape.slice(0, split));
  const fitting = splits.filter((split) => right(split) * rank <= cached);
  if (fitting.length === 0) return splits[splits.length - 1];
  return fitting.sort((p, q) => left(p) + right(p) - left(q) - right(q))[0];
}
