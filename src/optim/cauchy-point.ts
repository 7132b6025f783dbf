import type { CompactHessian } from "./compact-hessian";
import { dot } from "./flat";

/** Bounds of every variable; infinite where there is none. */
export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** The first minimum of the quadratic model along the projected gradient. */
export interface CauchyPoint {
  readonly x: Float64Array;
  /** W' (x - start) */
  readonly c: Float64Array;
}

/**
 * The generalized Cauchy point: the first local minimum of the quadratic model along the steepest descent bent at the
 * bounds, breakpoint by breakpoint.
 *
 * @remarks O(pairs · n + pairs² · breakpoints passed).
 * @see Byrd, Lu, Nocedal & Zhu (1995), A limited memory algorithm for bound constrained optimization, SIAM J. Sci.
 * Comput. 16, algorithm CP
 */
export function cauchyPoint(
  x: Float64Array,
  gradient: Float64Array,
  { lower, upper }: Bounds,
  hessian: CompactHessian,
): CauchyPoint {
  const { theta } = hessian,
    n = x.length,
    breaks = new Float64Array(n),
    direction = new Float64Array(n),
    at = x.slice();
  for (let i = 0; i < n; i++) {
    const g = gradient[i];
    breaks[i] = g < 0 ? (x[i] - upper[i]) / g : g > 0 ? (x[i] - lower[i]) / g : Infinity;
    direction[i] = breaks[i] > 0 ? -g : 0;
  }
  const p = hessian.project(direction),
    c = new Float64Array(hessian.width);
  let slope = -dot(direction, direction),
    curvature = -theta * slope - dot(p, hessian.middle(p)),
    time = 0;
  const passed = Array.from(breaks.keys())
    .filter((i) => breaks[i] > 0 && breaks[i] < Infinity)
    .sort((i, j) => breaks[i] - breaks[j]);
  const advance = (by: number) => {
    for (let k = 0; k < c.length; k++) c[k] += by * p[k];
  };
  for (const b of passed) {
    const span = breaks[b] - time;
    if (slope >= 0 || !(-slope >= span * curvature)) break;
    at[b] = direction[b] > 0 ? upper[b] : lower[b];
    const moved = at[b] - x[b],
      g = gradient[b],
      row = hessian.row(b),
      middleRow = hessian.middle(row);
    advance(span);
    slope += span * curvature + g * g + theta * g * moved - g * dot(middleRow, c);
    curvature += -theta * g * g - 2 * g * dot(middleRow, p) - g * g * dot(row, middleRow);
    for (let k = 0; k < p.length; k++) p[k] += g * row[k];
    direction[b] = 0;
    time = breaks[b];
  }
  const rest = slope < 0 && curvature > 0 ? -slope / curvature : 0;
  advance(rest);
  for (let i = 0; i < n; i++)
    if (direction[i] !== 0) at[i] = clamped(x[i] + (time + rest) * direction[i], lower[i], upper[i]);
  return { x: at, c };
}

export const clamped = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
