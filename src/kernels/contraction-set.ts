import type { Workspace } from "./workspace";

/**
 * The loops of passes over a tensor, on addresses of one {@link Workspace}, in float64: WebAssembly SIMD, or plain
 * TypeScript, which defines them.
 */
export interface ContractionKernels {
  readonly name: "WebAssembly SIMD" | "TypeScript";
  readonly workspace: Workspace;
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
   * `outT (rank × columns) += w' x`, w (rows × rank): entries (r, k) with r below k plus `reach`, and perhaps more;
   * rows of outT begin `step` bytes after each other
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
   * `out (size) += weight y column`, y (size × count); up to three rows past the last are read, and as many numbers
   * past the last of out written
   */
  sumColumns(out: number, y: number, column: number, size: number, count: number, weight: number): void;
  /**
   * Entries of x (rows × columns) that are NaN become those of the model `w c` where write is 1.
   * @returns the sum of (x - model)² over the others
   */
  complete(x: number, w: number, cT: number, rows: number, columns: number, rank: number, write: 0 | 1): number;
}
