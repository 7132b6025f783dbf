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
  /**
   * Adds its transpose (rank × rows) to what is at an address in the workspace of the kernels.
   * @returns the {@link Contraction.residual} of the completion, if any, from the same pass over x
   */
  rightTo(address: number, cT: Float64Array, rank: number, completion?: Completion): number;
  /** w' x of every slice, (slices × rank × columns), from w (rows of a slice × rank) */
  leftT(w: Float64Array, rank: number): Float64Array;
  /** Adds it, as (rank × slices × columns), to what is at an address in the workspace of the kernels. */
  leftTo(address: number, w: Float64Array, rank: number, completion?: Completion): void;
  /** the sum of (x - model)² over the entries of x that are not NaN */
  residual(model: Completion): number;
}

export function contraction(x: Float64Array, rows: number, columns: number, slices = 1): Contraction {
  const kernels = contractionKernels(),
    { workspace } = kernels,
    stack = { data: x, slices, rows, columns },
    whole = { ...stack, slices: 1, rows: rows * slices },
    // sums over columns run within a row. For sums over rows, blocks are of no power of two, at which all rows of a
    // column share a few lines of the cache, and not so narrow that copies of their rows are short: each begins with a
    // wait for the memory
    across = { width: Math.min(columns, 8192) },
    down = { width: columns <= 4096 ? columns : 3096 };

  /** The completion's two sides are the last of the thin matrices. */
  const complete = (block: Block, write: 0 | 1, completion?: Completion) =>
    completion
      ? kernels.complete(
          block.x,
          block.alongRows.at(-1) as number,
          block.alongColumns.at(-1) as number,
          block.rows,
          block.columns,
          completion.rank,
          write,
        )
      : 0;

  /** Row r of the product of a slice is at slice sliceStep + r step. */
  const left = (y: number, w: Float64Array, rank: number, sliceStep: number, step: number, completion?: Completion) => {
    const [ofRows, ofColumns] = sidesOf(completion);
    streamBlocks(workspace, stack, down, [w, ...ofRows], ofColumns, (block) => {
      const to = y + 8 * (block.slice * sliceStep + block.firstColumn);
      complete(block, 1, completion);
      kernels.left(to, block.x, block.alongRows[0], block.rows, block.columns, rank, rank, 8 * step);
    });
  };

  /** Entry (i, r) of the product is at i line + r step. */
  const right = (y: number, cT: Float64Array, rank: number, line: number, step: number, completion?: Completion) => {
    const [ofRows, ofColumns] = sidesOf(completion);
    let residual = 0;
    streamBlocks(workspace, whole, across, ofRows, [cT, ...ofColumns], (block) => {
      const { x: at, firstRow, rows: high, columns: wide } = block;
      residual += complete(block, 1, completion);
      kernels.right(y + 8 * firstRow * line, at, block.alongColumns[0], high, wide, rank, rank, 8 * line, 8 * step);
    });
    return residual;
  };

  /** A product of so many numbers that `make` adds to zeros in the workspace. */
  const taken = (length: number, make: (address: number) => void) =>
    workspace.within(() => {
      const address = workspace.take(length * 8);
      make(address);
      return workspace.f64.slice(address / 8, address / 8 + length);
    });

  return {
    right: (cT, rank) => taken(whole.rows * rank, (y) => void right(y, cT, rank, rank, 1)),
    rightTo: (y, cT, rank, completion) => right(y, cT, rank, 1, whole.rows, completion),
    leftT: (w, rank) => taken(slices * rank * columns, (y) => left(y, w, rank, rank * columns, columns)),
    leftTo: (y, w, rank, completion) => left(y, w, rank, columns, slices * columns, completion),
    residual(completion) {
      let sum = 0;
      streamBlocks(workspace, whole, across, [completion.left], [completion.rightT], (block) => {
        sum += complete(block, 0, completion);
      });
      return sum;
    },
  };
}

const sidesOf = (completion?: Completion): readonly [Float64Array[], Float64Array[]] =>
  completion ? [[completion.left], [completion.rightT]] : [[], []];
