import { solveSquare } from "../linalg";
import { identity } from "../tensor";
import type { CurvaturePair } from "./curvature-pairs";
import { dot } from "./flat";

/**
 * The Hessian of BFGS from a few pairs, `B = theta I - W M W'` with `W = [Y, theta S]` (n × 2 pairs), in the compact
 * form of Byrd, Nocedal & Schnabel (1994). Nothing of size n × n is formed.
 */
export interface CompactHessian {
  readonly theta: number;
  /** 2 × the number of pairs: the columns of W */
  readonly width: number;
  /** row i of W */
  row(i: number): Float64Array;
  /** W' v */
  project(v: Float64Array): Float64Array;
  /** M v */
  middle(v: Float64Array): Float64Array;
}

/**
 * The compact form of these pairs, oldest first; undefined where its small matrix is singular to rounding. Without
 * pairs it is `first I`.
 */
export function compactHessian(pairs: readonly CurvaturePair[], first = 1): CompactHessian | undefined {
  const count = pairs.length,
    width = 2 * count;
  if (count === 0)
    return {
      theta: first,
      width: 0,
      row: () => new Float64Array(0),
      project: () => new Float64Array(0),
      middle: (v) => v,
    };
  const newest = pairs[count - 1],
    theta = dot(newest.y, newest.y) / newest.product;
  // M is the inverse of [[-D, L'], [L, theta S'S]]: D the products s'y, L those of s with older y
  const inverse = new Float64Array(width * width);
  for (let i = 0; i < count; i++)
    for (let j = 0; j < count; j++) {
      const lower = i > j ? dot(pairs[i].s, pairs[j].y) : 0;
      if (i === j) inverse[i * width + i] = -pairs[i].product;
      inverse[(count + i) * width + j] = lower;
      inverse[j * width + count + i] = lower;
      inverse[(count + i) * width + count + j] = theta * dot(pairs[i].s, pairs[j].s);
    }
  if (!Number.isFinite(theta) || !inverse.every(Number.isFinite)) return undefined;
  const m = solveSquare({ shape: [width, width], data: inverse }, identity(width))?.data;
  if (!m) return undefined;
  return {
    theta,
    width,
    row: (i) =>
      Float64Array.from({ length: width }, (_, k) => (k < count ? pairs[k].y[i] : theta * pairs[k - count].s[i])),
    project: (v) =>
      Float64Array.from({ length: width }, (_, k) =>
        k < count ? dot(pairs[k].y, v) : theta * dot(pairs[k - count].s, v),
      ),
    middle: (v) => times(m, v),
  };
}

/** A square matrix times a vector. */
function times(m: Float64Array, v: Float64Array): Float64Array {
  const n = v.length,
    out = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i] += m[i * n + j] * v[j];
  return out;
}
