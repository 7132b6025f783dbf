import type { ContractionKernels } from "./contraction-set";

// Products of blocks in the workspace of the kernels, all of whose entries follow each other.

/** `y (rows × rank) += x c`, x (rows × columns), c given as `cT` (rank × columns). */
export const addRight = (
  kernels: ContractionKernels,
  y: number,
  x: number,
  cT: number,
  rows: number,
  columns: number,
  rank: number,
): void => kernels.right(y, x, cT, rows, columns, rank, rank, 8 * rank, 8);

/** `outT (rank × columns) += w' x`, w (rows × rank). */
export const addLeft = (
  kernels: ContractionKernels,
  outT: number,
  x: number,
  w: number,
  rows: number,
  columns: number,
  rank: number,
): void => kernels.left(outT, x, w, rows, columns, rank, rank, 8 * columns);

/** `y (rows × rows) += x x'`, x (rows × columns): the diagonal and what is below it; what is above is not defined. */
export const addGramOfRows = (kernels: ContractionKernels, y: number, x: number, rows: number, columns: number): void =>
  kernels.right(y, x, x, rows, columns, rows, 4, 8 * rows, 8);

/** `y (columns × columns) += x' x`: the diagonal and what is above it; what is below is not defined. */
export const addGramOfColumns = (
  kernels: ContractionKernels,
  y: number,
  x: number,
  rows: number,
  columns: number,
): void => kernels.left(y, x, x, rows, columns, columns, 8, 8 * columns);
