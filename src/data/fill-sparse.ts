import { sizeOf } from "../tensor";
import { damaged } from "./mat-numbers";

/** A sparse matrix by columns: where each begins in the list of entries, with their rows and values. */
export interface SparseColumns {
  readonly shape: readonly [rows: number, columns: number];
  /** one more than there are columns */
  readonly starts: Float64Array;
  readonly ofRow: Float64Array;
  readonly values: Float64Array;
}

/** A sparse matrix of up to this many entries is filled in, however few of them are not zero. */
const harmless = 1048576;

/** Refuse a sparse matrix that would be far larger than the bytes of the file that hold it. */
export function checkSparseSize(where: string, name: string, shape: readonly number[], bytes: number): void {
  if (sizeOf(shape) > harmless && sizeOf(shape) > 1000 * bytes)
    damaged(where, `a sparse ${name} of at most 1000 entries per byte`, `${shape.join(" × ")} in ${bytes} bytes`);
}

/** A sparse matrix, filled in, row by row. */
export function fillSparse(where: string, name: string, { shape, starts, ofRow, values }: SparseColumns): Float64Array {
  const [rows, columns] = shape,
    count = starts[columns] ?? -1;
  if (starts.length !== columns + 1 || !(count <= ofRow.length && count <= values.length && count >= 0))
    damaged(where, `a start for each of the ${columns} columns of ${name}, and its entries`, `${starts.length} starts`);
  const data = new Float64Array(rows * columns);
  for (let column = 0; column < columns; column++)
    for (let e = starts[column]; e < starts[column + 1]; e++) {
      if (!(ofRow[e] >= 0 && ofRow[e] < rows)) damaged(where, `rows below ${rows} in ${name}`, `${ofRow[e]}`);
      data[ofRow[e] * columns + column] = values[e];
    }
  return data;
}
