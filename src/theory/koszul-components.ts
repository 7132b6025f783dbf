import { random, type Random } from "../base";
import { eigenvectors, firstColumns, haarTimes, householderQr, pseudoInverse, svd, triangle } from "../linalg";
import {
  identity,
  khatriRao,
  matmul,
  modeProduct,
  transpose,
  unfold,
  zeros,
  type Matrix,
  type Tensor,
} from "../tensor";
import { binomial, wedgeEntries } from "./exterior";
import { sizesOf, type KoszulFlattening } from "./koszul-flattening";
import { complementOf, pairEquations } from "./koszul-spans";

/**
 * The factors of a tensor by linear algebra, without a start: what its flattening spans, the pairs of vectors that
 * lie in there, and those of rank one among them, by simultaneous diagonalization. Exact where the conditions of
 * docs/theory.md D5 hold and x has that rank; near otherwise.
 *
 * @returns undefined where eigenvalues do not converge, or numbers stop being finite
 * @see Kothari, Moitra & Wein (2024), arXiv 2411.14344; De Lathauwer, Castaing & Cardoso (2007), section III
 */
export function koszulComponents(
  flattening: KoszulFlattening,
  x: Tensor,
  rank: number,
  seed: number,
): Matrix[] | undefined {
  const { mode, directions, end } = flattening,
    { domain, range, paired, each } = sizesOf(flattening, x.shape, rank),
    stream = random(seed, "koszul components");
  const y = onDirections(flattening, x, seed);
  const { u, v } = svd(flattened(flattening, y, domain, range)),
    span = firstColumns(end === "range" ? u : v, rank * each),
    basis = nullVectors(pairEquations(flattening, complementOf(span, stream)), rank),
    mixing = rankOneMixtures(basis, directions, y.shape[paired], stream);
  if (!mixing) return undefined;
  const pairs = matmul(basis, mixing),
    factors: Matrix[] = x.shape.map((size, n) => zeros([n === mode ? directions : size, rank]));
  for (let r = 0; r < rank; r++) {
    const pair: Matrix = {
      shape: [directions, y.shape[paired]],
      data: Float64Array.from({ length: pairs.shape[0] }, (_, k) => pairs.data[k * rank + r]),
    };
    const leading = svd(pair);
    for (const [n, vectors] of [
      [mode, leading.u],
      [paired, leading.v],
    ] as const)
      for (let i = 0; i < vectors.shape[0]; i++) factors[n].data[i * rank + r] = vectors.data[i * vectors.shape[1]];
  }
  const third = end === "range" ? domain : range;
  factors[third] = leastSquaresFactor(y, factors, third);
  factors[mode] = leastSquaresFactor(x, factors, mode);
  return factors.every(({ data }) => data.every(Number.isFinite)) ? factors : undefined;
}

/** x with the mode that is wedged projected on orthonormal directions. */
export function onDirections({ mode, directions }: KoszulFlattening, x: Tensor, seed: number): Tensor {
  const turned = haarTimes(identity(x.shape[mode]), random(seed, "koszul directions"));
  return modeProduct(
    x,
    { shape: [directions, x.shape[mode]], data: turned.data.slice(0, directions * x.shape[mode]) },
    mode,
  );
}

/** The matrix of the flattening: `Λ^p ⊗ R^u → Λ^(p+1) ⊗ R^v`. */
export function flattened(
  { mode, directions, power }: KoszulFlattening,
  y: Tensor,
  domain: number,
  range: number,
): Matrix {
  const [from, to] = [y.shape[domain], y.shape[range]],
    slices = unfold(y, mode), // columns (u, v), u before v
    columns = binomial(directions, power) * from,
    out = zeros([binomial(directions, power + 1) * to, columns]);
  for (const entry of wedgeEntries(directions, power))
    for (let j = 0; j < from; j++)
      for (let k = 0; k < to; k++)
        out.data[(entry.to * to + k) * columns + entry.from * from + j] =
          entry.sign * slices.data[(entry.i * from + j) * to + k];
  return out;
}

/** The right singular vectors of the `count` smallest singular values, as columns. */
function nullVectors(m: Matrix, count: number): Matrix {
  const [rows, columns] = m.shape;
  let square: Matrix = zeros([columns, columns]);
  if (rows > columns) square = triangle(householderQr(m.data.slice(), rows, columns));
  else square.data.set(m.data);
  const { v } = svd(square),
    out = zeros([columns, count]);
  for (let i = 0; i < columns; i++)
    for (let k = 0; k < count; k++) out.data[i * count + k] = v.data[i * columns + columns - count + k];
  return out;
}

/**
 * The linear combinations of the matrices in the columns of `basis` that have rank one, as columns: symmetric
 * combinations of two on which all 2 × 2 minors vanish are sums of multiples of w_r w_r', so quotients of two such have
 * eigenvectors w_r.
 */
function rankOneMixtures(basis: Matrix, rows: number, columns: number, stream: Random): Matrix | undefined {
  const rank = basis.shape[1];
  if (rank === 1) return identity(1);
  const squares = nullVectors(polarMinors(basis, rows, columns), rank),
    mixture = (): Matrix => {
      const out = zeros([rank, rank]),
        weights = Float64Array.from({ length: rank }, stream.normal);
      for (let s = 0, row = 0; s < rank; s++)
        for (let t = s; t < rank; t++, row++) {
          let sum = 0;
          for (let k = 0; k < rank; k++) sum += squares.data[row * rank + k] * weights[k];
          out.data[s * rank + t] = out.data[t * rank + s] = s === t ? sum : sum / Math.SQRT2;
        }
      return out;
    };
  return eigenvectors(matmul(mixture(), pseudoInverse(mixture())));
}

/** A column for every pair s ≤ t of matrices: the minors' symmetric bilinear form, in orthonormal coordinates. */
function polarMinors(basis: Matrix, rows: number, columns: number): Matrix {
  const rank = basis.shape[1],
    couples = (rank * (rank + 1)) / 2,
    out = zeros([binomial(rows, 2) * binomial(columns, 2), couples]),
    entry = (i: number, k: number, s: number) => basis.data[(i * columns + k) * rank + s];
  let to = 0;
  for (let i = 0; i < rows; i++)
    for (let j = i + 1; j < rows; j++)
      for (let k = 0; k < columns; k++)
        for (let l = k + 1; l < columns; l++)
          for (let s = 0; s < rank; s++)
            for (let t = s; t < rank; t++, to++)
              out.data[to] =
                (s === t ? 1 : Math.SQRT2) *
                (entry(i, k, s) * entry(j, l, t) +
                  entry(i, k, t) * entry(j, l, s) -
                  entry(i, l, s) * entry(j, k, t) -
                  entry(i, l, t) * entry(j, k, s));
  return out;
}

/** The best factor of a mode, given all others. */
function leastSquaresFactor(x: Tensor, factors: readonly Matrix[], mode: number): Matrix {
  const others = khatriRao(factors.filter((_, n) => n !== mode));
  return matmul(unfold(x, mode), transpose(pseudoInverse(others)));
}
