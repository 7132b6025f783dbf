import { contractionKernels } from "./contraction-kernels";
import { streamBlocks, type Block } from "./stream-blocks";

/** A low-rank model of a matrix, which fills in its missing entries: (rows × rank) times (rank × columns). */
export interface Completion {
  readonly left: Float64Array;
  readonly rightT: Float64Array;
  readonly rank: number;
}

/**
 * The products of a matrix `x` (rows × columns, row-major) of any size with thin ones, in float64: x is streamed
 * through the workspace block by block. (Kept there over the passes it takes a fifth longer: the copy of a block reads
 * ahead for the kernel.) Where `completion` is given, entries of x that are NaN are taken from it.
 *
 * Several slices, one after the other, are one matrix with the rows of all, but for products from the left.
 */
export interface Contraction {
  /** x c, (rows × rank), from cT (rank × columns) */
  right(cT: Float64Array, rank: number): Float64Array;
  /** its transpose (rank × rows), and the {@link Contraction.residual} of the completion, if any, in one pass over x */
  rightT(cT: Float64Array, rank: number, pass?: PassOptions): { product: Float64Array; residual: number };
  /** w' x of every slice, (rank × slices × columns), from w (rows of a slice × rank) */
  leftT(w: Float64Array, rank: number, pass?: PassOptions): Float64Array;
  /** the same, (slices × rank × columns) */
  leftOfSlices(w: Float64Array, rank: number): Float64Array;
  /** the sum of (x - model)² over the entries of x that are not NaN */
  residual(model: Completion): number;
}

interface PassOptions {
  /** a model that entries that are NaN are taken from; default none: x is whole */
  readonly completion?: Completion | undefined;
  /** where the product goes: an array at least as long; default a new one */
  readonly into?: Float64Array | undefined;
}

export function contraction(x: Float64Array, rows: number, columns: number, slices = 1): Contraction {
  const kernels = contractionKernels(),
    { workspace } = kernels,
    stack = { data: x, slices, rows, columns },
    whole = { data: x, slices: 1, rows: rows * slices, columns };

  /** Entry (i, r) of the product is at i line + r step; one of the two is 1. */
  const right = (cT: Float64Array, rank: number, line: number, step: number, pass: PassOptions = {}) => {
    const product = roomOf(whole.rows * rank, pass),
      [left, rightT] = sidesOf(pass.completion),
      contract = step === 1 ? kernels.contractRight : kernels.contractRightT;
    let residual = 0;
    streamBlocks(workspace, whole, false, rank, left, [cT, ...rightT], (block) => {
      const y = block.y / 8,
        size = block.rows * rank,
        length = step === 1 ? size : block.rows;
      residual += complete(block, 1, pass.completion);
      const each = (move: (from: number, to: number) => void) => {
        for (let from = 0, to = block.firstRow * line; from < size; from += length, to += step) move(y + from, to);
      };
      if (block.firstColumn === 0) workspace.f64.fill(0, y, y + size);
      else each((from, to) => workspace.f64.set(product.subarray(to, to + length), from));
      contract(block.y, block.x, block.alongColumns[0], block.rows, block.columns, rank);
      each((from, to) => product.set(workspace.f64.subarray(from, from + length), to));
    });
    return { product, residual };
  };

  /** Entry (slice, r, k) of the product is at slice sliceStep + r step + k. */
  const left = (w: Float64Array, rank: number, sliceStep: number, step: number, pass: PassOptions = {}) => {
    const product = roomOf(rank * slices * columns, pass),
      [ofRows, ofColumns] = sidesOf(pass.completion);
    streamBlocks(workspace, stack, true, rank, [w, ...ofRows], ofColumns, (block) => {
      const y = block.y / 8,
        length = block.columns;
      complete(block, 1, pass.completion);
      if (block.firstRow === 0) workspace.f64.fill(0, y, y + rank * length);
      kernels.contractLeft(block.y, block.x, block.alongRows[0], block.rows, length, rank);
      if (block.firstRow + block.rows < rows) return; // the sum over rows is not complete
      for (let r = 0, to = block.slice * sliceStep + block.firstColumn; r < rank; r++, to += step)
        product.set(workspace.f64.subarray(y + r * length, y + (r + 1) * length), to);
    });
    return product;
  };

  /** The completion's two sides are the last of the thin matrices. */
  const complete = ({ x: at, alongRows, alongColumns, ...block }: Block, write: 0 | 1, completion?: Completion) =>
    completion
      ? kernels.complete(
          at,
          alongRows[alongRows.length - 1],
          alongColumns[alongColumns.length - 1],
          block.rows,
          block.columns,
          completion.rank,
          write,
        )
      : 0;

  return {
    right: (cT, rank) => right(cT, rank, rank, 1).product,
    rightT: (cT, rank, pass) => right(cT, rank, 1, whole.rows, pass),
    leftT: (w, rank, pass) => left(w, rank, columns, slices * columns, pass),
    leftOfSlices: (w, rank) => left(w, rank, rank * columns, columns),
    residual(completion) {
      let sum = 0;
      streamBlocks(workspace, whole, false, 0, [completion.left], [completion.rightT], (block) => {
        sum += complete(block, 0, completion);
      });
      return sum;
    },
  };
}

const roomOf = (length: number, { into }: PassOptions): Float64Array =>
  into?.subarray(0, length) ?? new Float64Array(length);

const sidesOf = (completion?: Completion): readonly [Float64Array[], Float64Array[]] =>
  completion ? [[completion.left], [completion.rightT]] : [[], []];
