import { random } from "../base";
import { firstColumns, haarTimes, svd, unitColumns } from "../linalg";
import { transpose, type Matrix } from "../tensor";

/** Factors in other coordinates, and the accuracy of these. */
export interface SpreadFactors {
  readonly factors: readonly Matrix[];
  /** bound on the error of the columns: rounding over the smallest direction that was kept, the largest of all modes */
  readonly rounding: number;
}

/**
 * Factors in coordinates in which the components of every mode are spread evenly: the right singular vectors of unit
 * columns, as rows. Directions at or below `tolerance` times the largest are left out. This is a projection, so a
 * decomposition that is unique after it was unique before.
 */
export function spreadOut(given: readonly Matrix[], tolerance: number): SpreadFactors {
  let rounding = 0;
  const factors = given.map((f) => {
    const { singularValues, v } = svd(unitColumns(f)),
      kept = singularValues.filter((value) => value > tolerance * singularValues[0]);
    rounding = Math.max(rounding, ((f.shape[0] + f.shape[1]) * Number.EPSILON * kept[0]) / kept[kept.length - 1]);
    return transpose(firstColumns(v, kept.length));
  });
  return { factors, rounding };
}

/** The first rows of a matrix after a random rotation, where it has more of them; columns of unit length. */
export function projected(m: Matrix, rows: number, seed: number): Matrix {
  if (rows === m.shape[0]) return unitColumns(m);
  const turned = haarTimes(m, random(seed, "koszul directions"));
  return unitColumns({ shape: [rows, m.shape[1]], data: turned.data.slice(0, rows * m.shape[1]) });
}
