import { solveSymmetric } from "../linalg";

/**
 * The x of at least 0 that minimizes `x' g x - 2 p' x`, exactly, by an active-set method: an entry joins the set while
 * its slope is downhill, and leaves it where the least squares solution on the set is negative.
 *
 * @param g - (n × n), symmetric and positive semidefinite
 * @see Bro & de Jong (1997), A fast non-negativity-constrained least squares algorithm, J. Chemometrics 11; Lawson &
 * Hanson (1974), Solving Least Squares Problems, chapter 23
 */
export function nonNegativeRow(g: Float64Array, p: Float64Array): Float64Array {
  const n = p.length,
    x = new Float64Array(n),
    free = new Set<number>(),
    largest = p.reduce((most, value) => Math.max(most, Math.abs(value)), 0),
    tolerance = 16 * n * Number.EPSILON * largest;
  // each pass lowers the error, so no set repeats in exact arithmetic; rounding can repeat one, so passes are counted
  for (let round = 0; round < 30 * n; round++) {
    let steepest = -1,
      most = tolerance;
    for (let i = 0; i < n; i++) {
      if (free.has(i)) continue;
      let slope = p[i];
      for (let j = 0; j < n; j++) slope -= g[i * n + j] * x[j];
      if (slope > most) [steepest, most] = [i, slope];
    }
    if (steepest < 0) break;
    free.add(steepest);
    for (;;) {
      const solution = solveOver([...free], g, p);
      const negative = [...free].filter((i) => solution[i] <= 0);
      if (negative.length === 0) {
        x.set(solution);
        break;
      }
      // as far towards the solution as x stays at 0 or above: at least one entry gets there, and leaves
      const shares = negative.map((i) => x[i] / (x[i] - solution[i] || 1)),
        share = Math.min(...shares);
      for (const i of free) x[i] += share * (solution[i] - x[i]);
      for (const [k, i] of negative.entries())
        if (shares[k] <= share) {
          free.delete(i);
          x[i] = 0;
        }
      if (free.size === 0) break;
    }
  }
  return x;
}

/** The least squares over some entries, the others 0. */
function solveOver(entries: readonly number[], g: Float64Array, p: Float64Array): Float64Array {
  const n = p.length,
    k = entries.length,
    out = new Float64Array(n),
    { x } = solveSymmetric(
      { shape: [k, k], data: Float64Array.from(entries.flatMap((i) => entries.map((j) => g[i * n + j]))) },
      { shape: [k, 1], data: Float64Array.from(entries, (i) => p[i]) },
    );
  for (const [at, i] of entries.entries()) out[i] = x.data[at];
  return out;
}
