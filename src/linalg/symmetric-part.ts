import { type Matrix, transpose } from "../tensor";

/** The symmetric part of a square matrix, so that rounding adds up to nothing else. */
export function symmetricPart(m: Matrix): Matrix {
  const { data } = transpose(m);
  return { shape: m.shape, data: m.data.map((x, i) => (x + data[i]) / 2) };
}
