import type { Matrix } from "../tensor";

/** A proximal operator on one column, in place. */
type OnColumn = (column: Float64Array) => void;

/** A matrix each of whose columns is changed. */
export function byColumn({ shape, data }: Matrix, change: OnColumn): Matrix {
  const [rows, rank] = shape,
    out = data.slice(),
    column = new Float64Array(rows);
  for (let r = 0; r < rank; r++) {
    for (let i = 0; i < rows; i++) column[i] = data[i * rank + r];
    change(column);
    for (let i = 0; i < rows; i++) out[i * rank + r] = column[i];
  }
  return { shape, data: out };
}

/** Entries shrunk towards 0: the proximal operator of `by` times the sum of absolute entries. */
export function soften(column: Float64Array, by: number): void {
  for (let i = 0; i < column.length; i++)
    column[i] = Math.abs(column[i]) > by ? column[i] - Math.sign(column[i]) * by : 0;
}

/** A column shrunk towards 0: the proximal operator of `by` times its length. */
export function shorten(column: Float64Array, by: number): void {
  const length = Math.sqrt(column.reduce((sum, x) => sum + x * x, 0));
  for (let i = 0; i < column.length; i++) column[i] = length > by ? column[i] * (1 - by / length) : 0;
}

/** The nearest column of length 1; where it is zero, one of equal entries. */
export function normalize(column: Float64Array): void {
  const largest = column.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (largest === 0) column.fill(1);
  else for (let i = 0; i < column.length; i++) column[i] /= largest;
  const length = Math.sqrt(column.reduce((sum, x) => sum + x * x, 0));
  for (let i = 0; i < column.length; i++) column[i] /= length;
}

/** The `count` entries of largest magnitude, earlier ones first in ties; the others become 0. */
export function keepLargest(column: Float64Array, count: number): void {
  const order = Array.from(column.keys()).sort((i, j) => Math.abs(column[j]) - Math.abs(column[i]) || i - j);
  for (const i of order.slice(count)) column[i] = 0;
}

/**
 * The nearest column of entries of at least 0 that sum to `total`.
 *
 * @see Held, Wolfe & Crowder (1974), Validation of subgradient optimization, Mathematical Programming 6
 */
export function toSimplex(column: Float64Array, total: number): void {
  const sorted = column.slice().sort().reverse();
  let sum = 0,
    shift = 0;
  for (let k = 0; k < sorted.length; k++) {
    sum += sorted[k];
    const by = (sum - total) / (k + 1);
    if (sorted[k] <= by) break;
    shift = by;
  }
  for (let i = 0; i < column.length; i++) column[i] = Math.max(0, column[i] - shift);
}

/** The nearest column whose absolute entries sum to at most `total`. */
export function toL1Ball(column: Float64Array, total: number): void {
  if (column.reduce((sum, x) => sum + Math.abs(x), 0) <= total) return;
  const sizes = column.map(Math.abs);
  toSimplex(sizes, total);
  for (let i = 0; i < column.length; i++) column[i] = column[i] < 0 ? -sizes[i] : sizes[i];
}
