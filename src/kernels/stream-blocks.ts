import type { Workspace } from "./workspace";

/** Numbers of a tensor in the workspace at a time: a block stays in the cache from the copy to the kernel. */
const blockSize = 65536;

/**
 * Bytes of a page of memory and of a line of the cache. A block begins in its page where it does in the tensor, to the
 * line: copies between other places of pages take a quarter longer, since their reads look like reads of what was just
 * written.
 */
const page = 4096,
  line = 64;

/** A stack of matrices, one after the other, each row-major. */
export interface Stack {
  readonly data: Float64Array;
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
}

/** How large blocks are at most. */
export interface BlockSize {
  readonly width: number;
  /** default: as many rows as stay in the cache, by fours, which kernels take at a time */
  readonly height?: number;
}

/** A block in the workspace: addresses of itself and of parts of thin matrices; and its place. */
export interface Block {
  readonly x: number;
  readonly alongRows: readonly number[];
  readonly alongColumns: readonly number[];
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
 * @param alongRows - thin matrices (rows × some) that go with every slice
 * @param alongColumns - the same (some × columns)
 */
export function streamBlocks(
  workspace: Workspace,
  { data, slices, rows, columns }: Stack,
  { width, height = 4 * Math.floor(blockSize / width / 4) }: BlockSize,
  alongRows: readonly Float64Array[],
  alongColumns: readonly Float64Array[],
  visit: (block: Block) => void,
): void {
  const highest = Math.min(rows, height),
    across = alongRows.map(({ length }) => length / rows);
  workspace.within(() => {
    const room = (count: number) => workspace.take(count * 8, false),
      place = room(width * highest + page / 8),
      besideRows = across.map((count) => room(count * highest)),
      besideColumns = alongColumns.map(({ length }) => room((length / columns) * width));
    for (let slice = 0, start = 0; slice < slices; slice++, start += rows * columns)
      for (let firstColumn = 0; firstColumn < columns; firstColumn += width) {
        const wide = Math.min(width, columns - firstColumn),
          copyWide = (to: number, from: Float64Array, first: number, count: number) =>
            copyRows(workspace.f64, to / 8, from, first + firstColumn, count, columns, wide);
        for (const [i, thin] of alongColumns.entries()) copyWide(besideColumns[i], thin, 0, thin.length / columns);
        for (let firstRow = 0; firstRow < rows; firstRow += highest) {
          const high = Math.min(highest, rows - firstRow),
            from = start + firstRow * columns,
            x = place + ((data.byteOffset + 8 * (from + firstColumn) - place) & (page - line));
          copyWide(x, data, from, high);
          for (const [i, thin] of alongRows.entries())
            copyRows(workspace.f64, besideRows[i] / 8, thin, firstRow * across[i], high, across[i], across[i]);
          visit({
            x,
            alongRows: besideRows,
            alongColumns: besideColumns,
            slice,
            firstRow,
            rows: high,
            firstColumn,
            columns: wide,
          });
        }
      }
  });
}

/** Copies so many rows of a matrix with so many `columns`, `width` numbers of each, one after the other. */
function copyRows(
  to: Float64Array,
  index: number,
  from: Float64Array,
  first: number,
  count: number,
  columns: number,
  width: number,
): void {
  const [lines, length] = width === columns ? [1, count * columns] : [count, width];
  for (let i = 0; i < lines; i++, first += columns, index += length)
    to.set(from.subarray(first, first + length), index);
}
