import { svd } from "../linalg";
import { lengthOf } from "../tensor";
import { type Piecewise, slack, systemOf } from "./piecewise";

/** A piece of a line, plane … of fixed points within one region. */
export interface ContinuumPiece {
  readonly dimension: number;
  /** a point of it */
  readonly z: Float64Array;
}

/** Singular values of at most this share of 1 and of the largest count as zero. */
const none = 1e-11;

/** The fixed points of a region whose system is singular: undefined where it has no solution there. */
export function continuumIn(
  problem: Piecewise,
  map: Float64Array,
  sums: Float64Array,
  positive: Uint8Array,
): ContinuumPiece | undefined {
  const d = problem.size,
    width = d + 1,
    system = systemOf(problem, map, sums, new Float64Array(d * width));
  const matrix = new Float64Array(d * d),
    right = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    matrix.set(system.subarray(i * width, i * width + d), i * d);
    right[i] = system[i * width + d];
  }
  const { u, singularValues, v } = svd({ shape: [d, d], data: matrix }),
    least = none * Math.max(1, singularValues[0]);
  const rank = singularValues.filter((value) => value > least).length,
    z = new Float64Array(d);
  let size = 0,
    outside = 0;
  for (let k = 0; k < d; k++) {
    let along = 0;
    for (let i = 0; i < d; i++) along += u.data[i * d + k] * right[i];
    size = Math.max(size, Math.abs(along));
    if (k >= rank) outside = Math.max(outside, Math.abs(along));
    else for (let i = 0; i < d; i++) z[i] += (v.data[i * d + k] / singularValues[k]) * along;
  }
  if (outside > slack * size) return undefined;
  const dimension = d - rank,
    { count, normals } = problem.planes;
  // z + V y is in the region where slopes · y + offsets >= 0
  const slopes = new Float64Array(count * dimension),
    offsets = new Float64Array(count),
    length = lengthOf(z);
  const tolerances = problem.planes.offsets.map((offset) => slack * (Math.abs(offset) + length));
  for (let k = 0; k < count; k++) {
    const sign = positive[k] === 1 ? 1 : -1;
    offsets[k] = sign * problem.planes.offsets[k];
    for (let i = 0; i < d; i++) {
      offsets[k] += sign * normals[k * d + i] * z[i];
      for (let j = 0; j < dimension; j++)
        slopes[k * dimension + j] += sign * normals[k * d + i] * v.data[i * d + rank + j];
    }
  }
  const y = feasible(slopes, offsets, dimension, tolerances);
  if (!y) return undefined;
  for (let i = 0; i < d; i++) for (let j = 0; j < dimension; j++) z[i] += v.data[i * d + rank + j] * y[j];
  return { dimension, z };
}

/**
 * A point y with `slopes y + offsets >= -tolerances`, or undefined: where there is one, the whole space is feasible, or
 * one on the border of some inequality is.
 */
export function feasible(
  slopes: Float64Array,
  offsets: Float64Array,
  dimension: number,
  tolerances: Float64Array,
): Float64Array | undefined {
  const count = offsets.length,
    flat = new Uint8Array(count);
  for (let k = 0; k < count; k++) {
    let size = 0;
    for (let j = 0; j < dimension; j++) size = Math.max(size, Math.abs(slopes[k * dimension + j]));
    flat[k] = size <= none ? 1 : 0;
    if (flat[k] === 1 && offsets[k] < -tolerances[k]) return undefined;
  }
  const tilted = Array.from({ length: count }, (_, k) => k).filter((k) => flat[k] === 0);
  if (tilted.every((k) => offsets[k] >= -tolerances[k])) return new Float64Array(dimension);
  if (dimension === 1) return between(slopes, offsets, tilted, tolerances);
  for (const border of tilted) {
    const y = onBorder(slopes, offsets, dimension, border, tolerances);
    if (y) return y;
  }
  return undefined;
}

/** The middle of an interval, or a point beyond its only end. */
function between(
  slopes: Float64Array,
  offsets: Float64Array,
  tilted: readonly number[],
  tolerances: Float64Array,
): Float64Array | undefined {
  let low = -Infinity,
    high = Infinity;
  for (const k of tilted) {
    const end = -(offsets[k] + tolerances[k]) / slopes[k];
    if (slopes[k] > 0) low = Math.max(low, end);
    else high = Math.min(high, end);
  }
  if (low > high) return undefined;
  if (low === -Infinity) return Float64Array.of(high - Math.abs(high));
  if (high === Infinity) return Float64Array.of(low + Math.abs(low));
  return Float64Array.of(low / 2 + high / 2);
}

/** A feasible point with equality in one inequality, which is solved for the coordinate with the largest slope. */
function onBorder(
  slopes: Float64Array,
  offsets: Float64Array,
  dimension: number,
  border: number,
  tolerances: Float64Array,
): Float64Array | undefined {
  const own = slopes.subarray(border * dimension, (border + 1) * dimension);
  let solved = 0;
  for (let j = 1; j < dimension; j++) if (Math.abs(own[j]) > Math.abs(own[solved])) solved = j;
  const rest = dimension - 1,
    restSlopes = new Float64Array(offsets.length * rest),
    restOffsets = new Float64Array(offsets.length);
  for (let k = 0; k < offsets.length; k++) {
    const part = slopes[k * dimension + solved] / own[solved];
    restOffsets[k] = offsets[k] - part * offsets[border];
    for (let j = 0, to = 0; j < dimension; j++)
      if (j !== solved) restSlopes[k * rest + to++] = slopes[k * dimension + j] - part * own[j];
  }
  const found = feasible(restSlopes, restOffsets, rest, tolerances);
  if (!found) return undefined;
  const y = new Float64Array(dimension);
  let value = -offsets[border];
  for (let j = 0, from = 0; j < dimension; j++)
    if (j !== solved) {
      y[j] = found[from++];
      value -= own[j] * y[j];
    }
  y[solved] = value / own[solved];
  return y;
}
