import { contraction } from "../kernels";
import { householderQr, lowerFactor, lowerInverse, thinQ, triangle } from "../linalg";
import { transpose, type Matrix } from "../tensor";

/**
 * The Q of `X = Q R`, R upper triangular with a positive diagonal: orthonormal columns, a smooth function of X, beside
 * its adjoint `dX = (dQ + Q S) R^-T`, with S symmetric and `-dQ' Q` in its lower triangle. A matrix with fewer rows
 * than columns gets orthonormal rows in the same way. Where columns are dependent, Q is still orthonormal, and the
 * gradient is no number.
 *
 * By Cholesky factors of X'X, twice where the first leaves columns that are orthonormal only roughly, or by Householder
 * reflections where it does not exist.
 *
 * @remarks O(rows · columns²), in products of the SIMD kernels.
 * @see Walter & Lehmann (2010), Algorithmic differentiation of linear algebra functions with application in optimum
 * experimental design, section 3; Yamamoto, Nakatsukasa, Yanagisawa & Fukaya (2015), Roundoff error analysis of the
 * CholeskyQR2 algorithm, Electronic Transactions on Numerical Analysis 44
 */
export function orthonormalized(x: Matrix): readonly [q: Matrix, adjoint: (dq: Matrix) => Matrix] {
  const [rows, columns] = x.shape;
  if (rows === 0 || columns === 0) return [x, (dq) => dq];
  if (rows < columns) {
    const [q, adjoint] = orthonormalized(transpose(x));
    return [transpose(q), (dq) => transpose(adjoint(transpose(dq)))];
  }
  const { q, inverse } = decomposed(x);
  const adjoint = (dq: Matrix): Matrix => {
    const m = timesTransposed(transpose(dq), transpose(q)), // dQ' Q
      s = m.data;
    for (let i = 0; i < columns; i++)
      for (let j = 0; j <= i; j++) s[i * columns + j] = s[j * columns + i] = -s[i * columns + j];
    const qs = timesTransposed(q, m), // S is symmetric
      sum = qs.data;
    for (let i = 0; i < sum.length; i++) sum[i] += dq.data[i];
    return timesTransposed(qs, transpose(inverse));
  };
  return [q, adjoint];
}

interface Decomposed {
  readonly q: Matrix;
  /** R^-T, lower triangular */
  readonly inverse: Matrix;
}

/** A first pass leaves columns orthonormal to the square of the condition, and a second one to rounding, up to here. */
const mostSquare = 0.1,
  roughSquare = 1e-12;

function decomposed(x: Matrix): Decomposed {
  const first = byCholesky(x);
  if (!first || !(first.loss <= mostSquare)) return byReflections(x);
  if (first.loss <= roughSquare) return first;
  const second = byCholesky(first.q);
  if (!second) return byReflections(x);
  return { q: second.q, inverse: timesTransposed(second.inverse, transpose(first.inverse)) };
}

/** Beside it a bound of what the columns lose in orthogonality. */
function byCholesky(x: Matrix): (Decomposed & { readonly loss: number }) | undefined {
  const xT = transpose(x),
    lower = lowerFactor(timesTransposed(xT, xT)); // R'
  if (!lower) return undefined;
  const inverse = lowerInverse(lower),
    // of all matrices with the condition k, that with singular values in the middle has the least product of norms
    condition = frobenius(lower) * frobenius(inverse) - x.shape[1] + 2;
  return { q: timesTransposed(x, inverse), inverse, loss: condition * condition * Number.EPSILON };
}

function byReflections(x: Matrix): Decomposed {
  const [rows, columns] = x.shape,
    qr = householderQr(x.data.slice(), rows, columns),
    q = thinQ(qr),
    lower = transpose(triangle(qr)),
    signs = qr.d.map((d) => (d < 0 ? -1 : 1));
  for (let index = 0; index < q.data.length; index++) q.data[index] *= signs[index % columns];
  for (let index = 0; index < lower.data.length; index++) lower.data[index] *= signs[index % columns];
  return { q, inverse: lowerInverse(lower) };
}

/** `a b'`, by the kernels. */
const timesTransposed = (a: Matrix, b: Matrix): Matrix => ({
  shape: [a.shape[0], b.shape[0]],
  data: contraction(a.data, a.shape[0], a.shape[1]).right(b.data, b.shape[0]),
});

const frobenius = ({ data }: Matrix): number => {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data[i] * data[i];
  return Math.sqrt(sum);
};
