import { fail } from "../base";
import { checkFinite, checkTensor, type Matrix, shapeText } from "../tensor";
import { householderQr, thinQ } from "./qr";
import { unitScaled } from "./unit-scale";

/**
 * Orthonormal columns, as many as m has, that span at least what those of m span: Q of its Householder QR. Cheaper than
 * {@link orthonormalBasis}, which also says the rank.
 *
 * @param m - (rows × columns), no wider than tall
 * @throws {@link LtrnnError} when m is wider than tall, or an entry is not finite
 * @example orthonormalColumns(tensor([2, 1], [3, 4])).shape // [2, 1]
 */
export function orthonormalColumns(m: Matrix): Matrix {
  const where = "orthonormalColumns";
  checkTensor(where, "m", m, 2);
  const [rows, columns] = m.shape;
  if (rows < columns)
    fail(where, {
      expected: "m to have no more columns than rows",
      got: shapeText(m.shape),
      fix: "Take fewer columns: more cannot be orthonormal.",
    });
  checkFinite(where, "m", m);
  return thinQ(householderQr(unitScaled(where, m).data, rows, columns));
}
