import { solveSquare } from "../linalg";
import { clamped, type Bounds, type CauchyPoint } from "./cauchy-point";
import type { CompactHessian } from "./compact-hessian";
import { dot } from "./flat";

/**
 * The minimum of the quadratic model over the variables that the Cauchy point leaves between their bounds, brought back
 * to the bounds: by projection where that is downhill, or else by stopping at the first bound.
 *
 * @see Byrd, Lu, Nocedal & Zhu (1995), section 5.1, the direct primal method; Morales & Nocedal (2011), Remark on
 * algorithm 778, ACM Trans. Math. Softw. 38: the projection
 */
export function subspaceMinimum(
  x: Float64Array,
  gradient: Float64Array,
  { lower, upper }: Bounds,
  hessian: CompactHessian,
  cauchy: CauchyPoint,
): Float64Array {
  const { theta, width } = hessian,
    free = Array.from(x.keys()).filter((i) => cauchy.x[i] > lower[i] && cauchy.x[i] < upper[i]);
  if (free.length === 0) return cauchy.x;
  const bent = hessian.middle(cauchy.c),
    rows = free.map((i) => hessian.row(i)),
    reduced = Float64Array.from(free, (i, k) => gradient[i] + theta * (cauchy.x[i] - x[i]) - dot(rows[k], bent));
  const step = freeStep(reduced, rows, hessian, theta, width);
  if (!step) return cauchy.x;
  const projected = cauchy.x.slice();
  for (const [k, i] of free.entries()) projected[i] = clamped(cauchy.x[i] + step[k], lower[i], upper[i]);
  let slope = 0;
  for (let i = 0; i < x.length; i++) slope += gradient[i] * (projected[i] - x[i]);
  if (slope < 0) return projected;
  let share = 1;
  free.forEach((i, k) => {
    const room = (step[k] > 0 ? upper[i] : lower[i]) - cauchy.x[i];
    if (step[k] !== 0) share = Math.min(share, room / step[k]);
  });
  const stopped = cauchy.x.slice();
  for (const [k, i] of free.entries()) stopped[i] = clamped(cauchy.x[i] + share * step[k], lower[i], upper[i]);
  return stopped;
}

/**
 * Minus the inverse of B over the free variables, times the reduced gradient, by the Sherman-Morrison-Woodbury formula.
 */
function freeStep(
  reduced: Float64Array,
  rows: readonly Float64Array[],
  hessian: CompactHessian,
  theta: number,
  width: number,
): Float64Array | undefined {
  const step = reduced.map((g) => -g / theta);
  if (width === 0) return step;
  const withGradient = new Float64Array(width),
    overlaps = new Float64Array(width * width);
  rows.forEach((row, k) => {
    for (let p = 0; p < width; p++) {
      withGradient[p] += row[p] * reduced[k];
      for (let q = 0; q < width; q++) overlaps[p * width + q] += (row[p] * row[q]) / theta;
    }
  });
  const right = hessian.middle(withGradient),
    matrix = new Float64Array(width * width);
  for (let q = 0; q < width; q++) {
    const column = hessian.middle(Float64Array.from({ length: width }, (_, p) => overlaps[p * width + q]));
    for (let p = 0; p < width; p++) matrix[p * width + q] = (p === q ? 1 : 0) - column[p];
  }
  if (!matrix.every(Number.isFinite) || !right.every(Number.isFinite)) return undefined;
  const v = solveSquare({ shape: [width, width], data: matrix }, { shape: [width, 1], data: right })?.data;
  if (!v) return undefined;
  return step.map((s, k) => s - dot(rows[k], v) / (theta * theta));
}
