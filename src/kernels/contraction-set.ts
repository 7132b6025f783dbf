import type { Workspace } from "./workspace";

/**
 * The loops of a sweep of ALS, on addresses of one {@link Workspace}, in float64: WebAssembly SIMD, or plain
 * TypeScript, which defines them.
 */
export interface ContractionKernels {
  readonly name: "WebAssembly SIMD" | "TypeScript";
  readonly workspace: Workspace;
  /** `y (rows × rank) += x c`, x (rows × columns), c given as `cT` (rank × columns) */
  contractRight(y: number, x: number, cT: number, rows: number, columns: number, rank: number): void;
  /** the transpose of the same, `yT (rank × rows)`, whose rows begin `apart` numbers after each other */
  contractRightT(yT: number, x: number, cT: number, rows: number, columns: number, rank: number, apart: number): void;
  /** `outT (rank × columns) += w' x`, w (rows × rank); rows of outT begin `apart` numbers after each other */
  contractLeft(outT: number, x: number, w: number, rows: number, columns: number, rank: number, apart: number): void;
  /** `out (size) += y' weights`, y (count × size); where size is odd, a number after the last of out is written too */
  sumRows(out: number, y: number, weights: number, count: number, size: number): void;
  /** `out (size) += weight y column`, y (size × count) */
  sumColumns(out: number, y: number, column: number, size: number, count: number, weight: number): void;
  /** `y (rows × rows) += x x'`, x (rows × columns): the diagonal and what is below it; what is above is not defined */
  gramOfRows(y: number, x: number, rows: number, columns: number): void;
  /** `y (columns × columns) += x' x`: the diagonal and what is above it; what is below is not defined */
  gramOfColumns(y: number, x: number, rows: number, columns: number): void;
  /**
   * Entries of x (rows × columns) that are NaN become those of the model `w c` where write is 1.
   * @returns the sum of (x - model)² over the others
   */
  complete(x: number, w: number, cT: number, rows: number, columns: number, rank: number, write: 0 | 1): number;
}
