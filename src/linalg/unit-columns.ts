import { lengthOf, type Matrix, transpose } from "../tensor";

/** Every column over its length; columns of zeros stay as they are. */
export function unitColumns(m: Matrix): Matrix {
  const columns = transpose(m),
    length = m.shape[0];
  for (let j = 0; j < m.shape[1]; j++) {
    const column = columns.data.subarray(j * length, (j + 1) * length);
    // in two steps: a length below the range of doubles, or one beyond, is no divisor
    for (const divisor of [column.reduce((most, x) => Math.max(most, Math.abs(x)), 0), undefined]) {
      const by = divisor ?? lengthOf(column);
      if (by > 0) for (let i = 0; i < length; i++) column[i] /= by;
    }
  }
  return transpose(columns);
}
