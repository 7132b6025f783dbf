import { svd } from "../linalg";
import { addGramOfColumns, addRight, contractionKernels } from "../kernels";
import { matmul, transpose } from "../tensor";
import { rotateToDiagonal } from "./rotate-to-diagonal";

/** Eigenvalues of `m' m` below this share of the largest have too few digits: the matrix itself is decomposed. */
const trusted = 1e-7;

/** Below this share, columns are not yet orthonormal to rounding, and a Newton-Schulz step makes them so. */
const exact = 1e-2;

/**
 * Replaces matrices in the workspace by their polar factors: the matrix with orthonormal columns nearest to m (rows ×
 * columns, rows at least columns), `u v'` of its singular value decomposition, which makes `tr(p' m)` largest. It is `m
 * (m' m)^(-1/2)`, by the eigenvectors of `m' m` where these have at least half of the digits, else by the singular
 * value decomposition of m.
 *
 * @param mostRows - the most rows of a matrix
 * @returns a function of the address of a matrix and its number of rows
 * @see Higham (2008), Functions of Matrices, chapter 8
 */
export function polarWork(columns: number, mostRows: number): (address: number, rows: number) => void {
  const kernels = contractionKernels(),
    { workspace } = kernels,
    n = columns,
    squares = workspace.take(n * n * 8),
    root = workspace.take(n * n * 8),
    product = workspace.take(mostRows * n * 8),
    small = new Float64Array(n * n),
    vectors = new Float64Array(n * n);
  return (address, rows) => {
    const reals = workspace.f64,
      at = address / 8;
    gramInto(address, rows);
    rotateToDiagonal(small, vectors, n);
    let least = Infinity,
      most = 0;
    for (let i = 0; i < n; i++) {
      least = Math.min(least, small[i * (n + 1)]);
      most = Math.max(most, small[i * (n + 1)]);
    }
    if (!(least > trusted * most)) {
      const { u, v } = svd({ shape: [rows, n], data: reals.slice(at, at + rows * n) });
      reals.set(matmul(u, transpose(v)).data, at);
      return;
    }
    for (let i = 0; i < n; i++) small[i * (n + 1)] = 1 / Math.sqrt(small[i * (n + 1)]);
    for (let i = 0; i < n; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += vectors[i * n + k] * vectors[j * n + k] * small[k * (n + 1)];
        reals[root / 8 + i * n + j] = sum;
        reals[root / 8 + j * n + i] = sum;
      }
    timesRoot(address, rows);
    if (least > exact * most) return;
    gramInto(address, rows);
    for (let i = 0; i < n * n; i++) reals[root / 8 + i] = (i % (n + 1) === 0 ? 1.5 : 0) - small[i] / 2;
    timesRoot(address, rows);
  };

  /** `m' m` of the matrix there, into `small`. */
  function gramInto(address: number, rows: number): void {
    const reals = workspace.f64,
      first = squares / 8;
    reals.fill(0, first, first + n * n);
    addGramOfColumns(kernels, squares, address, rows, n);
    for (let i = 0; i < n; i++)
      for (let j = i; j < n; j++) {
        small[i * n + j] = reals[first + i * n + j];
        small[j * n + i] = reals[first + i * n + j];
      }
  }

  /** The matrix there times the symmetric one in `root`. */
  function timesRoot(address: number, rows: number): void {
    workspace.f64.fill(0, product / 8, product / 8 + rows * n);
    addRight(kernels, product, address, root, rows, n, n);
    workspace.f64.copyWithin(address / 8, product / 8, product / 8 + rows * n);
  }
}
