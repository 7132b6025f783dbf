import { random } from "../base";
import type { Hyperplanes } from "./hyperplanes";

/** A line where d - 1 hyperplanes meet, walked from end to end. */
export interface Line {
  /** the hyperplanes that it lies in (d - 1) */
  readonly members: Int32Array;
  /** 1 for hyperplanes with the start of the walk on their positive side, else 0; 0 for members */
  readonly sides: Uint8Array;
  /** the hyperplanes that are crossed, in order */
  readonly crossings: Int32Array;
}

/** Sines of angles below this are rounding, and so are distances relative to the length of a point. */
const rounding = 1e-12;

/**
 * All lines of an arrangement. A hyperplane that contains a line of others is moved off it by an infinitesimal amount,
 * the same at every line.
 *
 * @param see - gets every line; its arrays are reused
 */
export function linesOf({ count, dimension: d, normals, offsets }: Hyperplanes, see: (line: Line) => void): void {
  const moved = perturbation(count),
    members = new Int32Array(d - 1),
    sides = new Uint8Array(count),
    places = new Float64Array(count),
    order = new Int32Array(count);
  // orthonormal vectors that span the normals of the first members, and the point in their span on those hyperplanes
  const frame = new Float64Array((d - 1) * d),
    point = new Float64Array(d),
    shift = new Float64Array(d), // how the point moves with the perturbation
    direction = new Float64Array(d);
  const isMember = new Uint8Array(count);

  descend(0, 0);

  function descend(depth: number, first: number): void {
    if (depth === d - 1) {
      walk();
      return;
    }
    const rest = frame.subarray(depth * d, (depth + 1) * d);
    for (let i = first; i < count; i++) {
      const length = orthogonalize(rest, normals.subarray(i * d, (i + 1) * d), frame, depth, d);
      if (length < rounding) continue; // its normal depends on the others: they do not intersect in a line
      const along = (offset: number, at: Float64Array) => {
        let sum = offset;
        for (let k = 0; k < d; k++) sum += normals[i * d + k] * at[k];
        return -sum / length;
      };
      const step = along(offsets[i], point),
        stepMoved = along(moved[i], shift);
      for (let k = 0; k < d; k++) {
        point[k] += step * rest[k];
        shift[k] += stepMoved * rest[k];
      }
      members[depth] = i;
      isMember[i] = 1;
      descend(depth + 1, i + 1);
      isMember[i] = 0;
      for (let k = 0; k < d; k++) {
        point[k] -= step * rest[k];
        shift[k] -= stepMoved * rest[k];
      }
    }
  }

  function walk(): void {
    complement(direction, frame, d);
    let size = 0,
      crossed = 0;
    for (let k = 0; k < d; k++) size = Math.max(size, Math.abs(point[k]));
    for (let i = 0; i < count; i++) {
      sides[i] = 0;
      if (isMember[i] === 1) continue;
      let slope = 0,
        value = offsets[i],
        tilt = moved[i];
      for (let k = 0, n = i * d; k < d; k++, n++) {
        slope += normals[n] * direction[k];
        value += normals[n] * point[k];
        tilt += normals[n] * shift[k];
      }
      if (Math.abs(slope) > rounding) {
        places[i] = -value / slope;
        sides[i] = slope < 0 ? 1 : 0;
        order[crossed++] = i;
      } else {
        const held = Math.abs(value) <= 1000 * rounding * Math.max(size, Math.abs(offsets[i]));
        sides[i] = (held ? tilt : value) > 0 ? 1 : 0;
      }
    }
    const crossings = order.subarray(0, crossed).sort((i, j) => places[i] - places[j]);
    see({ members, sides, crossings });
  }
}

/** Perturbations of the offsets, in an infinitesimal unit. */
function perturbation(count: number): Float64Array {
  const stream = random(0, "perturbation");
  return Float64Array.from({ length: count }, () => stream.uniform() - 0.5);
}

/**
 * `out` = the part of a unit vector orthogonal to the first `depth` rows of the frame, normalized. Returns its length
 * before.
 */
function orthogonalize(out: Float64Array, v: Float64Array, frame: Float64Array, depth: number, d: number): number {
  out.set(v);
  let length = 1;
  for (let pass = 0; pass < 2; pass++) {
    for (let row = 0; row < depth * d; row += d) {
      let inner = 0;
      for (let k = 0; k < d; k++) inner += out[k] * frame[row + k];
      for (let k = 0; k < d; k++) out[k] -= inner * frame[row + k];
    }
    let squares = 0;
    for (let k = 0; k < d; k++) squares += out[k] * out[k];
    const size = Math.sqrt(squares);
    if (size < rounding) return 0;
    length *= size;
    for (let k = 0; k < d; k++) out[k] /= size;
  }
  return length;
}

/** The unit vector orthogonal to d - 1 orthonormal rows. */
function complement(out: Float64Array, frame: Float64Array, d: number): void {
  let best = 0,
    most = -1;
  for (let axis = 0; axis < d; axis++) {
    let rest = 1;
    for (let row = 0; row < (d - 1) * d; row += d) rest -= frame[row + axis] * frame[row + axis];
    if (rest > most) [most, best] = [rest, axis];
  }
  const unit = new Float64Array(d);
  unit[best] = 1;
  orthogonalize(out, unit, frame, d - 1, d);
}
