import { listedKernels } from "./listed-kernels";

/** Entries in the workspace at a time. */
const chunk = 8192;

/** Factors of more numbers than this stay where they are. */
const most = 4194304;

/**
 * The MTTKRP of listed entries of a tensor of three modes, `out[i, r] = Σ x[i, j, k] b[j, r] c[k, r]`, i being in the
 * given mode; undefined where factors are too large to be copied into the workspace of the kernels.
 *
 * @param coordinates - three indices an entry
 * @param size - of the mode
 * @param others - data of the factors of the other two modes, in order, (size × rank)
 */
export function listedMttkrp3(
  coordinates: Int32Array,
  values: Float64Array,
  mode: number,
  size: number,
  others: readonly [Float64Array, Float64Array],
  rank: number,
): Float64Array | undefined {
  if (size * rank + others[0].length + others[1].length > most) return undefined;
  const kernels = listedKernels(),
    { workspace } = kernels,
    [i, j, k] = [mode, ...[0, 1, 2].filter((n) => n !== mode)].map((n) => 4 * n);
  return workspace.within(() => {
    const out = workspace.take(8 * size * rank),
      [b, c] = others.map(({ length }) => workspace.take(8 * length, false)),
      count = Math.min(chunk, values.length),
      indices = workspace.take(12 * count, false),
      entries = workspace.take(8 * count, false),
      { f64, bytes } = workspace;
    f64.set(others[0], b / 8);
    f64.set(others[1], c / 8);
    for (let first = 0; first < values.length; first += chunk) {
      const some = Math.min(chunk, values.length - first),
        { buffer, byteOffset } = coordinates;
      bytes.set(new Uint8Array(buffer, byteOffset + 12 * first, 12 * some), indices);
      f64.set(values.subarray(first, first + some), entries / 8);
      kernels.listedProducts(out, b, c, indices, entries, some, i, j, k, rank);
    }
    return f64.slice(out / 8, out / 8 + size * rank);
  });
}
