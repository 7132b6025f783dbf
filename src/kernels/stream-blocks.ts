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
 * Blocks are wide for sums over columns, which run within a row. For sums over rows, which run `down`, they are of no
 * power of two, at which all rows of a column share a few lines of the cache, and not so narrow that copies of their
 * rows are short: each begins with a wait for the memory.
 *
 * @param alongRows - thin matrices (rows × some) that go with every slice
 * @param alongColumns - the same (some × columns)
 */
export function streamBlocks(
  workspace: Workspace,
  { data, slices, rows, columns }: Stack,
  down: boolean,
  alongRows: readonly Float64Array[],
  alongColumns: readonly Float64Array[],
  visit: (block: Block) => void,
): void {
  const width = down ? (columns <= 4096 ? columns : 3096) : Math.min(columns, 8192),
    height = Math.min(rows, Math.max(4, 4 * Math.floor(blockSize / width / 4))), // kernels take four rows at a time
    across = alongRows.map(({ length }) => length / rows);
  workspace.within(() => {
    const room = (count: number) => workspace.take(count * 8, false),
      place = room(width * height + page / 8),
      besideRows = across.map((count) => room(count * height)),
      besideColumns = alongColumns.map(({ length }) => room((length / columns) * width));
    for (let slice = 0, start = 0; slice < slices; slice++, start += rows * columns)
      for (let firstColumn = 0; firstColumn < columns; firstColumn += width) {
        const wide = Math.min(width, columns - firstColumn),
          copyWide = (to: number, from: Float64Array, first: number, count: number) =>
            copyRows(workspace.f64, to / 8, from, first + firstColumn, count, columns, wide);
        for (const [i, thin] of alongColumns.entries()) copyWide(besideColumns[i], thin, 0, thin.length / columns);
        for (let firstRow = 0; firstRow < rows; firstRow += height) {
          const high = Math.min(height, rows - firstRow),
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
  if (width === columns) to.set(from.subarray(first, first + count * columns), index);
  else
    for (let i = 0; i < count; i++) {
      const start = first + i * columns;
      to.set(from.subarray(start, start + width), index + i * width);
    }
}
