import { safeUnit, square } from "../base";
import type { Matrix } from "../tensor";

/**
 * The coefficient of determination `1 - Σ (y - ŷ)² / Σ (y - mean)²` of each column, averaged over columns, as
 * scikit-learn defines it: a column that does not vary scores 1 where the prediction is exact, else 0. Means are
 * computed relative to the first entry of a column, so that the mean of equal entries is exact.
 */
export function r2Score({ shape: [rows, columns], data }: Matrix, prediction: Matrix): number {
  let sum = 0;
  for (let c = 0; c < columns; c++) {
    let mean = 0,
      left = 0,
      whole = 0,
      largest = 0,
      largestOfBoth = 0;
    for (let i = c; i < rows * columns; i += columns) {
      largest = Math.max(largest, Math.abs(data[i]));
      largestOfBoth = Math.max(largestOfBoth, Math.abs(data[i]), Math.abs(prediction.data[i]));
    }
    const unit = safeUnit(largest),
      unitOfBoth = safeUnit(largestOfBoth),
      fromFirst = (i: number) => unit * data[i] - unit * data[c];
    for (let i = c; i < rows * columns; i += columns) mean += fromFirst(i) / rows;
    for (let i = c; i < rows * columns; i += columns) {
      left += square(unitOfBoth * data[i] - unitOfBoth * prediction.data[i]);
      whole += square(fromFirst(i) - mean);
    }
    sum += whole > 0 ? 1 - (left / whole) * square(unit / unitOfBoth) : left === 0 ? 1 : 0;
  }
  return sum / columns;
}
