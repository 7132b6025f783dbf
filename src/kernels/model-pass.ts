import type { Completion } from "./contraction";
import { contractionKernels } from "./contraction-kernels";
import { countsKernels } from "./counts-kernels";
import type { ModelPanel } from "./model-panels";

/**
 * Sums over the entries of a block of a low-rank model, and writes beside each what its gradient is to be.
 *
 * @param m - the address of the model's entries in the workspace of the contractions, row by row, with room for one
 * number more
 * @param y - that of what is to be written, with room for one number more
 * @returns the sum over these entries
 */
export type PanelVisit = (m: number, y: number, panel: ModelPanel) => number;

/** What a pass over a low-rank model gives. */
export interface ModelPass {
  readonly sum: number;
  /** c' Y', (rank × rows), Y what `visit` wrote */
  readonly rightT: Float64Array;
  /** w' Y, (rank × columns) */
  readonly leftT: Float64Array;
}

/**
 * One pass over a low-rank model `left rightT` (rows × columns) of any size, in float64: its entries are made block by
 * block in the workspace, `visit` makes others of them (Y), and both products of Y with the model's own two sides are
 * taken while the block is in the cache. So neither the model nor Y is ever stored.
 *
 * @param panels - the blocks of the whole, see modelPanels
 * @param products - whether they are wanted; without, they are empty
 */
export function modelPass(
  panels: readonly ModelPanel[],
  { left, rightT, rank }: Completion,
  visit: PanelVisit,
  products = true,
): ModelPass {
  const { contractLeft, contractRightT } = contractionKernels(),
    { workspace, lowRank } = countsKernels(),
    rows = left.length / rank,
    columns = rightT.length / rank,
    most = (size: (panel: ModelPanel) => number) => panels.reduce((max, panel) => Math.max(max, size(panel)), 0),
    height = most((panel) => panel.rows),
    width = most((panel) => panel.columns),
    ofRight = new Float64Array(products ? rows * rank : 0),
    leftT = new Float64Array(products ? rank * columns : 0);
  let sum = 0;
  workspace.within(() => {
    const take = (count: number) => workspace.take(count * 8, false),
      m = take(width * height + 1),
      y = take(width * height + 1),
      w = take(height * rank),
      cT = take(rank * width),
      ofRows = take(height * rank),
      ofColumns = take(rank * width);
    for (const panel of panels) {
      const { firstRow, firstColumn, rows: high, columns: wide } = panel,
        reals = workspace.f64,
        rowStart = firstRow * rank,
        size = high * rank;
      if (firstRow === 0)
        for (let r = 0; r < rank; r++) {
          const start = r * columns + firstColumn;
          reals.set(rightT.subarray(start, start + wide), cT / 8 + r * wide);
          reals.fill(0, ofColumns / 8 + r * wide, ofColumns / 8 + (r + 1) * wide);
        }
      reals.set(left.subarray(rowStart, rowStart + size), w / 8);
      lowRank(m, w, cT, high, wide, rank);
      sum += visit(m, y, panel);
      if (!products) continue;
      const after = workspace.f64; // `visit` may have taken memory
      const each = (move: (from: number, to: number) => void) => {
        for (let r = 0; r < rank; r++) move(ofRows / 8 + r * high, r * rows + firstRow);
      };
      if (firstColumn === 0) after.fill(0, ofRows / 8, ofRows / 8 + size);
      else each((here, there) => after.set(ofRight.subarray(there, there + high), here));
      contractRightT(ofRows, y, cT, high, wide, rank);
      each((here, there) => ofRight.set(after.subarray(here, here + high), there));
      contractLeft(ofColumns, y, w, high, wide, rank);
      if (firstRow + high === rows)
        for (let r = 0; r < rank; r++) {
          const start = ofColumns / 8 + r * wide;
          leftT.set(after.subarray(start, start + wide), r * columns + firstColumn);
        }
    }
  });
  return { sum, rightT: ofRight, leftT };
}
