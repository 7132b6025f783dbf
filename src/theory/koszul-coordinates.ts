import { random } from "../base";
import { firstColumns, haarTimes, svd, unitColumns } from "../linalg";
import { transpose, type Matrix } from "../tensor";

/**
 * Factors in coordinates in which the components of every mode spread evenly: the right singular vectors of unit
 * columns, as rows. Directions at or below `tolerance` times the largest are left out. A projection, then: what is
 * unique after it was so before it.
 */
export function spreadOut(factors: readonly Matrix[], tolerance: number): Matrix[] {
  return factors.map((f) => {
    const { singularValues, v } = svd(unitColumns(f));
    return transpose(firstColumns(v, singularValues.filter((value) => value > tolerance * singularValues[0]).length));
  });
}

/** The first rows of a matrix after a random rotation, where it has more of them; columns of unit length. */
export function projected(m: Matrix, rows: number, seed: number): Matrix {
  if (rows === m.shape[0]) return unitColumns(m);
  const turned = haarTimes(m, random(seed, "koszul directions"));
  return unitColumns({ shape: [rows, m.shape[1]], data: turned.data.slice(0, rows * m.shape[1]) });
}
