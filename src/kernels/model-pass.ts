import { addLeft, addRight } from "./block-products";
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

/** A model `w c`: w is the Khatri-Rao product of `outer` and `inner`, each of `rank` columns, c (rank × columns). */
export interface LowRankModel {
  readonly outer: Float64Array;
  readonly inner: Float64Array;
  readonly rightT: Float64Array;
  readonly rank: number;
}

/**
 * One pass over a low-rank model of any size, in float64: its entries are made block by block in the workspace, `visit`
 * makes others of them (Y), and products of Y with the model's sides are taken while the block is in the cache. So
 * neither the model nor Y is ever stored.
 *
 * @param panels - the blocks of the whole, see modelPanels
 * @param products - whether gradients are wanted
 * @returns the sum of the visits, and where they are wanted the gradients in outer, inner and rightT, Y that in `w c`
 */
export function modelPass(
  panels: readonly ModelPanel[],
  { outer, inner, rightT, rank }: LowRankModel,
  visit: PanelVisit,
  products = true,
): { readonly sum: number; readonly gradients: readonly Float64Array[] } {
  const kernels = contractionKernels(),
    { workspace, lowRank, khatriRaoRows, khatriRaoAdjoint } = countsKernels(),
    columns = rightT.length / rank,
    ofInner = inner.length / rank,
    rows = (outer.length / rank) * ofInner,
    most = (size: (panel: ModelPanel) => number) => panels.reduce((max, panel) => Math.max(max, size(panel)), 0),
    height = most((panel) => panel.rows),
    width = most((panel) => panel.columns),
    leftT = new Float64Array(products ? rank * columns : 0);
  return workspace.within(() => {
    const take = (count: number, clear = false) => workspace.take(count * 8, clear),
      m = take(width * height + 1),
      y = take(width * height + 1),
      w = take(height * rank),
      c = take(rank * width),
      ofRows = take(height * rank),
      ofColumns = take(rank * width),
      [p, q] = [take(outer.length), take(inner.length)],
      [dp, dq] = [take(outer.length, true), take(inner.length, true)];
    let { f64 } = workspace,
      sum = 0;
    f64.set(outer, p / 8);
    f64.set(inner, q / 8);
    for (const panel of panels) {
      const { firstRow, firstColumn, rows: high, columns: wide } = panel,
        each = (move: (here: number, there: number) => void) => {
          for (let r = 0; r < rank; r++) move(r * wide, r * columns + firstColumn);
        };
      if (firstRow === 0) {
        each((here, there) => f64.set(rightT.subarray(there, there + wide), c / 8 + here));
        f64.fill(0, ofColumns / 8, ofColumns / 8 + rank * wide);
      }
      khatriRaoRows(w, p, q, firstRow, high, ofInner, rank);
      lowRank(m, w, c, high, wide, rank);
      sum += visit(m, y, panel);
      f64 = workspace.f64; // `visit` may have taken memory
      if (!products) continue;
      f64.fill(0, ofRows / 8, ofRows / 8 + high * rank);
      addRight(kernels, ofRows, y, c, high, wide, rank);
      khatriRaoAdjoint(ofRows, p, q, dp, dq, firstRow, high, ofInner, rank);
      addLeft(kernels, ofColumns, y, w, high, wide, rank);
      if (firstRow + high === rows)
        each((here, there) => {
          const from = ofColumns / 8 + here;
          leftT.set(f64.subarray(from, from + wide), there);
        });
    }
    const read = (at: number, { length }: Float64Array) => f64.slice(at / 8, at / 8 + length);
    return { sum, gradients: products ? [read(dp, outer), read(dq, inner), leftT] : [] };
  });
}
