import { EigenvalueDecomposition } from "ml-matrix";
import { checkTensor, type Matrix } from "../tensor";
import { fromMl, toMl } from "./bridge";

/**
 * Eigenvectors of a square matrix that need not be symmetric, as columns; a complex pair is its real and its imaginary part.
 *
 * @throws {@link LtrnnError} when an entry is not finite
 * @example eigenvectors(tensor([1, 1], [2])).shape // [1, 1]
 */
export function eigenvectors(m: Matrix): Matrix {
  checkTensor("eigenvectors", "m", m, 2);
  return fromMl(new EigenvalueDecomposition(toMl("eigenvectors", "m", m)).eigenvectorMatrix);
}
