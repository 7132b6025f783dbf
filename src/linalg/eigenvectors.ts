import { type Matrix, transpose } from "../tensor";
import { checkSquare } from "./check-square";
import { rootsOf, schurOf } from "./schur";
import { schurVectors } from "./schur-vectors";
import { unitScaled } from "./unit-scale";

/**
 * Eigenvectors of a square matrix that need not be symmetric, as columns, from the largest real part of the eigenvalue
 * on; a complex pair is its real and its imaginary part.
 *
 * @returns undefined where eigenvalues did not settle
 * @throws {@link LtrnnError} when the matrix is not square, or an entry is not finite
 * @example eigenvectors(tensor([1, 1], [2]))?.shape // [1, 1]
 */
export function eigenvectors(m: Matrix): Matrix | undefined {
  const where = "eigenvectors";
  checkSquare(where, "m", m);
  const { data } = unitScaled(where, m), // the unit does not matter to eigenvectors
    schur = schurOf(data, m.shape[0], true);
  return schur && transpose({ shape: m.shape, data: schurVectors(schur, rootsOf(schur), "right") });
}
