import { contractionKernels } from "./contraction-kernels";
import { addGramOfColumns, addGramOfRows } from "./block-products";
import { streamBlocks } from "./stream-blocks";

/** Numbers of x in the workspace at a time. */
const blockSize = 32768;

/** Lines of a mode are cut no shorter than this, so that sums over them are long. */
const shortest = 64;

/**
 * The Gram matrix of the middle mode of x (lefts × size × rights), (size × size): `sum x[l, i, r] x[l, j, r]` over l
 * and
 * r. Only one of its triangles is computed.
 *
 * @remarks entries · size operations.
 */
export function gramOfMode(x: Float64Array, lefts: number, size: number, rights: number): Float64Array {
  const kernels = contractionKernels(),
    { workspace } = kernels,
    columnwise = rights === 1;
  return workspace.within(() => {
    const y = workspace.take(size * size * 8);
    const stack = columnwise
        ? { data: x, slices: 1, rows: lefts, columns: size }
        : { data: x, slices: lefts, rows: size, columns: rights },
      width = Math.min(stack.columns, columnwise ? size : Math.max(shortest, 2 * Math.floor(blockSize / size / 2))),
      height = columnwise ? Math.max(4, Math.floor(blockSize / size)) : size;
    streamBlocks(workspace, stack, { width, height }, [], [], (block) =>
      columnwise
        ? addGramOfColumns(kernels, y, block.x, block.rows, size)
        : addGramOfRows(kernels, y, block.x, size, block.columns),
    );
    const out = workspace.f64.slice(y / 8, y / 8 + size * size);
    for (let i = 0; i < size; i++)
      for (let j = 0; j < i; j++) {
        const value = columnwise ? out[j * size + i] : out[i * size + j];
        out[i * size + j] = value;
        out[j * size + i] = value;
      }
    return out;
  });
}
