import { square } from "../base";
import type { Matrix } from "../tensor";

/**
 * The coefficient of determination `1 - Σ (y - ŷ)² / Σ (y - mean)²` of each column, in the mean over columns, as
 * scikit-learn defines it: a column that does not vary counts 1 where it is met exactly, else 0.
 */
export function r2Score({ shape: [rows, columns], data }: Matrix, prediction: Matrix): number {
  let sum = 0;
  for (let c = 0; c < columns; c++) {
    let mean = 0,
      left = 0,
      whole = 0;
    for (let i = 0; i < rows; i++) mean += data[i * columns + c] / rows;
    for (let i = 0; i < rows; i++) {
      left += square(data[i * columns + c] - prediction.data[i * columns + c]);
      whole += square(data[i * columns + c] - mean);
    }
    sum += whole > 0 ? 1 - left / whole : left === 0 ? 1 : 0;
  }
  return sum / columns;
}
