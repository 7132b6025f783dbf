import { QrDecomposition } from "ml-matrix";
import { checkTensor, type Matrix } from "../tensor";
import { fromMl, toMl } from "./bridge";

/**
 * Orthonormal columns, as many as m has, that span at least what those of m span: Q of its Householder QR. Cheaper than {@link orthonormalBasis}, which also says the rank.
 *
 * @param m - (rows × columns), no wider than tall
 * @throws {@link LtrnnError} when an entry is not finite
 * @example orthonormalColumns(tensor([2, 1], [3, 4])).shape // [2, 1]
 */
export function orthonormalColumns(m: Matrix): Matrix {
  checkTensor("orthonormalColumns", "m", m, 2);
  return fromMl(new QrDecomposition(toMl("orthonormalColumns", "m", m)).orthogonalMatrix);
}
