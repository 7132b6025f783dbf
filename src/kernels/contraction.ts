import { kernelsFor } from "./kernels-for";

/** Numbers that are in the workspace at a time: a slab of this size stays in the cache from the copy to the kernel. */
const slab = 32768;

/** A model that stands in for what is missing: (rows × rank) times (rank × columns). */
export interface Completion {
  readonly left: Float64Array;
  readonly rightT: Float64Array;
  readonly rank: number;
}

/**
 * The products of a matrix `x` (rows × columns, row-major) of any size with thin ones, in float64: x is streamed through the workspace, never held in it whole.
 * Where `completion` is given, entries of x that are NaN are taken from it.
 */
export interface Contraction {
  /** x c, (rows × rank), from cT (rank × columns) */
  right(cT: Float64Array, rank: number): Float64Array;
  /** the same with x completed, and what {@link Contraction.residual} says of the completion, for the same pass */
  rightAndResidual(
    cT: Float64Array,
    rank: number,
    completion: Completion,
  ): { readonly product: Float64Array; readonly residual: number };
  /** (w' x), (rank × columns), from w (rows × rank) */
  leftT(w: Float64Array, rank: number, completion?: Completion): Float64Array;
  /** the sum of (x - model)² over the entries of x that are not NaN */
  residual(model: Completion): number;
}

export function contraction(x: Float64Array, rows: number, columns: number): Contraction {
  const kernels = kernelsFor("float64"),
    { workspace } = kernels;
  const heightOf = (width: number) => Math.min(rows, Math.max(4, 4 * Math.floor(slab / width / 4)));
  // x c sums over columns, which had best be many in a block; w' x over rows, unless they are short anyway
  const width = Math.min(columns, slab / 4),
    height = heightOf(width),
    narrow = columns <= slab / 8 ? columns : slab / 64;
  /** Visit block after block of x, beside the parts of w (rows × rank) and of cT (rank × columns) that meet it. */
  const stream = (
    parts: readonly { readonly w: Float64Array; readonly cT: Float64Array; readonly rank: number }[],
    visit: (
      at: number,
      places: readonly { w: number; cT: number }[],
      first: number,
      count: number,
      column: number,
      size: number,
    ) => void,
    width: number,
    height = heightOf(width),
  ) =>
    workspace.within(() => {
      const at = workspace.take(width * height * 8),
        places = parts.map(({ rank }) => ({
          w: workspace.take(height * rank * 8),
          cT: workspace.take(rank * width * 8),
        }));
      for (let column = 0; column < columns; column += width) {
        const size = Math.min(width, columns - column);
        parts.forEach(({ cT, rank }, p) => {
          for (let r = 0; r < rank && cT.length > 0; r++)
            workspace.f64.set(
              cT.subarray(r * columns + column, r * columns + column + size),
              places[p].cT / 8 + r * size,
            );
        });
        for (let first = 0; first < rows; first += height) {
          const count = Math.min(height, rows - first),
            m = workspace.f64;
          if (size === columns) m.set(x.subarray(first * columns, (first + count) * columns), at / 8);
          else
            for (let i = 0; i < count; i++)
              m.set(
                x.subarray((first + i) * columns + column, (first + i) * columns + column + size),
                at / 8 + i * size,
              );
          parts.forEach(
            ({ w, rank }, p) =>
              w.length > 0 && m.set(w.subarray(first * rank, (first + count) * rank), places[p].w / 8),
          );
          visit(at, places, first, count, column, size);
        }
      }
    });
  const none = new Float64Array(0);
  const partsOf = (w: Float64Array, cT: Float64Array, rank: number, completion?: Completion) => [
    { w, cT, rank },
    ...(completion ? [{ w: completion.left, cT: completion.rightT, rank: completion.rank }] : []),
  ];
  const right = (cT: Float64Array, rank: number, completion?: Completion) => {
    const product = new Float64Array(rows * rank);
    let residual = 0;
    workspace.within(() => {
      const y = workspace.take(height * rank * 8);
      stream(
        partsOf(none, cT, rank, completion),
        (at, [own, model], first, count, column, size) => {
          if (completion) residual += kernels.complete(at, model.w, model.cT, count, size, completion.rank, 1);
          if (column > 0) workspace.f64.set(product.subarray(first * rank, (first + count) * rank), y / 8);
          kernels.contractRight(y, at, own.cT, count, size, rank, column > 0 ? 1 : 0);
          product.set(workspace.f64.subarray(y / 8, y / 8 + count * rank), first * rank);
        },
        width,
      );
    });
    return { product, residual };
  };
  return {
    right: (cT, rank) => right(cT, rank).product,
    rightAndResidual: right,
    leftT(w, rank, completion) {
      const out = new Float64Array(rank * columns);
      workspace.within(() => {
        const y = workspace.take(rank * narrow * 8);
        stream(
          partsOf(w, none, rank, completion),
          (at, [own, model], first, count, column, size) => {
            if (completion) kernels.complete(at, model.w, model.cT, count, size, completion.rank, 1);
            if (first === 0) workspace.f64.fill(0, y / 8, y / 8 + rank * size);
            kernels.contractLeft(y, at, own.w, count, size, rank);
            if (first + count === rows)
              for (let r = 0; r < rank; r++)
                out.set(workspace.f64.subarray(y / 8 + r * size, y / 8 + (r + 1) * size), r * columns + column);
          },
          narrow,
        );
      });
      return out;
    },
    residual({ left, rightT, rank }) {
      let sum = 0;
      stream(
        [{ w: left, cT: rightT, rank }],
        (at, [{ w, cT }], _, count, __, size) => {
          sum += kernels.complete(at, w, cT, count, size, rank, 0);
        },
        width,
      );
      return sum;
    },
  };
}
