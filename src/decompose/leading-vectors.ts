import { firstColumns, orthonormalColumns, svd, symmetricSpectrum } from "../linalg";
import { matmul, norm, type Matrix } from "../tensor";
import { gramOf } from "./mode-kernels";

/** Eigenvalues above this share of the largest are accurate although the matrix was squared. */
const trusted = 1e-10;

/**
 * The leading left singular vectors of a matrix (size × rank), from the Gram matrix of its smaller side, or where a
 * wanted singular value is below 1e-5 of the largest from its SVD. Where it has fewer columns than the rank, columns of
 * the old factor are added.
 */
export function leadingVectorsOf(m: Matrix, rank: number, old: Matrix): Matrix {
  const [rows, columns] = m.shape;
  if (columns < rank) return firstColumns(svd(filledUp(m, rank, old)).u, rank);
  const small = rows <= columns ? 0 : 1,
    { values, leading } = symmetricSpectrum("leadingVectors", gramOf(m, small));
  if (!(values[rank - 1] > trusted * values[0])) return firstColumns(svd(m).u, rank);
  const vectors = leading(rank);
  return small === 0 ? vectors : orthonormalColumns(matmul(m, vectors));
}

/** The matrix, with the old factor appended at a scale so small that its singular vectors come last. */
function filledUp(m: Matrix, rank: number, old: Matrix): Matrix {
  const [rows, have] = m.shape,
    width = have + rank,
    data = new Float64Array(rows * width),
    small = 1e-6 * (norm(m) || 1);
  for (let i = 0; i < rows; i++) {
    data.set(m.data.subarray(i * have, (i + 1) * have), i * width);
    for (let r = 0; r < rank; r++) data[i * width + have + r] = small * old.data[i * rank + r];
  }
  return { shape: [rows, width], data };
}
