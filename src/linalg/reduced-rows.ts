import { type Matrix, zeros } from "../tensor";
import { householderQr, triangle } from "./qr";

/**
 * A matrix with the same singular values and at most twice as many rows as columns: R of the QR of blocks, each below
 * the R of those before.
 */
export function reducedRows(m: Matrix): Matrix {
  const [rows, n] = m.shape;
  if (rows <= 2 * n || n === 0) return m;
  const height = Math.max(3 * n, 64); // R and twice as many new rows
  let r = zeros([0, n]) as Matrix;
  for (let first = 0; first < rows; ) {
    const fresh = Math.min(height - r.shape[0], rows - first);
    const block = zeros([r.shape[0] + fresh, n]);
    block.data.set(r.data);
    block.data.set(m.data.subarray(first * n, (first + fresh) * n), r.data.length);
    first += fresh;
    r = triangle(householderQr(block.data, block.shape[0], n)); // the first block has n rows and more
  }
  return r;
}
