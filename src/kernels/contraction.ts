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
   * Writes its transpose (rank × rows) to an address in the workspace of the kernels.
   * @returns the {@link Contraction.residual} of the completion, if any, from the same pass over x
   */
  rightTo(address: number, cT: Float64Array, rank: number, completion?: Completion): number;
  /** w' x, (rank × columns), from w (rows × rank), for x of one slice */
  leftT(w: Float64Array, rank: number): Float64Array;
  /** the same of every slice, (slices × rank × columns) */
  leftOfSlices(w: Float64Array, rank: number): Float64Array;
  /** Writes it as (rank × slices × columns) to an address in the workspace of the kernels. */
  leftTo(address: number, w: Float64Array, rank: number, completion?: Completion): void;
  /** the sum of (x - model)² over the entries of x that are not NaN */
  residual(model: Completion): number;
}

export function contraction(x: Float64Array, rows: number, columns: number, slices = 1): Contraction {
  const kernels = contractionKernels(),
    { workspace } = kernels,
    stack = { data: x, slices, rows, columns },
    whole = { data: x, slices: 1, rows: rows * slices, columns };

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

  /** Row r of the product of a slice is at slice sliceStep + r step. */
  const left = (y: number, w: Float64Array, rank: number, sliceStep: number, step: number, completion?: Completion) => {
    const [ofRows, ofColumns] = sidesOf(completion);
    streamBlocks(workspace, stack, true, [w, ...ofRows], ofColumns, (block) => {
      const to = y + 8 * (block.slice * sliceStep + block.firstColumn);
      complete(block, 1, completion);
      if (block.firstRow === 0) clear(to, rank, step, block.columns);
      kernels.contractLeft(to, block.x, block.alongRows[0], block.rows, block.columns, rank, step);
    });
  };

  /** Zeros in so many lines of a product, `step` numbers after each other, that are not in the cache before. */
  const clear = (to: number, lines: number, step: number, length: number) => {
    const reals = workspace.f64;
    for (let line = 0, at = to / 8; line < lines; line++, at += step) reals.fill(0, at, at + length);
  };

  /** A product of so many numbers that `make` writes into the workspace. */
  const taken = (length: number, make: (address: number) => void) =>
    workspace.within(() => {
      const address = workspace.take(length * 8, false);
      make(address);
      return workspace.f64.slice(address / 8, address / 8 + length);
    });

  return {
    right: (cT, rank) =>
      taken(whole.rows * rank, (y) =>
        streamBlocks(workspace, whole, false, [], [cT], (block) => {
          const to = y + 8 * block.firstRow * rank;
          if (block.firstColumn === 0) clear(to, 1, 0, block.rows * rank);
          kernels.contractRight(to, block.x, block.alongColumns[0], block.rows, block.columns, rank);
        }),
      ),
    rightTo(y, cT, rank, completion) {
      const [ofRows, ofColumns] = sidesOf(completion);
      let residual = 0;
      streamBlocks(workspace, whole, false, ofRows, [cT, ...ofColumns], (block) => {
        const to = y + 8 * block.firstRow;
        residual += complete(block, 1, completion);
        if (block.firstColumn === 0) clear(to, rank, whole.rows, block.rows);
        kernels.contractRightT(to, block.x, block.alongColumns[0], block.rows, block.columns, rank, whole.rows);
      });
      return residual;
    },
    leftT: (w, rank) => taken(rank * columns, (y) => left(y, w, rank, 0, columns)),
    leftOfSlices: (w, rank) => taken(slices * rank * columns, (y) => left(y, w, rank, rank * columns, columns)),
    leftTo: (y, w, rank, completion) => left(y, w, rank, columns, slices * columns, completion),
    residual(completion) {
      let sum = 0;
      streamBlocks(workspace, whole, false, [completion.left], [completion.rightT], (block) => {
        sum += complete(block, 0, completion);
      });
      return sum;
    },
  };
}

const sidesOf = (completion?: Completion): readonly [Float64Array[], Float64Array[]] =>
  completion ? [[completion.left], [completion.rightT]] : [[], []];
