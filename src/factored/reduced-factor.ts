import { householderQr, triangle } from "../linalg";
import type { Matrix } from "../tensor";

/** A matrix with the same inner products of columns, and no more rows than columns: R of its QR. */
export function reducedFactor(f: Matrix): Matrix {
  const [rows, columns] = f.shape;
  return rows <= columns ? f : triangle(householderQr(f.data.slice(), rows, columns));
}
