import { bestAssignment } from "../factored";
import { twoSidedEigen } from "../linalg";
import { matmul, type Matrix, subtract } from "../tensor";

/** Eigenvalues in an order that is kept from trial to trial. */
export interface Spectrum {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** Which eigenvalue of the second matrix each of the first becomes, and which of them could not be distinguished. */
export interface Match {
  readonly to: readonly number[];
  readonly unclear: readonly number[];
}

interface Decomposed {
  readonly matrix: Matrix;
  readonly real: readonly number[];
  readonly imaginary: readonly number[];
  readonly vectors: Matrix;
  readonly left: Matrix;
}

export const decompose = (where: string, matrix: Matrix): Decomposed => ({ matrix, ...twoSidedEigen(where, matrix) });

/**
 * Follow eigenvalues while a matrix is interpolated linearly to another. Perturbation theory predicts each to first
 * order, `lambda + w' (B - A) v / w' v`; eigenvalues of the second matrix are assigned to these predictions with the
 * least sum of distances. Where that is not clear, the interval is halved.
 */
export function matchSpectra(where: string, a: Decomposed, b: Decomposed, halvings: number): Match {
  const { to, unclear } = assigned(a, b);
  if (unclear.length === 0 || halvings === 0) return { to, unclear };
  const middle = decompose(where, {
    shape: a.matrix.shape,
    data: a.matrix.data.map((x, entry) => x / 2 + b.matrix.data[entry] / 2),
  });
  const first = matchSpectra(where, a, middle, halvings - 1),
    second = matchSpectra(where, middle, b, halvings - 1);
  const before = first.to.map((_, i) => i).filter((i) => second.unclear.includes(first.to[i]));
  return {
    to: first.to.map((i) => second.to[i]),
    unclear: [...new Set([...first.unclear, ...before])].sort((i, j) => i - j),
  };
}

function assigned(a: Decomposed, b: Decomposed): Match {
  const n = a.real.length,
    predicted = predictions(a, subtract(b.matrix, a.matrix));
  const distances = Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) =>
      modulus(b.real[j] - predicted.real[i], b.imaginary[j] - predicted.imaginary[i]),
    ),
  );
  const to = bestAssignment(distances.map((row) => row.map((x) => -x)));
  let size = 0;
  for (let i = 0; i < n; i++)
    size = Math.max(size, Math.abs(a.real[i]), Math.abs(a.imaginary[i]), Math.abs(b.real[i]), Math.abs(b.imaginary[i]));
  const unclear = to
    .map((_, i) => i)
    .filter((i) => {
      const own = distances[i][to[i]];
      return own > rounding * size && distances.some((row, other) => other !== i && own > row[to[i]] / 2);
    });
  return { to, unclear };
}

/** Eigenvalues nearer to their prediction than this share of the largest count as predicted. */
const rounding = 1e-9;
/** A cosine between left and right eigenvectors below this means that the eigenvalue is about to merge with another. */
const defective = 1e-6;

/** The modulus of a complex number; no square overflows or underflows. */
export const modulus = (x: number, y: number): number => {
  const size = Math.max(Math.abs(x), Math.abs(y));
  return size === 0 ? 0 : size * Math.sqrt((x / size) * (x / size) + (y / size) * (y / size));
};

/** The eigenvalues to first order. */
function predictions({ real, imaginary, vectors, left }: Decomposed, change: Matrix): Spectrum {
  const n = real.length,
    moved = matmul(change, vectors),
    out = { real: Float64Array.from(real), imaginary: Float64Array.from(imaginary) };
  // w' m v for w = (w_j + i w_j+1), v alike, where j is the first of a pair
  const product = (m: Matrix, j: number, paired: boolean): readonly [number, number] => {
    let re = 0,
      im = 0;
    for (let i = 0, row = j; i < n; i++, row += n) {
      const p = left.data[row],
        q = paired ? left.data[row + 1] : 0,
        x = m.data[row],
        y = paired ? m.data[row + 1] : 0;
      re += p * x - q * y;
      im += p * y + q * x;
    }
    return [re, im];
  };
  for (let j = 0; j < n; j++) {
    const paired = imaginary[j] !== 0,
      [a, b] = product(moved, j, paired),
      [c, d] = product(vectors, j, paired),
      squares = c * c + d * d;
    if (squares > defective * defective) {
      const shiftReal = (a * c + b * d) / squares,
        shiftImaginary = (b * c - a * d) / squares;
      out.real[j] += shiftReal;
      out.imaginary[j] += shiftImaginary;
      if (paired) {
        out.real[j + 1] += shiftReal;
        out.imaginary[j + 1] -= shiftImaginary;
      }
    }
    if (paired) j++;
  }
  return out;
}
