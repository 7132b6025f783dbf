import { checkWhole, fail } from "../base";
import { listedMttkrp3 } from "../kernels";
import { checkFactors, type Matrix } from "../tensor";
import { checkSparse, type SparseTensor } from "./sparse-tensor";

/**
 * The matricized tensor times Khatri-Rao product of a sparse tensor, over the entries that are listed: `out[i, r] = Σ
 * x[.., i, ..] Π f[.., r]` over the factors of all other modes.
 *
 * @param factors - one matrix (size × rank) per mode of x; that of `mode` is not read
 * @returns (size of mode × rank)
 * @throws {@link LtrnnError} when x is not a sparse tensor, or factors do not fit it
 * @remarks O(listed entries · modes · rank), without memory beside the result.
 * @see Bader & Kolda (2008), Efficient MATLAB computations with sparse and factored tensors, SIAM J. Sci. Comput. 30
 * @example sparseMttkrp(sparseOf(tensor([2, 2], [0, 2, 3, 0])), [tensor([2, 1], [1, 1]), tensor([2, 1], [1, 10])],
 * 0).data // Float64Array [20, 3]
 */
export function sparseMttkrp(x: SparseTensor, factors: readonly Matrix[], mode: number): Matrix {
  const where = "sparseMttkrp";
  checkSparse(where, x);
  checkFactors(where, factors);
  checkWhole(where, "mode", mode, 0, x.shape.length - 1);
  if (factors.length !== x.shape.length || factors.some((f, n) => f.shape[0] !== x.shape[n]))
    fail(where, {
      expected: `factors with ${x.shape.join(", ")} rows`,
      got: factors.map((f) => f.shape[0]).join(", "),
      fix: "Pass one factor per mode, in the order of the modes.",
    });
  return listedMttkrp(x, factors, mode);
}

/** {@link sparseMttkrp} of arguments known to fit. */
export function listedMttkrp(x: SparseTensor, factors: readonly Matrix[], mode: number): Matrix {
  const { shape, coordinates, values } = x,
    modes = shape.length,
    rank = factors[0].shape[1],
    out = new Float64Array(shape[mode] * rank),
    others = factors.map((_, n) => n).filter((n) => n !== mode);
  if (modes === 3) {
    const [p, q] = others,
      [b, c] = [factors[p].data, factors[q].data],
      data = listedMttkrp3(coordinates, values, mode, shape[mode], [b, c], rank);
    if (data) return { shape: [shape[mode], rank], data };
    for (let entry = 0, at = 0; entry < values.length; entry++, at += 3) {
      const value = values[entry];
      let to = coordinates[at + mode] * rank,
        i = coordinates[at + p] * rank,
        j = coordinates[at + q] * rank;
      for (let r = 0; r < rank; r++) out[to++] += value * b[i++] * c[j++];
    }
    return { shape: [shape[mode], rank], data: out };
  }
  const row = new Float64Array(rank);
  for (let entry = 0, at = 0; entry < values.length; entry++, at += modes) {
    row.fill(values[entry]);
    for (const n of others) {
      const f = factors[n].data,
        from = coordinates[at + n] * rank;
      for (let r = 0; r < rank; r++) row[r] *= f[from + r];
    }
    const to = coordinates[at + mode] * rank;
    for (let r = 0; r < rank; r++) out[to + r] += row[r];
  }
  return { shape: [shape[mode], rank], data: out };
}

/** The sums over the listed entries of `(x - x̂)²` and of `x̂²`. */
export function sparseResidual(
  x: SparseTensor,
  factors: readonly Matrix[],
): readonly [residual: number, model: number] {
  const { shape, coordinates, values } = x,
    modes = shape.length,
    rank = factors[0].shape[1],
    row = new Float64Array(rank);
  let residual = 0,
    squares = 0;
  for (let entry = 0, at = 0; entry < values.length; entry++, at += modes) {
    row.fill(1);
    for (let n = 0; n < modes; n++) {
      const f = factors[n].data,
        from = coordinates[at + n] * rank;
      for (let r = 0; r < rank; r++) row[r] *= f[from + r];
    }
    let sum = 0;
    for (let r = 0; r < rank; r++) sum += row[r];
    residual += (values[entry] - sum) * (values[entry] - sum);
    squares += sum * sum;
  }
  return [residual, squares];
}
