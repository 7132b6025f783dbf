/**
 * `A = U B V'`, B upper bidiagonal, U and V products of reflections that lie below and beside the diagonal of
 * `reflections`.
 */
export interface Bidiagonal {
  /** (rows × columns), overwritten: vector k of U in column k from row k, of V in row k from column k + 1 */
  readonly reflections: Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** diagonal of B */
  readonly d: Float64Array;
  /** above the diagonal of B; the last entry is 0 */
  readonly e: Float64Array;
  /** scale of the reflections of U, `I - tau v v'` */
  readonly tauLeft: Float64Array;
  /** scale of the reflections of V */
  readonly tauRight: Float64Array;
}

/**
 * Householder bidiagonalization of a matrix that is no wider than tall; `a` (rows × columns, row-major) is overwritten.
 *
 * @remarks 4 rows columns² - 4/3 columns³ operations.
 * @see Golub & Van Loan (2013), Matrix Computations, algorithm 5.4.2
 */
export function bidiagonalize(a: Float64Array, rows: number, columns: number): Bidiagonal {
  const d = new Float64Array(columns),
    e = new Float64Array(columns);
  const tauLeft = new Float64Array(columns),
    tauRight = new Float64Array(columns),
    products = new Float64Array(columns);
  for (let k = 0; k < columns; k++) {
    [d[k], tauLeft[k]] = reflector(a, k * columns + k, columns, rows - k);
    if (tauLeft[k] !== 0) reflectColumns(a, rows, columns, k, k + 1, tauLeft[k], products);
    if (k + 1 >= columns) break;
    const row = k * columns + k + 1,
      width = columns - k - 1;
    [e[k], tauRight[k]] = reflector(a, row, 1, width);
    if (tauRight[k] === 0) continue;
    for (let i = k + 1; i < rows; i++) {
      const start = i * columns + k + 1;
      let sum = 0;
      for (let j = 0; j < width; j++) sum += a[start + j] * a[row + j];
      sum *= tauRight[k];
      for (let j = 0; j < width; j++) a[start + j] -= sum * a[row + j];
    }
  }
  return { reflections: a, rows, columns, d, e, tauLeft, tauRight };
}

/**
 * The reflection `I - tau v v'` that takes a vector to a multiple of its first unit vector; v is written over the
 * vector.
 *
 * @returns that multiple, and tau; 0 where the vector is zero
 */
export function reflector(a: Float64Array, first: number, stride: number, count: number): readonly [number, number] {
  let largest = 0;
  for (let i = 0, k = first; i < count; i++, k += stride) largest = Math.max(largest, Math.abs(a[k]));
  if (largest === 0) return [0, 0];
  let squares = 0;
  for (let i = 0, k = first; i < count; i++, k += stride) {
    const x = a[k] / largest;
    squares += x * x;
  }
  const length = Math.sqrt(squares),
    head = a[first] / largest,
    sign = head < 0 ? -1 : 1;
  for (let i = 0, k = first; i < count; i++, k += stride) a[k] /= largest;
  a[first] = head + sign * length;
  return [-sign * length * largest, 1 / (length * (length + Math.abs(head)))];
}

/**
 * Columns `from` .. of rows `k` .. times the reflection whose vector is column k. Four rows at a time, so that sums are
 * stored a quarter as often.
 */
export function reflectColumns(
  a: Float64Array,
  rows: number,
  columns: number,
  k: number,
  from: number,
  tau: number,
  products: Float64Array,
): void {
  products.fill(0);
  let i = k;
  for (let row = k * columns; i + 3 < rows; i += 4, row += 4 * columns) {
    const v0 = a[row + k],
      v1 = a[row + columns + k],
      v2 = a[row + 2 * columns + k],
      v3 = a[row + 3 * columns + k];
    for (let j = from, p = row + from; j < columns; j++, p++)
      products[j] += v0 * a[p] + v1 * a[p + columns] + (v2 * a[p + 2 * columns] + v3 * a[p + 3 * columns]);
  }
  for (; i < rows; i++) for (let j = from; j < columns; j++) products[j] += a[i * columns + k] * a[i * columns + j];
  for (i = k; i < rows; i++) {
    const v = tau * a[i * columns + k],
      row = i * columns;
    for (let j = from; j < columns; j++) a[row + j] -= v * products[j];
  }
}

/** The first columns of U, as rows: (columns × rows). */
export function leftRows({
  reflections: a,
  rows,
  columns,
  tauLeft,
}: Pick<Bidiagonal, "reflections" | "rows" | "columns" | "tauLeft">): Float64Array {
  const out = new Float64Array(columns * rows),
    v = new Float64Array(rows);
  for (let k = columns - 1; k >= 0; k--) {
    out[k * rows + k] = 1;
    if (tauLeft[k] === 0) continue;
    for (let i = k; i < rows; i++) v[i] = a[i * columns + k];
    for (let j = k; j < columns; j++) reflectRow(out, j * rows, v, k, rows, tauLeft[k]);
  }
  return out;
}

/** V as rows: (columns × columns). */
export function rightRows({ reflections: a, columns, tauRight }: Bidiagonal): Float64Array {
  const out = new Float64Array(columns * columns),
    v = new Float64Array(columns);
  if (columns > 0) out[0] = 1;
  for (let k = columns - 2; k >= 0; k--) {
    out[(k + 1) * columns + k + 1] = 1;
    if (tauRight[k] === 0) continue;
    for (let j = k + 1; j < columns; j++) v[j] = a[k * columns + j];
    for (let j = k + 1; j < columns; j++) reflectRow(out, j * columns, v, k + 1, columns, tauRight[k]);
  }
  return out;
}

/** A row, from entry `first` on, times `I - tau v v'`. */
function reflectRow(m: Float64Array, row: number, v: Float64Array, first: number, end: number, tau: number): void {
  let sum = 0;
  for (let i = first; i < end; i++) sum += m[row + i] * v[i];
  sum *= tau;
  if (sum !== 0) for (let i = first; i < end; i++) m[row + i] -= sum * v[i];
}
