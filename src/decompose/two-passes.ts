import { contraction, type Completion, type RowSource } from "../kernels";
import { khatriRao, sizeOf, transpose, type Matrix, type Tensor } from "../tensor";

/** Right-hand factors of more numbers than this leave the cache while a pass reads the rows of x. */
const cached = 32768;

/** The MTTKRP of one mode: `X_(n)` times the Khatri-Rao product of the factors of all other modes. */
export interface ModeProducts {
  readonly mode: number;
  /** (size of the mode × rank) */
  readonly products: Matrix;
}

/**
 * Passes over a tensor. Weights, where given, are those of the components: they belong to the model that missing
 * entries are imputed from.
 */
export interface Passes {
  /**
   * The MTTKRPs of all modes in order. The caller replaces the factor of a mode in the array before it asks for the
   * next.
   */
  sweep(factors: readonly Matrix[], weights?: Float64Array): Generator<ModeProducts>;
  /** `‖x - x̂‖²` over the entries that are not NaN */
  residual(factors: readonly Matrix[], weights?: Float64Array): number;
}

/**
 * The MTTKRPs of all modes in two passes over x, for any number of modes: x is read as a matrix of its first modes by
 * its last ones. The first pass contracts the last modes, and its product serves every first mode in turn; the second
 * pass contracts the first modes, with their new factors (a dimension tree of two branches).
 *
 * With `imputes`, entries of x that are NaN are taken from the current model before each pass (expectation
 * maximization, where each pass is followed by the least squares of its modes: Meng & Rubin 1993). The pass that sums
 * the residual is the first pass of the next sweep too, and is not made again.
 *
 * @see Phan, Tichavsky & Cichocki (2013), Fast alternating LS algorithms for high order CANDECOMP/PARAFAC tensor
 * factorizations, IEEE Trans. Signal Process. 61
 */
export function twoPasses(x: Tensor, rank: number, imputes = false): Passes {
  const split = splitOf(x.shape, rank),
    first = x.shape.slice(0, split),
    last = x.shape.slice(split),
    matrix = contraction(x.data, sizeOf(first), sizeOf(last));
  const rightOf = (factors: readonly Matrix[]) => transpose(joined(factors.slice(split))).data;
  const modelOf = (factors: readonly Matrix[], weights?: Float64Array): Completion => ({
    left: weighted(joined(factors.slice(0, split)).data, weights),
    rightT: rightOf(factors),
    rank,
  });
  // the first pass of the next sweep, if it has been made
  let ahead: { readonly of: readonly Matrix[]; readonly product: Float64Array } | undefined;
  const firstPass = (factors: readonly Matrix[], weights?: Float64Array) => {
    if (!imputes) return matrix.right(rightOf(factors), rank);
    if (ahead?.of.every((f, mode) => f === factors[mode])) return ahead.product;
    return matrix.rightAndResidual(rightOf(factors), rank, modelOf(factors, weights)).product;
  };
  return {
    *sweep(factors, weights) {
      const ofFirst = firstPass(factors, weights);
      for (let mode = 0; mode < split; mode++)
        yield { mode, products: remaining(ofFirst, first, factors.slice(0, split), mode, rank) };
      const ofLast = matrix.leftT(
          rowsOf(factors.slice(0, split)),
          rank,
          imputes ? modelOf(factors, weights) : undefined,
        ),
        rows = transpose({ shape: [rank, sizeOf(last)], data: ofLast }).data;
      for (let mode = 0; mode < last.length; mode++)
        yield { mode: split + mode, products: remaining(rows, last, factors.slice(split), mode, rank) };
    },
    residual(factors, weights) {
      const model = modelOf(factors, weights);
      if (!imputes) return matrix.residual(model);
      const { product, residual } = matrix.rightAndResidual(model.rightT, rank, model);
      ahead = { of: [...factors], product };
      return residual;
    },
  };
}

export const joined = (factors: readonly Matrix[]): Matrix => (factors.length === 1 ? factors[0] : khatriRao(factors));

/** The rows of {@link joined}, those of two factors without storing them all. */
function rowsOf(factors: readonly Matrix[]): RowSource {
  if (factors.length !== 2) return joined(factors).data;
  const [
    { data: a },
    {
      shape: [length, rank],
      data: b,
    },
  ] = factors;
  return (out, at, first, count) => {
    let i = Math.floor(first / length),
      j = first % length;
    for (let row = 0, to = at; row < count; row++) {
      for (let r = 0, p = i * rank, q = j * rank; r < rank; r++, p++, q++, to++) out[to] = a[p] * b[q];
      if (++j === length) {
        i++;
        j = 0;
      }
    }
  };
}

/** Rows times the weights of components: the rows themselves where all weights are 1. */
const weighted = (rows: Float64Array, weights?: Float64Array): Float64Array =>
  !weights || weights.every((weight) => weight === 1)
    ? rows
    : rows.map((value, i) => value * weights[i % weights.length]);

/** Where to split the modes: both parts small, the last one small enough for the cache if that is possible. */
export function splitOf(shape: readonly number[], rank: number): number {
  const splits = shape.slice(1).map((_, i) => i + 1),
    right = (split: number) => sizeOf(shape.slice(split)),
    left = (split: number) => sizeOf(shape.slice(0, split));
  const fitting = splits.filter((split) => right(split) * rank <= cached);
  if (fitting.length === 0) return splits[splits.length - 1];
  return fitting.sort((p, q) => left(p) + right(p) - left(q) - right(q))[0];
}

/**
 * Contract the product of a pass, (sizes of some modes × rank), with the factors of these modes but one: `out[i, r] =
 * sum y[.., i, .., r] prod f[.., r]`.
 */
export function remaining(
  y: Float64Array,
  shape: readonly number[],
  factors: readonly Matrix[],
  mode: number,
  rank: number,
): Matrix {
  const size = shape[mode],
    out = new Float64Array(size * rank);
  if (shape.length === 1) return { shape: [size, rank], data: y };
  const before = mode === 0 ? undefined : joined(factors.slice(0, mode)).data,
    after = mode === shape.length - 1 ? undefined : joined(factors.slice(mode + 1)).data;
  if (before && !after) {
    weightedSum(out, y, before, size * rank, rank);
    return { shape: [size, rank], data: out };
  }
  const lefts = sizeOf(shape.slice(0, mode)),
    rights = after ? after.length / rank : 1,
    inner = new Float64Array(rank);
  for (let l = 0, offset = 0; l < lefts; l++)
    for (let i = 0; i < size; i++, offset += rights * rank) {
      sumOfProducts(inner, y, offset, after as Float64Array, rights);
      const to = i * rank,
        row = l * rank;
      if (!before) for (let r = 0; r < rank; r++) out[to + r] = inner[r];
      else for (let r = 0; r < rank; r++) out[to + r] += before[row + r] * inner[r];
    }
  return { shape: [size, rank], data: out };
}

/** `out[i, r] += sum_l y[l, i, r] w[l, r]`, four l at a time, so that sums are stored a quarter as often. */
function weightedSum(out: Float64Array, y: Float64Array, w: Float64Array, length: number, rank: number): void {
  const count = w.length / rank,
    whole = count & ~3;
  for (let l = 0, first = 0, row = 0; l < whole; l += 4, first += 4 * length, row += 4 * rank)
    for (let i = 0, a = first; i < length; i += rank)
      for (let r = 0, b = row; r < rank; r++, a++, b++)
        out[i + r] +=
          y[a] * w[b] +
          y[a + length] * w[b + rank] +
          (y[a + 2 * length] * w[b + 2 * rank] + y[a + 3 * length] * w[b + 3 * rank]);
  for (let l = whole; l < count; l++)
    for (let i = 0, a = l * length; i < length; i += rank)
      for (let r = 0, b = l * rank; r < rank; r++, a++, b++) out[i + r] += y[a] * w[b];
}

/** `out[r] = sum_q y[from + q, r] w[q, r]`, four q at a time, so that sums are stored a quarter as often. */
function sumOfProducts(out: Float64Array, y: Float64Array, from: number, w: Float64Array, count: number): void {
  const rank = out.length,
    whole = count & ~3;
  out.fill(0);
  let q = 0,
    offset = from,
    row = 0;
  for (; q < whole; q += 4, offset += 4 * rank, row += 4 * rank)
    for (let r = 0, a = offset, b = row; r < rank; r++, a++, b++)
      out[r] +=
        y[a] * w[b] +
        y[a + rank] * w[b + rank] +
        (y[a + 2 * rank] * w[b + 2 * rank] + y[a + 3 * rank] * w[b + 3 * rank]);
  for (; q < count; q++, offset += rank, row += rank)
    for (let r = 0; r < rank; r++) out[r] += y[offset + r] * w[row + r];
}
