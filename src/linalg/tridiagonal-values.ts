/** Stands for a pivot that vanishes: it is far below what it is compared with, and its inverse does not overflow. */
const tiny = 1e-290;

/**
 * How many eigenvalues of a symmetric tridiagonal matrix T lie below x: as many as T - x I = L D L' has negative pivots
 * in D.
 *
 * @param d - diagonal, at most about 1e5 in size
 * @param e - beside the diagonal; entries from the length of `d` - 1 on are not read
 * @see Golub & Van Loan (2013), Matrix Computations, section 8.4.1
 */
export function countBelow(d: Float64Array, e: Float64Array, x: number): number {
  let count = 0,
    pivot = 1;
  for (let i = 0; i < d.length; i++) {
    pivot = d[i] - x - (i === 0 ? 0 : (e[i - 1] * e[i - 1]) / pivot);
    if (Math.abs(pivot) < tiny) pivot = -tiny;
    if (pivot < 0) count++;
  }
  return count;
}

/** A bound on the size of every eigenvalue: the largest sum of the sizes in a row. */
function radiusOf(d: Float64Array, e: Float64Array): number {
  let radius = 0;
  for (let i = 0; i < d.length; i++)
    radius = Math.max(
      radius,
      Math.abs(d[i]) + (i === 0 ? 0 : Math.abs(e[i - 1])) + (i + 1 < d.length ? Math.abs(e[i]) : 0),
    );
  return radius;
}

/**
 * Eigenvalue `k`, from 0 for the smallest, of a symmetric tridiagonal matrix by bisection. It cannot fail to settle,
 * and is right to the rounding of the largest eigenvalue.
 *
 * @remarks O(n): about 55 counts.
 */
export function tridiagonalValue(d: Float64Array, e: Float64Array, k: number): number {
  const radius = radiusOf(d, e);
  let low = -radius,
    high = radius;
  while (high - low > Number.EPSILON * radius) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (countBelow(d, e, middle) > k) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}
