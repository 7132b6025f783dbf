import { type FieldsOf, readOptions } from "../base";
import type { Matrix } from "../tensor";
import { firstColumns } from "./columns";
import { svdFor } from "./svd";
import { roundingOf, toleranceField, type ToleranceOptions } from "./tolerance";

const fields = { tolerance: toleranceField } as const satisfies FieldsOf<ToleranceOptions>;

/**
 * An orthonormal basis of a matrix's column space, by SVD: as many columns as its numerical rank, the most important
 * first.
 *
 * @returns (rows × rank)
 * @throws {@link LtrnnError} when an entry is not finite
 * @example orthonormalBasis(tensor([2, 2], [0, 0, 5, 10])).shape // [2, 1]
 */
export function orthonormalBasis(m: Matrix, options: ToleranceOptions = {}): Matrix {
  const { u, singularValues } = svdFor("orthonormalBasis", m);
  const { tolerance = roundingOf(m) } = readOptions("orthonormalBasis", options, fields);
  return firstColumns(u, singularValues.filter((value) => value > tolerance * singularValues[0]).length);
}
