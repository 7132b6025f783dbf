import { reflector } from "./bidiagonal";

/**
 * Householder reduction of a square matrix to Hessenberg form, `A = Q H Q'`, between rows `low` and `high`; `a` is
 * overwritten by H.
 *
 * @param rows - gets the rows of Q' where it is given
 * @remarks 10/3 n³ operations, 14/3 n³ with Q.
 * @see Golub & Van Loan (2013), Matrix Computations, algorithm 7.4.2
 */
export function toHessenberg(a: Float64Array, n: number, low: number, high: number, rows?: Float64Array): void {
  const taus = new Float64Array(n),
    heads = new Float64Array(n),
    products = new Float64Array(n);
  for (let k = low; k < high - 1; k++) {
    const first = k + 1;
    [heads[k], taus[k]] = reflector(a, first * n + k, n, high - k);
    if (taus[k] === 0) continue;
    fromLeft(a, n, k, high, taus[k], products);
    fromRight(a, n, k, high, taus[k], products);
  }
  if (rows) accumulate(a, n, low, high, taus, rows);
  for (let k = low; k < high - 1; k++) {
    a[(k + 1) * n + k] = heads[k];
    for (let i = k + 2; i <= high; i++) a[i * n + k] = 0;
  }
}

/** Rows k + 1 .. high of the columns behind k, reflected. */
function fromLeft(a: Float64Array, n: number, k: number, high: number, tau: number, products: Float64Array): void {
  products.fill(0);
  for (let i = k + 1; i <= high; i++) {
    const v = a[i * n + k];
    for (let j = k + 1, entry = i * n + j; j < n; j++, entry++) products[j] += v * a[entry];
  }
  for (let i = k + 1; i <= high; i++) {
    const v = tau * a[i * n + k];
    for (let j = k + 1, entry = i * n + j; j < n; j++, entry++) a[entry] -= v * products[j];
  }
}

/** Columns k + 1 .. high of the rows up to high, reflected; `v` is room for the vector. */
function fromRight(a: Float64Array, n: number, k: number, high: number, tau: number, v: Float64Array): void {
  for (let j = k + 1; j <= high; j++) v[j] = a[j * n + k];
  for (let i = 0; i <= high; i++) {
    let sum = 0;
    for (let j = k + 1, entry = i * n + j; j <= high; j++, entry++) sum += a[entry] * v[j];
    sum *= tau;
    for (let j = k + 1, entry = i * n + j; j <= high; j++, entry++) a[entry] -= sum * v[j];
  }
}

/** The rows of Q', from the reflections below the subdiagonal. */
function accumulate(
  a: Float64Array,
  n: number,
  low: number,
  high: number,
  taus: Float64Array,
  rows: Float64Array,
): void {
  rows.fill(0);
  for (let i = 0; i < n; i++) rows[i * n + i] = 1;
  for (let k = high - 2; k >= low; k--) {
    if (taus[k] === 0) continue;
    for (let row = k + 1; row <= high; row++) {
      let sum = 0;
      for (let i = k + 1; i <= high; i++) sum += rows[row * n + i] * a[i * n + k];
      sum *= taus[k];
      for (let i = k + 1; i <= high; i++) rows[row * n + i] -= sum * a[i * n + k];
    }
  }
}
