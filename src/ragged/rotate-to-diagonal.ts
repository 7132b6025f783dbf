/** More cyclic sweeps than any matrix needs. */
const mostSweeps = 40;

/**
 * An entry off the diagonal counts as zero where its square is below this times the product of its two diagonal
 * entries.
 */
const vanished = 1e-33;

/**
 * Turns a small symmetric positive semidefinite matrix (n × n) into one with its eigenvalues on the diagonal, and
 * writes its eigenvectors into columns, by cyclic Jacobi rotations, without allocation.
 *
 * @see Golub & Van Loan (2013), Matrix Computations, section 8.5
 */
export function rotateToDiagonal(a: Float64Array, vectors: Float64Array, n: number): void {
  vectors.fill(0);
  for (let i = 0; i < n; i++) vectors[i * (n + 1)] = 1;
  for (let sweep = 0, turned = true; turned && sweep < mostSweeps; sweep++) {
    turned = false;
    for (let p = 0; p < n - 1; p++)
      for (let q = p + 1; q < n; q++) {
        const between = a[p * n + q],
          first = a[p * (n + 1)],
          second = a[q * (n + 1)];
        if (!(between * between > vanished * Math.abs(first * second))) continue;
        turned = true;
        const slope = (second - first) / (2 * between),
          t = (slope >= 0 ? 1 : -1) / (Math.abs(slope) + Math.sqrt(slope * slope + 1)),
          c = 1 / Math.sqrt(t * t + 1),
          s = t * c;
        for (let k = 0; k < n; k++) {
          const x = vectors[k * n + p],
            y = vectors[k * n + q];
          vectors[k * n + p] = c * x - s * y;
          vectors[k * n + q] = s * x + c * y;
          if (k === p || k === q) continue;
          const u = a[k * n + p],
            v = a[k * n + q],
            toP = c * u - s * v,
            toQ = s * u + c * v;
          a[k * n + p] = toP;
          a[p * n + k] = toP;
          a[k * n + q] = toQ;
          a[q * n + k] = toQ;
        }
        a[p * (n + 1)] = first - t * between;
        a[q * (n + 1)] = second + t * between;
        a[p * n + q] = 0;
        a[q * n + p] = 0;
      }
  }
}
