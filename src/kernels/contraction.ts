import { contractionKernels } from "./contraction-kernels";
import type { ContractionKernels } from "./contraction-set";

/**
 * Numbers of x that are in the workspace at a time: a block of this size stays in the cache from the copy to the
 * kernel.
 */
const blockSize = 32768;

/** A low-rank model of a matrix, which fills in its missing entries: (rows × rank) times (rank × columns). */
export interface Completion {
  readonly left: Float64Array;
  readonly rightT: Float64Array;
  readonly rank: number;
}

/**
 * The products of a matrix `x` (rows × columns, row-major) of any size with thin ones, in float64: x is streamed
 * through the workspace block by block. (Kept there over the passes it takes a fifth longer: the copy of a block reads
 * ahead for the kernel.) Where `completion` is given, entries of x that are NaN are taken from it.
 */
export interface Contraction {
  /** x c, (rows × rank), from cT (rank × columns) */
  right(cT: Float64Array, rank: number): Float64Array;
  /** the same with x completed, and the {@link Contraction.residual} of the completion, in one pass over x */
  rightAndResidual(
    cT: Float64Array,
    rank: number,
    completion: Completion,
  ): { readonly product: Float64Array; readonly residual: number };
  /** w' x, (rank × columns), from w (rows × rank) */
  leftT(w: RowSource, rank: number, completion?: Completion): Float64Array;
  /** the sum of (x - model)² over the entries of x that are not NaN */
  residual(model: Completion): number;
}

/** A thin matrix, or what writes `count` of its rows from `first` on into an array, which saves to store them all. */
export type RowSource = Float64Array | ((out: Float64Array, at: number, first: number, count: number) => void);

/** The thin matrices that go with x, by rows (rows × rank) and by columns (rank × columns); empty: not needed. */
interface Companion {
  readonly w: RowSource;
  readonly cT: Float64Array;
  readonly rank: number;
}

/** A block of x in the workspace: its address, its place in x, and the addresses of the parts of the companions. */
interface Block {
  readonly x: number;
  readonly firstRow: number;
  readonly rows: number;
  readonly firstColumn: number;
  readonly columns: number;
  readonly companions: readonly { readonly w: number; readonly cT: number }[];
}

export function contraction(x: Float64Array, rows: number, columns: number): Contraction {
  const kernels = contractionKernels(),
    { workspace } = kernels;
  // Sums over columns run within a row of a block, so wide blocks pay; sums over rows run down a column of it.
  const wide = Math.min(columns, blockSize / 4),
    // (of no power of two, at which all rows of a column share a few lines of the cache)
    narrow = columns <= blockSize / 8 ? columns : 520;
  const stream = (width: number, companions: readonly Companion[], visit: (block: Block) => void) =>
    streamBlocks(kernels, x, rows, columns, width, companions, visit);

  const right = (cT: Float64Array, rank: number, completion?: Completion) => {
    const product = new Float64Array(rows * rank);
    let residual = 0;
    workspace.within(() => {
      const y = workspace.take(heightOf(rows, wide) * rank * 8);
      stream(wide, withCompletion({ w: none(), cT, rank }, completion), (block) => {
        const [own, model] = block.companions,
          add = block.firstColumn > 0 ? 1 : 0;
        if (completion) residual += complete(kernels, block, model, completion.rank, 1);
        const from = block.firstRow * rank,
          size = block.rows * rank;
        if (add) workspace.f64.set(product.subarray(from, from + size), y / 8);
        kernels.contractRight(y, block.x, own.cT, block.rows, block.columns, rank, add);
        product.set(workspace.f64.subarray(y / 8, y / 8 + size), from);
      });
    });
    return { product, residual };
  };

  const leftT = (w: RowSource, rank: number, completion?: Completion) => {
    const out = new Float64Array(rank * columns);
    workspace.within(() => {
      const y = workspace.take(rank * narrow * 8);
      stream(narrow, withCompletion({ w, cT: none(), rank }, completion), (block) => {
        const [own, model] = block.companions,
          size = block.columns;
        if (completion) complete(kernels, block, model, completion.rank, 1);
        if (block.firstRow === 0) workspace.f64.fill(0, y / 8, y / 8 + rank * size);
        kernels.contractLeft(y, block.x, own.w, block.rows, size, rank);
        if (block.firstRow + block.rows < rows) return; // the sum over rows is not complete
        for (let r = 0; r < rank; r++)
          out.set(workspace.f64.subarray(y / 8 + r * size, y / 8 + (r + 1) * size), r * columns + block.firstColumn);
      });
    });
    return out;
  };

  const residual = ({ left, rightT, rank }: Completion) => {
    let sum = 0;
    stream(wide, [{ w: left, cT: rightT, rank }], (block) => {
      sum += complete(kernels, block, block.companions[0], rank, 0);
    });
    return sum;
  };

  return { right: (cT, rank) => right(cT, rank).product, rightAndResidual: right, leftT, residual };
}

const none = () => new Float64Array(0);

const withCompletion = (own: Companion, completion?: Completion): Companion[] =>
  completion ? [own, { w: completion.left, cT: completion.rightT, rank: completion.rank }] : [own];

/** Rows of a block so many columns wide: a multiple of four, which the kernels take at a time. */
const heightOf = (rows: number, width: number) => Math.min(rows, Math.max(4, 4 * Math.floor(blockSize / width / 4)));

const complete = (
  kernels: ContractionKernels,
  { x, rows, columns }: Block,
  model: { readonly w: number; readonly cT: number },
  rank: number,
  write: 0 | 1,
) => kernels.complete(x, model.w, model.cT, rows, columns, rank, write);

/**
 * Copies x block by block into the workspace, with the parts of its companions, and calls `visit` for each, column by
 * column.
 */
function streamBlocks(
  { workspace }: ContractionKernels,
  x: Float64Array,
  rows: number,
  columns: number,
  width: number,
  companions: readonly Companion[],
  visit: (block: Block) => void,
): void {
  const height = heightOf(rows, width);
  workspace.within(() => {
    const address = workspace.take(width * height * 8),
      parts = companions.map(({ rank }) => ({
        w: workspace.take(height * rank * 8),
        cT: workspace.take(rank * width * 8),
      }));
    for (let firstColumn = 0; firstColumn < columns; firstColumn += width) {
      const blockColumns = Math.min(width, columns - firstColumn);
      for (const [p, { cT, rank }] of companions.entries())
        if (cT.length > 0) copyRows(workspace.f64, parts[p].cT / 8, cT, 0, rank, columns, firstColumn, blockColumns);
      for (let firstRow = 0; firstRow < rows; firstRow += height) {
        const blockRows = Math.min(height, rows - firstRow),
          reals = workspace.f64;
        copyRows(reals, address / 8, x, firstRow, blockRows, columns, firstColumn, blockColumns);
        for (const [p, { w, rank }] of companions.entries())
          if (typeof w === "function") w(reals, parts[p].w / 8, firstRow, blockRows);
          else if (w.length > 0) reals.set(w.subarray(firstRow * rank, (firstRow + blockRows) * rank), parts[p].w / 8);
        visit({ x: address, firstRow, rows: blockRows, firstColumn, columns: blockColumns, companions: parts });
      }
    }
  });
}

/** Copies a block of a matrix with so many `columns`, its rows one after the other. */
function copyRows(
  to: Float64Array,
  toIndex: number,
  from: Float64Array,
  firstRow: number,
  count: number,
  columns: number,
  firstColumn: number,
  width: number,
): void {
  if (width === columns) {
    to.set(from.subarray(firstRow * columns, (firstRow + count) * columns), toIndex);
    return;
  }
  for (let i = 0; i < count; i++) {
    const start = (firstRow + i) * columns + firstColumn;
    to.set(from.subarray(start, start + width), toIndex + i * width);
  }
}
