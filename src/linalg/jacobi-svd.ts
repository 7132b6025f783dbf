import { orthogonalizeRows } from "./jacobi";
import { decreasing, selectRows, type SingularRows } from "./singular-rows";

/** Singular values and vectors of a matrix (rows × columns, row-major) by one-sided Jacobi. */
export function jacobiSvd(where: string, m: Float64Array, rows: number, columns: number): SingularRows {
  const left = new Float64Array(columns * rows),
    right = new Float64Array(columns * columns);
  for (let j = 0; j < columns; j++) {
    right[j * columns + j] = 1;
    for (let i = 0; i < rows; i++) left[j * rows + i] = m[i * columns + j];
  }
  orthogonalizeRows(where, left, columns, rows, right);
  const values = new Float64Array(columns);
  for (let j = 0; j < columns; j++) values[j] = lengthOf(left, j * rows, rows);
  const order = decreasing(values),
    sorted = values.map((_, k) => values[order[k]]);
  const u = selectRows(left, order, rows);
  for (let k = 0; k < columns; k++) {
    const negligible = !(sorted[k] > Number.EPSILON * rows * sorted[0]);
    if (negligible) completeRow(u, k, rows);
    else for (let i = k * rows; i < (k + 1) * rows; i++) u[i] /= sorted[k];
  }
  return { values: sorted, left: u, right: selectRows(right, order, columns) };
}

/**
 * Row k becomes a unit vector that is orthogonal to the rows before it: the unit vector that they hold least of,
 * projected twice.
 */
function completeRow(m: Float64Array, k: number, width: number): void {
  const held = new Float64Array(width);
  for (let row = 0; row < k; row++) for (let i = 0; i < width; i++) held[i] += m[row * width + i] * m[row * width + i];
  const least = held.reduce((best, share, i) => (share < held[best] ? i : best), 0),
    own = k * width;
  m.fill(0, own, own + width);
  m[own + least] = 1;
  for (let pass = 0; pass < 2; pass++)
    for (let row = 0; row < k; row++) {
      let inner = 0;
      for (let i = 0; i < width; i++) inner += m[own + i] * m[row * width + i];
      for (let i = 0; i < width; i++) m[own + i] -= inner * m[row * width + i];
    }
  const length = lengthOf(m, own, width);
  for (let i = own; i < own + width; i++) m[i] /= length;
}

function lengthOf(m: Float64Array, first: number, count: number): number {
  let squares = 0;
  for (let i = first; i < first + count; i++) squares += m[i] * m[i];
  return Math.sqrt(squares);
}
