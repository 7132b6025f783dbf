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
    timesSymmetric(w, a, v, first, n);
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

/** `w += A v` of rows and columns from `first` on, from the diagonal of A and what is above it: two rows at a time. */
function timesSymmetric(w: Float64Array, a: Float64Array, v: Float64Array, first: number, n: number): void {
  let i = first;
  for (; i + 1 < n; i += 2) {
    const p = i * n,
      q = p + n,
      x = v[i],
      y = v[i + 1],
      between = a[p + i + 1];
    let sum = a[p + i] * x + between * y,
      next = a[q + i + 1] * y;
    for (let j = i + 2; j < n; j++) {
      const up = a[p + j],
        down = a[q + j],
        z = v[j];
      sum += up * z;
      next += down * z;
      w[j] = w[j] + up * x + down * y;
    }
    w[i] += sum;
    w[i + 1] = w[i + 1] + between * x + next;
  }
  if (i < n) w[i] += a[i * n + i] * v[i];
}
