import type { Workspace } from "./workspace";

/** Numbers of a tensor in the workspace at a time: a block stays in the cache from the copy to the kernel. */
const blockSize = 65536;

/** A stack of matrices, one after the other, each row-major. */
export interface Stack {
  readonly data: Float64Array;
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
}

/** A thin matrix that goes with every slice: (rows × rank), or (rank × columns) where it goes along columns. */
export interface Thin {
  readonly data: Float64Array;
  readonly rank: number;
  readonly alongColumns: boolean;
}

/** A block in the workspace: addresses of itself, of room for a product, of parts of thin matrices; and its place. */
export interface Block {
  readonly x: number;
  readonly y: number;
  readonly thin: readonly number[];
  readonly slice: number;
  readonly firstRow: number;
  readonly rows: number;
  readonly firstColumn: number;
  readonly columns: number;
}

/**
 * Copies a stack block by block into the workspace, with the parts of thin matrices, and calls `visit` for each: slice
 * by slice, then column by column.
 *
 * Blocks are wide for sums over columns, which run within a row. For sums over rows, which run `down`, they are of no
 * power of two, at which all rows of a column share a few lines of the cache, and not so narrow that copies of their
 * rows are short: each begins with a wait for the memory.
 *
 * @param rank - of the product, (rows or columns of a block × rank)
 */
export function streamBlocks(
  workspace: Workspace,
  { data, slices, rows, columns }: Stack,
  down: boolean,
  rank: number,
  thin: readonly Thin[],
  visit: (block: Block) => void,
): void {
  const width = down ? (columns <= 4096 ? columns : 2072) : Math.min(columns, 8192),
    height = Math.min(rows, Math.max(4, 4 * Math.floor(blockSize / width / 4))); // kernels take four rows at a time
  workspace.within(() => {
    const room = (along: boolean, count: number) => workspace.take((along ? width : height) * count * 8, false),
      x = room(true, height),
      y = room(down, rank),
      parts = thin.map((matrix) => room(matrix.alongColumns, matrix.rank));
    for (let slice = 0, start = 0, last = -1; slice < slices; slice++, start += rows * columns)
      for (let firstColumn = 0; firstColumn < columns; firstColumn += width) {
        const wide = Math.min(width, columns - firstColumn);
        thin.forEach((matrix, i) => {
          if (matrix.alongColumns && (slice === 0 || wide < columns))
            copyRows(workspace.f64, parts[i], matrix.data, firstColumn, matrix.rank, columns, wide);
        });
        for (let firstRow = 0; firstRow < rows; firstRow += height) {
          const high = Math.min(height, rows - firstRow),
            reals = workspace.f64;
          copyRows(reals, x, data, start + firstRow * columns + firstColumn, high, columns, wide);
          if (firstRow !== last)
            thin.forEach((matrix, i) => {
              const { alongColumns, rank: across } = matrix;
              if (!alongColumns) copyRows(reals, parts[i], matrix.data, firstRow * across, high, across, across);
            });
          last = firstRow;
          visit({ x, y, thin: parts, slice, firstRow, rows: high, firstColumn, columns: wide });
        }
      }
  });
}

/** Copies so many rows of a matrix with so many `columns`, `width` numbers of each, one after the other. */
function copyRows(
  to: Float64Array,
  address: number,
  from: Float64Array,
  first: number,
  count: number,
  columns: number,
  width: number,
): void {
  if (width === columns) to.set(from.subarray(first, first + count * columns), address / 8);
  else
    for (let i = 0; i < count; i++) {
      const start = first + i * columns;
      to.set(from.subarray(start, start + width), address / 8 + i * width);
    }
}
