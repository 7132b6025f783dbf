/** A pivot of at most this share of the largest entry of a row makes a system singular. */
const singular = 1e-12;

/**
 * Solve a small system by Gaussian elimination with partial pivoting, its right side in the last column of
 * (d × (d + 1)); all of it is overwritten, and the solution left in the last column.
 *
 * @returns false where it is singular to rounding
 */
export function solveSmall(system: Float64Array, d: number): boolean {
  const width = d + 1;
  let size = 1; // of the identity in it, and of what is taken from it
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) size = Math.max(size, Math.abs(system[i * width + j]));
  for (let k = 0; k < d; k++) {
    bringPivot(system, d, k);
    if (!(Math.abs(system[k * width + k]) > singular * size)) return false;
    eliminate(system, d, k);
  }
  for (let k = d - 1; k >= 0; k--) {
    let sum = system[k * width + d];
    for (let j = k + 1; j < d; j++) sum -= system[k * width + j] * system[j * width + d];
    system[k * width + d] = sum / system[k * width + k];
  }
  return true;
}

/** The determinant of the first d columns of (d × (d + 1)), all of which is overwritten. */
export function determinant(system: Float64Array, d: number): number {
  let product = 1;
  for (let k = 0; k < d; k++) {
    if (bringPivot(system, d, k)) product = -product;
    const pivot = system[k * (d + 1) + k];
    if (pivot === 0) return 0;
    product *= pivot;
    eliminate(system, d, k);
  }
  return product;
}

/** Swap row k with the one below it that has the largest entry in column k. @returns whether it was another row */
function bringPivot(system: Float64Array, d: number, k: number): boolean {
  const width = d + 1;
  let best = k;
  for (let i = k + 1; i < d; i++) if (Math.abs(system[i * width + k]) > Math.abs(system[best * width + k])) best = i;
  if (best === k) return false;
  for (let j = k; j < width; j++) {
    const kept = system[k * width + j];
    system[k * width + j] = system[best * width + j];
    system[best * width + j] = kept;
  }
  return true;
}

/** Subtract multiples of row k from those below it, which makes column k zero there; that column is not written. */
function eliminate(system: Float64Array, d: number, k: number): void {
  const width = d + 1;
  for (let i = k + 1; i < d; i++) {
    const part = system[i * width + k] / system[k * width + k];
    for (let j = k + 1; j < width; j++) system[i * width + j] -= part * system[k * width + j];
  }
}
