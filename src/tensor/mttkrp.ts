import { fail } from "../base";
import { checkFactors, khatriRaoFor } from "./khatri-rao";
import { addRows } from "./add-rows";
import { checkTensor } from "./check";
import type { Matrix, Tensor } from "./shape";
import { zerosFor } from "./tensor";
import { around } from "./unfold";

/**
 * The matricized tensor times Khatri-Rao product, `unfold(x, mode) khatriRao(all factors but that of mode)`, without
 * forming either.
 *
 * @param factors - one matrix (size × rank) per mode of x; that of `mode` is not read
 * @returns (size of mode × rank)
 * @throws {@link LtrnnError} when factors do not fit x
 * @remarks O(entries · rank), one pass over x. Memory O(rank · entries / size of mode) at most.
 * @see Bader & Kolda (2007), Efficient MATLAB computations with sparse and factored tensors, SIAM J. Sci. Comput. 30,
 * section 5.2.6
 * @example mttkrp(tensor([2, 2], [1, 2, 3, 4]), [tensor([2, 1], [1, 1]), tensor([2, 1], [1, 10])], 0).data
 * // Float64Array [21, 43]
 */
export function mttkrp(x: Tensor, factors: readonly Matrix[], mode: number): Matrix {
  checkTensor("mttkrp", "x", x);
  checkFactors("mttkrp", factors);
  if (factors.length !== x.shape.length || factors.some((f, n) => f.shape[0] !== x.shape[n]))
    fail("mttkrp", {
      expected: `factors with ${x.shape.join(", ")} rows`,
      got: factors.map((f) => f.shape[0]).join(", "),
      fix: "Pass one factor per mode, in the order of the modes.",
    });
  const { left, size, right } = around("mttkrp", x.shape, mode);
  const rank = factors[0].shape[1];
  const out = zerosFor("mttkrp", [size, rank]);
  const before = mode === 0 ? undefined : khatriRaoFor("mttkrp", factors.slice(0, mode)).data;
  const after = mode === x.shape.length - 1 ? undefined : khatriRaoFor("mttkrp", factors.slice(mode + 1)).data;
  if (!after) {
    for (let l = 0; l < left; l++) addOuterProduct(out.data, x.data, l * size, size, before, l * rank, rank);
    return out;
  }
  const inner = new Float64Array(rank); // sum over the modes after, of one (l, i)
  for (let l = 0, from = 0; l < left; l++)
    for (let i = 0, to = 0; i < size; i++, to += rank, from += right) {
      addRows(inner.fill(0), 0, x.data, from, after, 0, right, rank);
      for (let r = 0; r < rank; r++) out.data[to + r] += before ? before[l * rank + r] * inner[r] : inner[r];
    }
  return out;
}

/** `out[i, r] += x[i] row[r]`; without a row, a tensor of one mode, `out[i, r] = x[i]`. */
function addOuterProduct(
  out: Float64Array,
  x: Float64Array,
  from: number,
  size: number,
  rows: Float64Array | undefined,
  rowStart: number,
  rank: number,
): void {
  for (let i = 0, to = 0; i < size; i++) {
    const value = x[from + i];
    for (let r = 0; r < rank; r++, to++) out[to] += rows ? value * rows[rowStart + r] : value;
  }
}
