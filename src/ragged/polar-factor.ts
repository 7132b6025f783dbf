import { svd, symmetricEigen } from "../linalg";
import { gram, matmul, transpose, type Matrix } from "../tensor";

/**
 * The matrix with orthonormal columns nearest to m (rows × columns, rows at least columns): `u v'` of its singular
 * value decomposition, which makes `tr(p' m)` largest.
 *
 * @remarks By the eigenvectors of `m' m` where these hold half the digits or more, with a step of Newton and Schulz
 * that makes the columns orthonormal to rounding; else by the decomposition itself.
 * @see Higham (2008), Functions of Matrices, chapter 8
 */
export function polarFactor(m: Matrix): Matrix {
  const columns = m.shape[1],
    { values, vectors } = symmetricEigen(gram(m));
  if (!(values[columns - 1] > 1e-7 * values[0])) {
    const { u, v } = svd(m);
    return matmul(u, transpose(v));
  }
  const scaled: Matrix = {
    shape: vectors.shape,
    data: vectors.data.map((value, i) => value / Math.sqrt(values[i % columns])),
  };
  const near = matmul(m, matmul(scaled, transpose(vectors))),
    correction = gram(near).data.map((g, i) => (i % (columns + 1) === 0 ? 1.5 : 0) - g / 2);
  return matmul(near, { shape: [columns, columns], data: correction });
}
