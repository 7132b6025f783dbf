import { contractionKernels } from "../kernels";
import { khatriRao, sizeOf, transpose, type Matrix } from "../tensor";

/** The Khatri-Rao product of some factors. */
export const joined = (factors: readonly Matrix[]): Matrix => (factors.length === 1 ? factors[0] : khatriRao(factors));

/** The columns of {@link joined} one after the other. */
export const columnsOf = (factors: readonly Matrix[]): Float64Array => transpose(joined(factors)).data;

/**
 * Contract the product of a pass, (rank × sizes of some modes), with the factors of these modes but one: `out[i, r] =
 * sum y[r, .., i, ..] prod f[.., r]`.
 *
 * @param y - the numbers, or their address in the workspace of the kernels of contractions
 */
export function remaining(y: Float64Array | number, factors: readonly Matrix[], mode: number): Matrix {
  const [size, rank] = factors[mode].shape,
    kernels = contractionKernels(),
    { workspace } = kernels,
    others = [factors.slice(0, mode), factors.slice(mode + 1)],
    rights = sizeOf(others[1].map(({ shape }) => shape[0])),
    // where nothing is on the right, all weights are on the left
    [before, after] = (rights === 1 ? [others.flat(), []] : others).map((f) =>
      f.length > 0 ? columnsOf(f) : new Float64Array(rank).fill(1),
    ),
    lefts = before.length / rank;
  return workspace.within(() => {
    const laid = (data: Float64Array) => {
      const address = workspace.take(data.length * 8, false);
      workspace.f64.set(data, address / 8);
      return address;
    };
    const product = typeof y === "number" ? y : laid(y),
      weights = laid(before),
      columns = laid(after),
      room = size + 3, // kernels write up to three numbers more, and read up to three more rows
      out = workspace.take(8 * rank * room + 24 * rights);
    for (let r = 0, from = product; r < rank; r++) {
      const to = out + 8 * r * room;
      if (rights === 1) kernels.sumRows(to, from, weights + 8 * r * lefts, lefts, size);
      for (let l = 0; l < lefts; l++, from += 8 * size * rights)
        if (rights > 1) kernels.sumColumns(to, from, columns + 8 * r * rights, size, rights, before[r * lefts + l]);
    }
    const sums = workspace.f64.slice(out / 8, out / 8 + rank * room),
      { data } = transpose({ shape: [rank, room], data: sums });
    return { shape: [size, rank], data: data.subarray(0, size * rank) };
  });
}
