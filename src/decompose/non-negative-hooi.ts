import { pseudoInverse, symmetricEigen } from "../linalg";
import { gram, identity, matmul, modeProduct, transpose, unfold, type Matrix, type Tensor } from "../tensor";
import { imputed, projections, type HooiState } from "./hooi";
import { contractMode, expandedBy, projectedBy, tuckerResidual } from "./mode-kernels";
import { descended } from "./non-negative";
import { proximalDescent } from "./proximal-descent";
import { aheadOf, fallen, kept, type TuckerModel, type TuckerMomentum } from "./tucker-momentum";

/** The problem that the alternation solves. */
export interface NonNegativeProblem {
  /** NaN where an entry is missing */
  readonly x: Tensor;
  /** x with the mean of the observed entries where one is missing */
  readonly filled: Tensor;
  readonly imputes: boolean;
  /** the norm of the observed entries */
  readonly norm: number;
  /** modes whose factors stay */
  readonly fixed: readonly number[];
  /** the error has settled when a sweep changes it by no more than this */
  readonly threshold: number;
}

/** Passes over the columns of a factor in each update. */
const rounds = 5;

/** A state of the alternation, and its memory for the next sweep. */
export interface NonNegativeState extends HooiState {
  readonly momentum: TuckerMomentum | null;
}

/**
 * Non-negative Tucker decomposition: in turn, the factor of every mode by hierarchical alternating least squares (its
 * columns one by one, each entry no less than zero), then the core by accelerated projected gradient steps. Sweeps
 * start ahead of the model along its last change; one that raises the error is made again from the model itself.
 * Entries that are missing are imputed from the model before each sweep.
 *
 * Columns of factors that are not fixed are scaled to unit length after each update; the core carries the scale.
 *
 * @remarks It yields the start, then after every sweep, and never ends: the caller stops it. x is read three times a
 * sweep, the last time for the residual.
 * @see Phan & Cichocki (2011), Extended HALS algorithm for nonnegative Tucker decomposition and its applications for
 * multiway analysis and classification, Neurocomputing 74; Beck & Teboulle (2009), SIAM J. Imaging Sci. 2: the core
 */
export function* nonNegativeHooi(problem: NonNegativeProblem, start: NonNegativeStart): Generator<NonNegativeState> {
  const { norm, fixed, threshold } = problem;
  let model = firstModel(problem, start),
    momentum = start.momentum ?? null,
    relativeError = errorOf(problem, model);
  yield { ...model, momentum, relativeError, settled: norm === 0 };
  for (;;) {
    const ahead = momentum && aheadOf(model, momentum, fixed);
    let next = swept(problem, ahead ?? model),
      reached = errorOf(problem, next);
    if (ahead && momentum && !(reached <= relativeError)) {
      momentum = fallen(momentum);
      next = swept(problem, model);
      reached = errorOf(problem, next);
    }
    momentum = kept(model, momentum);
    const drop = relativeError - reached;
    model = next;
    relativeError = reached;
    yield { ...model, momentum, relativeError, settled: Math.abs(drop) <= threshold };
  }
}

const errorOf = ({ x, norm }: NonNegativeProblem, { core, factors }: TuckerModel): number =>
  norm === 0 ? 0 : Math.sqrt(tuckerResidual(x, core, factors)) / norm;

/** Where the alternation begins: with a given core, or with the best one for the factors. */
export interface NonNegativeStart {
  readonly factors: readonly (Matrix | undefined)[];
  readonly core?: Tensor;
  readonly momentum?: TuckerMomentum | null;
}

function firstModel({ filled }: NonNegativeProblem, { core, factors: given }: NonNegativeStart): TuckerModel {
  if (core) return { core, factors: given };
  const factors = given.map((f) => f && unitLength(f, f).factor);
  return { core: firstCore(filled, factors), factors };
}

/** One update of every factor that is free, and of the core. */
function swept({ x, filled, imputes, fixed }: NonNegativeProblem, from: TuckerModel): TuckerModel {
  const factors = [...from.factors],
    free = [...factors.keys()].filter((mode) => factors[mode] && !fixed.includes(mode)),
    full = imputes ? imputed(x, expandedBy(from.core, factors)) : filled;
  let core = from.core,
    products: Tensor | undefined;
  for (const { mode, projected } of projections(full, factors, free)) {
    const slices = unfold(core, mode),
      normal = matmul(unfold(expandedCore(core, factors, mode), mode), transpose(slices)),
      old = factors[mode] as Matrix,
      shared = Array.from({ length: old.shape[0] }, () => normal),
      update = descended(shared, matmul(unfold(projected, mode), transpose(slices)), old, rounds),
      { factor, lengths } = unitLength(update, old);
    factors[mode] = factor;
    core = modeProduct(core, diagonal(lengths), mode);
    if (mode === free[free.length - 1]) products = contractMode(projected, factor, mode);
  }
  return { core: steppedCore(core, products ?? projectedBy(full, factors), factors), factors };
}

/** The core multiplied by the Gram matrices of all factors but that of one mode. */
const expandedCore = (core: Tensor, factors: readonly (Matrix | undefined)[], but = -1): Tensor =>
  factors.reduce((y: Tensor, f, mode) => (f && mode !== but ? modeProduct(y, gram(f), mode) : y), core);

/** The least squares core with negative entries set to zero, improved by a few projected gradient steps. */
function firstCore(x: Tensor, factors: readonly (Matrix | undefined)[]): Tensor {
  const inverses = factors.map((f) => f && transpose(pseudoInverse(f))),
    free = projectedBy(x, inverses),
    core = { shape: free.shape, data: free.data.map((entry) => Math.max(0, entry)) };
  return steppedCore(core, projectedBy(x, factors), factors);
}

/** The core after accelerated projected gradient steps: `products` is x multiplied by the transposes of all factors. */
function steppedCore(core: Tensor, products: Tensor, factors: readonly (Matrix | undefined)[]): Tensor {
  const { shape } = core,
    asColumn = (data: Float64Array): Matrix => ({ shape: [data.length, 1], data }),
    largest = factors.reduce((product, f) => (f ? product * symmetricEigen(gram(f)).values[0] : product), 1),
    { data } = proximalDescent(
      { times: (z) => expandedCore({ shape, data: z.data }, factors).data, largest },
      asColumn(products.data),
      asColumn(core.data),
      {
        proximal: (z) => ({ shape: z.shape, data: z.data.map((entry) => Math.max(0, entry)) }),
        penalty: () => 0,
      },
    );
  return { shape, data };
}

/** Columns of unit length, and their lengths; a column of zeros is replaced by the one before, with a length of 0. */
function unitLength(
  { shape, data }: Matrix,
  before: Matrix,
): { readonly factor: Matrix; readonly lengths: Float64Array } {
  const rank = shape[1],
    squares = new Float64Array(rank),
    out = data.slice();
  for (let i = 0; i < data.length; i++) squares[i % rank] += data[i] * data[i];
  const lengths = squares.map(Math.sqrt);
  for (let i = 0; i < out.length; i++) {
    const length = lengths[i % rank];
    out[i] = length > 0 ? out[i] / length : before.data[i];
  }
  return { factor: { shape, data: out }, lengths };
}

function diagonal(entries: Float64Array): Matrix {
  const m = identity(entries.length);
  for (let i = 0; i < entries.length; i++) m.data[i * entries.length + i] = entries[i];
  return m;
}
