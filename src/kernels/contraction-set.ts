import type { Workspace } from "./workspace";

/**
 * The loops of a sweep of ALS, on addresses of one {@link Workspace}, in float64: WebAssembly SIMD, or plain
 * TypeScript, which defines them.
 */
export interface ContractionKernels extends Pick<ContractionLoops, "sumRows" | "sumColumns" | "complete"> {
  readonly name: "WebAssembly SIMD" | "TypeScript";
  readonly workspace: Workspace;
  /** `y (rows × rank) += x c`, x (rows × columns), c given as `cT` (rank × columns) */
  contractRight(y: number, x: number, cT: number, rows: number, columns: number, rank: number): void;
  /** the transpose of the same, `yT (rank × rows)`, whose rows begin `apart` numbers after each other */
  contractRightT(yT: number, x: number, cT: number, rows: number, columns: number, rank: number, apart: number): void;
  /** `outT (rank × columns) += w' x`, w (rows × rank); rows of outT begin `apart` numbers after each other */
  contractLeft(outT: number, x: number, w: number, rows: number, columns: number, rank: number, apart: number): void;
  /** `y (rows × rows) += x x'`, x (rows × columns): the diagonal and what is below it; what is above is not defined */
  gramOfRows(y: number, x: number, rows: number, columns: number): void;
  /** `y (columns × columns) += x' x`: the diagonal and what is above it; what is below is not defined */
  gramOfColumns(y: number, x: number, rows: number, columns: number): void;
}

/** The loops that all of them are made of. */
export interface ContractionLoops {
  /**
   * `y += x c`, x (rows × columns), c given as `cT` (rank × columns): entries (i, r) with r below i plus `reach`, and
   * perhaps more; entry (i, r) is i line + r step bytes from y
   */
  right(
    y: number,
    x: number,
    cT: number,
    rows: number,
    columns: number,
    rank: number,
    reach: number,
    line: number,
    step: number,
  ): void;
  /**
   * `outT (rank × columns) += w' x`, w (rows × rank): entries (r, k) with r below k plus `reach`, and perhaps more; rows
   * of outT begin `step` bytes after each other
   */
  left(
    outT: number,
    x: number,
    w: number,
    rows: number,
    columns: number,
    rank: number,
    reach: number,
    step: number,
  ): void;
  /** `out (size) += y' weights`, y (count × size); where size is odd, a number after the last of out is written too */
  sumRows(out: number, y: number, weights: number, count: number, size: number): void;
  /**
   * `out (size) += sum of weight y column` over so many matrices y (size × count), one after the other, each with its
   * weight; up to three rows past the last are read, and as many numbers past the last of out written
   */
  sumColumns(
    out: number,
    y: number,
    weights: number,
    column: number,
    matrices: number,
    size: number,
    count: number,
  ): void;
  /**
   * Entries of x (rows × columns) that are NaN become those of the model `w c` where write is 1.
   * @returns the sum of (x - model)² over the others
   */
  complete(x: number, w: number, cT: number, rows: number, columns: number, rank: number, write: 0 | 1): number;
}

/** Kernels from their loops. */
export const contractionsOf = (
  name: ContractionKernels["name"],
  workspace: Workspace,
  loops: ContractionLoops,
): ContractionKernels => ({
  ...loops,
  name,
  workspace,
  contractRight: (y, x, cT, rows, columns, rank) => loops.right(y, x, cT, rows, columns, rank, rank, 8 * rank, 8),
  contractRightT: (yT, x, cT, rows, columns, rank, apart) =>
    loops.right(yT, x, cT, rows, columns, rank, rank, 8, 8 * apart),
  contractLeft: (outT, x, w, rows, columns, rank, apart) =>
    loops.left(outT, x, w, rows, columns, rank, rank, 8 * apart),
  gramOfRows: (y, x, rows, columns) => loops.right(y, x, x, rows, columns, rows, 4, 8 * rows, 8),
  gramOfColumns: (y, x, rows, columns) => loops.left(y, x, x, rows, columns, columns, 8, 8 * columns),
});
