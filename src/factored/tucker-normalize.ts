import { readOptions, type FieldsOf } from "../base";
import { householderQr, thinQ, triangle } from "../linalg";
import { modeProduct, type Matrix, type Tensor } from "../tensor";
import { checkTucker, type Tucker } from "./tucker-to-tensor";
import { checkRange, columnExponents, dividedColumns, timesPowerOfTwo } from "./units";

export interface TuckerNormalizeOptions {
  /** "unit" columns, which keep their directions; or "orthonormal" ones of the same spans. Default "unit" */
  readonly columns?: "unit" | "orthonormal";
}

const fields = {
  columns: { is: "name", of: ["unit", "orthonormal"], fallback: "unit" },
} as const satisfies FieldsOf<TuckerNormalizeOptions>;

/**
 * The same tensor with columns of unit length in every factor, and their scale in the core; or with orthonormal
 * columns, so that the core has the norm of the tensor. A column of zeros stays one, where it is to be a unit column.
 *
 * @returns with "orthonormal", no more columns than a mode has indices
 * @throws {@link LtrnnError} when core and factors disagree, or an entry would leave the range of doubles
 * @remarks O(sum of sizes · rank²), and products of the core with small matrices.
 * @example tuckerNormalize({ core: tensor([1, 1], [2]), factors: [tensor([2, 1], [3, 4]), tensor([1, 1], [1])] })
 * .core.data // Float64Array [10]
 */
export function tuckerNormalize(decomposition: Tucker, options: TuckerNormalizeOptions = {}): Tucker {
  const where = "tuckerNormalize",
    { columns } = readOptions<TuckerNormalizeOptions, typeof fields>(where, options, fields);
  checkTucker(where, decomposition);
  let core: Tensor = decomposition.core;
  const factors = decomposition.factors.map((u, mode): Matrix => {
    const exponents = columnExponents(u),
      inside = dividedColumns(u, exponents),
      [factor, scale] = columns === "unit" ? unitColumns(inside) : orthonormal(inside),
      [rows, rank] = scale.shape;
    core = modeProduct(
      core,
      { shape: [rows, rank], data: scale.data.map((value, i) => timesPowerOfTwo(value, exponents[i % rank])) },
      mode,
    );
    checkRange(where, "the core", core.data);
    return factor;
  });
  return { core, factors };
}

/** A matrix as one with unit columns times a diagonal. */
function unitColumns({ shape: [size, rank], data }: Matrix): readonly [Matrix, Matrix] {
  const scale: Matrix = { shape: [rank, rank], data: new Float64Array(rank * rank) };
  data.forEach((value, i) => {
    scale.data[(i % rank) * (rank + 1)] += value * value;
  });
  for (let r = 0; r < rank; r++) scale.data[r * (rank + 1)] = Math.sqrt(scale.data[r * (rank + 1)]);
  return [
    { shape: [size, rank], data: data.map((value, i) => value / (scale.data[(i % rank) * (rank + 1)] || 1)) },
    scale,
  ];
}

/** A matrix as one with orthonormal columns times another: its QR, or the identity times itself where it is wide. */
function orthonormal(u: Matrix): readonly [Matrix, Matrix] {
  const [size, rank] = u.shape;
  if (size < rank) {
    const identity: Matrix = { shape: [size, size], data: new Float64Array(size * size) };
    for (let i = 0; i < size; i++) identity.data[i * (size + 1)] = 1;
    return [identity, u];
  }
  const qr = householderQr(u.data.slice(), size, rank);
  return [thinQ(qr), triangle(qr)];
}
