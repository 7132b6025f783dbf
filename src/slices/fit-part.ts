import { contractMode, gramOf, nonNegative } from "../decompose";
import { symmetricSpectrum } from "../linalg";
import { gram, matmul, norm, transpose, type Matrix } from "../tensor";

/** Components of one kind as matrices: vectors (size × rank) and slices (rank × others). */
export interface FlatPart {
  readonly vectors: Matrix;
  readonly slices: Matrix;
}

/**
 * The best approximation of a matrix by one of this rank: its leading left singular vectors, and the projection on
 * them.
 *
 * @remarks By the eigenvectors of `m m'`, or of `m' m` where that is smaller.
 */
export function bestOfRank(m: Matrix, rank: number): FlatPart {
  const [rows, columns] = m.shape,
    leading = (mode: 0 | 1) => symmetricSpectrum("sliceTca", gramOf(m, mode)).leading(rank);
  if (rows <= columns) {
    const vectors = leading(0);
    return { vectors, slices: contractMode(m, vectors, 0) as Matrix };
  }
  const right = leading(1);
  return { vectors: contractMode(m, right, 1) as Matrix, slices: transpose(right) };
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
