import type { Completion } from "./contraction";
import { contractionKernels } from "./contraction-kernels";

/**
 * Sums over entries of a low-rank model, and writes over each what its gradient is to be.
 *
 * @param m - the workspace of the contractions, which has the model's entries: those of `count` places from `at` on
 * @param from - the place in the whole (row-major) of the first of them
 * @returns the sum over these entries
 */
export type PanelVisit = (m: Float64Array, at: number, from: number, count: number) => number;

/** What a pass over a low-rank model gives. */
export interface ModelPass {
  readonly sum: number;
  /** c' Y', (rank × rows), Y what `visit` wrote */
  readonly rightT: Float64Array;
  /** w' Y, (rank × columns) */
  readonly leftT: Float64Array;
}

/** Numbers of the model in the workspace at a time: they stay in the cache from the model to the products. */
const blockSize = 16384;

/**
 * One pass over a low-rank model `left rightT` (rows × columns) of any size, in float64: its entries are made block by
 * block in the workspace, `visit` turns them into others (Y), and both products of Y with the model's own two sides are
 * taken while the block is in the cache. So neither the model nor Y is ever stored.
 *
 * @param products - whether they are wanted; without, they are empty
 */
export function modelPass(
  rows: number,
  columns: number,
  { left, rightT, rank }: Completion,
  visit: PanelVisit,
  products = true,
): ModelPass {
  const kernels = contractionKernels(),
    { workspace } = kernels,
    width = columns <= 4096 ? columns : 520, // at a power of two, rows share a few lines of the cache
    height = Math.min(rows, Math.max(4, 4 * Math.floor(blockSize / width / 4))),
    ofRight = new Float64Array(products ? rows * rank : 0),
    leftT = new Float64Array(products ? rank * columns : 0);
  let sum = 0;
  workspace.within(() => {
    const block = workspace.take(width * height * 8),
      w = workspace.take(height * rank * 8),
      wT = workspace.take(height * rank * 8),
      cT = workspace.take(rank * width * 8),
      ofRows = workspace.take(height * rank * 8),
      ofColumns = workspace.take(rank * width * 8);
    for (let firstColumn = 0; firstColumn < columns; firstColumn += width) {
      const wide = Math.min(width, columns - firstColumn);
      for (let r = 0; r < rank; r++) {
        const start = r * columns + firstColumn;
        workspace.f64.set(rightT.subarray(start, start + wide), cT / 8 + r * wide);
      }
      workspace.f64.fill(0, ofColumns / 8, ofColumns / 8 + rank * wide);
      for (let firstRow = 0; firstRow < rows; firstRow += height) {
        const high = Math.min(height, rows - firstRow),
          reals = workspace.f64,
          at = block / 8,
          rowStart = firstRow * rank,
          size = high * rank;
        reals.set(left.subarray(rowStart, rowStart + size), w / 8);
        for (let i = 0; i < high; i++)
          for (let r = 0; r < rank; r++) reals[wT / 8 + r * high + i] = left[rowStart + i * rank + r];
        reals.fill(0, at, at + high * wide);
        kernels.contractLeft(block, cT, wT, rank, wide, high);
        if (wide === columns) sum += visit(reals, at, firstRow * columns, high * wide);
        else
          for (let i = 0; i < high; i++)
            sum += visit(workspace.f64, at + i * wide, (firstRow + i) * columns + firstColumn, wide);
        if (!products) continue;
        const after = workspace.f64; // `visit` may have taken memory
        const each = (move: (from: number, to: number) => void) => {
          for (let r = 0; r < rank; r++) move(ofRows / 8 + r * high, r * rows + firstRow);
        };
        if (firstColumn === 0) after.fill(0, ofRows / 8, ofRows / 8 + size);
        else each((here, there) => after.set(ofRight.subarray(there, there + high), here));
        kernels.contractRightT(ofRows, block, cT, high, wide, rank);
        each((here, there) => ofRight.set(after.subarray(here, here + high), there));
        kernels.contractLeft(ofColumns, block, w, high, wide, rank);
      }
      if (!products) continue;
      for (let r = 0; r < rank; r++) {
        const start = ofColumns / 8 + r * wide;
        leftT.set(workspace.f64.subarray(start, start + wide), r * columns + firstColumn);
      }
    }
  });
  return { sum, rightT: ofRight, leftT };
}
