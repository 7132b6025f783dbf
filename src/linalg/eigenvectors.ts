import { EigenvalueDecomposition } from "ml-matrix";
import type { Matrix } from "../tensor";
import { fromMl, toMl } from "./bridge";
import { checkSquare } from "./check-square";
import { unitScaled } from "./unit-scale";

/**
 * Eigenvectors of a square matrix that need not be symmetric, as columns; a complex pair is its real and its imaginary
 * part.
 *
 * @throws {@link LtrnnError} when the matrix is not square, or an entry is not finite
 * @example eigenvectors(tensor([1, 1], [2])).shape // [1, 1]
 */
export function eigenvectors(m: Matrix): Matrix {
  const where = "eigenvectors";
  checkSquare(where, "m", m);
  const { data } = unitScaled(where, m); // the unit does not matter to eigenvectors
  return fromMl(new EigenvalueDecomposition(toMl({ shape: m.shape, data })).eigenvectorMatrix);
}
