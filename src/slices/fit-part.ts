import { gramOf, nonNegative } from "../decompose";
import { orthonormalColumns, symmetricSpectrum } from "../linalg";
import { gram, matmul, norm, transpose, type Matrix, type Tensor } from "../tensor";
import { rowsOf, type FlatPart } from "./part";

/** Orthonormal leading left singular vectors of the unfolding of a mode, by the Gram matrix of its smaller side. */
export function leadingOf(x: Tensor, rank: number, mode: number): Matrix {
  const size = x.shape[mode],
    leading = (m: Tensor, side: number) => symmetricSpectrum("sliceTca", gramOf(m, side)).leading(rank);
  if (size * size <= x.data.length) return leading(x, mode);
  const rows = rowsOf(x, mode);
  return orthonormalColumns(matmul(rows, leading(rows, 1)));
}

/** Non-negative vectors and slices with an error no larger than before: rounds of hierarchical least squares. */
export function nonNegativePart(m: Matrix, { vectors, slices }: FlatPart): FlatPart {
  const { update } = nonNegative({ rounds: 3 }),
    found = update(gram(transpose(slices)), matmul(m, transpose(slices)), vectors),
    across = update(gram(found), matmul(transpose(m), found), transpose(slices));
  return { vectors: found, slices: transpose(across) };
}

/** Unit vectors, sorted by the size of their slices. */
export function sorted({ vectors, slices }: FlatPart): FlatPart {
  const [size, rank] = vectors.shape,
    others = slices.shape[1],
    lengths = Array.from({ length: rank }, (_, r) =>
      norm({ shape: [size], data: vectors.data.filter((_, i) => i % rank === r) }),
    ),
    scaled = slices.data.map((value, i) => value * lengths[Math.floor(i / others)]),
    sizes = lengths.map((_, r) => norm({ shape: [others], data: scaled.subarray(r * others, (r + 1) * others) })),
    order = sizes.map((_, r) => r).sort((r, s) => sizes[s] - sizes[r]);
  return {
    vectors: {
      shape: vectors.shape,
      data: vectors.data.map(
        (_, i) => vectors.data[i - (i % rank) + order[i % rank]] / (lengths[order[i % rank]] || 1),
      ),
    },
    slices: {
      shape: slices.shape,
      data: scaled.map((_, i) => scaled[order[Math.floor(i / others)] * others + (i % others)]),
    },
  };
}

/** The same components with vectors as long as their slices; a component of zeros stays as it is. */
export function balanced<Slices extends Tensor>({
  vectors,
  slices,
}: {
  readonly vectors: Matrix;
  readonly slices: Slices;
}) {
  const rank = vectors.shape[1],
    others = slices.data.length / Math.max(1, rank),
    scales = Array.from({ length: rank }, (_, r) => {
      let [u, s] = [0, 0];
      for (let i = r; i < vectors.data.length; i += rank) u += vectors.data[i] * vectors.data[i];
      for (let i = r * others; i < (r + 1) * others; i++) s += slices.data[i] * slices.data[i];
      return u > 0 && s > 0 ? Math.sqrt(Math.sqrt(s / u)) : 1;
    });
  return {
    vectors: { shape: vectors.shape, data: vectors.data.map((value, i) => value * scales[i % rank]) },
    slices: { ...slices, data: slices.data.map((value, i) => value / scales[Math.floor(i / others)]) },
  };
}
