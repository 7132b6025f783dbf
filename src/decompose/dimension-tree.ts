import { contraction, contractionKernels, type Completion } from "../kernels";
import { sizeOf, transpose, type Matrix, type Tensor } from "../tensor";
import { columnsOf, joined, remaining } from "./remaining";

/** Right-hand factors with more numbers than this do not stay in the cache while a pass reads the rows of x. */
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
  /** `‖x - x̂‖²` over the entries that are not NaN. */
  residual(factors: readonly Matrix[], weights?: Float64Array): number;
}

/** What the last pass of the sweep before left for this one. */
interface Ahead {
  /** what it was made of: factors, and weights where entries were imputed from them */
  readonly of: readonly unknown[];
  /** Puts the first product of the sweep at an address in the workspace, or returns the first MTTKRP. */
  begin(address: number): Matrix | undefined;
}

/**
 * The MTTKRPs of all modes, for any number of modes, in two passes over x a sweep, or in three passes every two sweeps.
 *
 * Neighboring modes are put into groups. A pass contracts x with the factors of one group; its product serves the
 * updates of the other groups, until a factor of that group changes. With two groups A, B:
 * - x B updates A, x A updates B;
 *
 * and with three groups A, B, C, which are used for three long modes:
 * - x C updates A and B, x B updates C and, in the next sweep, A, x A updates B and C.
 *
 * The result of a sweep depends on its factors and on `odd` alone, to the bit: a product of the sweep before is reused
 * where its factors are the same, and computed again otherwise. Products stay in the workspace of the kernels until the
 * sweep ends or is returned: of two sweeps at a time, the one that began last ends first.
 *
 * With `imputes`, entries of x that are NaN are taken from the current model before each pass (expectation
 * maximization, where each pass is followed by the least squares of its modes: Meng & Rubin 1993). The pass that sums
 * the residual is also the first pass of the next sweep.
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
  const { workspace } = contractionKernels(),
    least = Math.min(...bounds.slice(1).map((to, g) => sizes(bounds[g], to))),
    room = () => workspace.take((8 * rank * x.data.length) / least, false),
    partsOf = (factors: readonly Matrix[], weights?: Float64Array) =>
      imputes ? [...factors, ...(weights ?? [])] : factors.slice(1);
  let ahead: Ahead | undefined;
  /**
   * Contracts x with the factors of a group of modes: (rank × sizes of the others), at an address in the workspace.
   * @returns `‖x - x̂‖²` over the entries that are known, where entries are imputed and the group is the last
   */
  const contract = (address: number, group: number, factors: readonly Matrix[], weights?: Float64Array): number => {
    const [from, to] = [bounds[group], bounds[group + 1]],
      own = joined(factors.slice(from, to)),
      rows = own.shape[0],
      lefts = sizes(0, from),
      rights = sizes(to, shape.length),
      completion = imputes ? modelOf(factors, weights) : undefined;
    workspace.f64.fill(0, address / 8, address / 8 + rank * lefts * rights);
    if (rights === 1) return contraction(x.data, lefts, rows).rightTo(address, transpose(own).data, rank, completion);
    contraction(x.data, rows, rights, lefts).leftTo(address, own.data, rank, completion);
    return NaN;
  };
  /** The MTTKRP of a mode from the product of another group. */
  const productsOf = (address: number, group: number, factors: readonly Matrix[], mode: number): Matrix => {
    const [from, to] = [bounds[group], bounds[group + 1]],
      others = factors.filter((_, m) => m < from || m >= to);
    return remaining(address, others, mode < from ? mode : mode - to + from);
  };
  return {
    *sweep(factors, odd = false, weights) {
      const isOdd = odd && groups === 3,
        address = room();
      try {
        let group = isOdd ? 1 : groups - 1,
          made: Matrix | undefined;
        if ((imputes || isOdd) && ahead && partsOf(factors, weights).every((part, i) => part === ahead?.of[i]))
          made = ahead.begin(address);
        else contract(address, group, factors, weights);
        for (const mode of shape.keys()) {
          const own = bounds.findIndex((bound) => bound > mode) - 1;
          if (group === own) {
            group = (own + groups - 1) % groups;
            contract(address, group, factors, weights);
          }
          yield { mode, products: made ?? productsOf(address, group, factors, mode) };
          made = undefined;
        }
        // of three groups, the product of the last update serves the first of an odd sweep too
        if (groups === 3 && !odd) {
          const products = productsOf(address, group, factors, 0);
          ahead = { of: partsOf(factors), begin: () => products };
        }
      } finally {
        workspace.free(address);
      }
    },
    residual: (factors, weights) =>
      imputes
        ? workspace.within(() => {
            const address = room(),
              residual = contract(address, groups - 1, factors, weights),
              product = workspace.f64.slice(address / 8, address / 8 + rank * sizes(0, last));
            ahead = {
              of: partsOf(factors, weights),
              begin: (to) => void workspace.f64.set(product, to / 8),
            };
            return residual;
          })
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
