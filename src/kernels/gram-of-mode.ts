import { contractionKernels } from "./contraction-kernels";

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
    if (columnwise) {
      const height = Math.max(4, Math.floor(blockSize / size)),
        block = workspace.take(Math.min(lefts, height) * size * 8, false);
      for (let first = 0; first < lefts; first += height) {
        const rows = Math.min(height, lefts - first);
        workspace.f64.set(x.subarray(first * size, (first + rows) * size), block / 8);
        kernels.gramOfColumns(y, block, rows, size);
      }
    } else {
      const width = Math.min(rights, Math.max(shortest, 2 * Math.floor(blockSize / size / 2))),
        block = workspace.take(size * width * 8, false),
        reals = workspace.f64;
      for (let l = 0, start = 0; l < lefts; l++, start += size * rights)
        for (let first = 0; first < rights; first += width) {
          const columns = Math.min(width, rights - first);
          if (columns === rights) reals.set(x.subarray(start, start + size * rights), block / 8);
          else
            for (let i = 0, from = start + first, to = block / 8; i < size; i++, from += rights, to += columns)
              reals.set(x.subarray(from, from + columns), to);
          kernels.gramOfRows(y, block, size, columns);
        }
    }
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
