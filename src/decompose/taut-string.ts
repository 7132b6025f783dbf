/**
 * Replaces a column by the x that minimizes `‖x - column‖² / 2 + by Σ_i abs(x_(i + 1) - x_i)`: piecewise constant,
 * exact, in one pass.
 *
 * The running sums of x are the shortest path (the taut string) from the first to the last running sum of the column,
 * within a tube of radius `by` around them. A funnel from the last bend of the path holds the lowest convex chain of
 * upper bounds and the highest concave chain of lower ones.
 *
 * @see Davies & Kovac (2001), Local extremes, runs, strings and multiresolution, Ann. Stat. 29
 */
export function tautString(column: Float64Array, by: number): void {
  const n = column.length;
  if (n < 2 || by === 0) return;
  const sums = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) sums[i + 1] = sums[i] + column[i];
  const bound = (side: 1 | -1) => sums.map((sum, i) => (i === 0 || i === n ? sum : sum + side * by)),
    above: Chain = { side: 1, bound: bound(1), points: [], first: 0 },
    below: Chain = { side: -1, bound: bound(-1), points: [], first: 0 };
  let bend = 0,
    height = 0;
  const slope = (i: number, to: number) => (to - height) / (i - bend);
  const extend = (own: Chain, other: Chain, i: number): void => {
    const { side, bound: heights, points } = own;
    for (; points.length > own.first; points.pop()) {
      const last = points[points.length - 1],
        alone = points.length - 1 === own.first,
        [from, fromHeight] = alone ? [bend, height] : [points[points.length - 2], heights[points[points.length - 2]]],
        before = (heights[last] - fromHeight) / (last - from),
        after = (heights[i] - heights[last]) / (i - last);
      if (side * after > side * before) break;
    }
    points.push(i);
    if (points.length - 1 > own.first) return;
    // where a point of the other chain blocks the straight line from the bend to the new point, the path bends there
    while (other.first < other.points.length) {
      const next = other.points[other.first];
      if (side * slope(i, heights[i]) >= side * slope(next, other.bound[next])) return;
      column.fill(slope(next, other.bound[next]), bend, next);
      height = other.bound[next];
      bend = next;
      other.first++;
    }
  };
  for (let i = 1; i <= n; i++) {
    extend(above, below, i);
    if (bend < i) extend(below, above, i);
  }
  if (bend < n) column.fill(slope(n, sums[n]), bend, n);
}

/** Bounds on one side of the tube, and the places where the path may bend at them. */
interface Chain {
  readonly side: 1 | -1;
  readonly bound: Float64Array;
  readonly points: number[];
  first: number;
}
