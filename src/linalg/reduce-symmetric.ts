import { reflector } from "./bidiagonal";

/** A symmetric tridiagonal matrix, and the scales of the reflections that led to it. */
export interface ReducedSymmetric {
  readonly d: Float64Array;
  /** below the diagonal; the last entry is 0 */
  readonly e: Float64Array;
  /** the vector of reflection k lies in row k, from column k + 1 on */
  readonly taus: Float64Array;
}

/**
 * Householder tridiagonalization of a symmetric matrix (n × n), of which only the diagonal and what is above it are
 * read; they are overwritten by the reflections.
 *
 * @remarks 4/3 n³ operations.
 * @see Golub & Van Loan (2013), Matrix Computations, algorithm 8.3.1
 */
export function reduceSymmetric(a: Float64Array, n: number): ReducedSymmetric {
  const d = new Float64Array(n),
    e = new Float64Array(n),
    taus = new Float64Array(n);
  const v = new Float64Array(n),
    w = new Float64Array(n);
  for (let k = 0; k < n - 2; k++) {
    const first = k + 1;
    [e[k], taus[k]] = reflector(a, k * n + first, 1, n - first);
    const tau = taus[k];
    if (tau === 0) continue;
    for (let i = first; i < n; i++) v[i] = a[k * n + i];
    w.fill(0);
    for (let i = first; i < n; i++) {
      const vi = v[i];
      let sum = a[i * n + i] * vi;
      for (let j = i + 1, entry = i * n + j; j < n; j++, entry++) {
        sum += a[entry] * v[j];
        w[j] += a[entry] * vi;
      }
      w[i] += sum;
    }
    let overlap = 0; // w = tau A v, less its part along v
    for (let i = first; i < n; i++) {
      w[i] *= tau;
      overlap += w[i] * v[i];
    }
    overlap *= tau / 2;
    for (let i = first; i < n; i++) w[i] -= overlap * v[i];
    for (let i = first; i < n; i++) {
      const vi = v[i],
        wi = w[i];
      for (let j = i, entry = i * n + i; j < n; j++, entry++) a[entry] -= vi * w[j] + wi * v[j];
    }
  }
  if (n > 1) e[n - 2] = a[(n - 2) * n + n - 1];
  for (let i = 0; i < n; i++) d[i] = a[i * n + i];
  return { d, e, taus };
}
