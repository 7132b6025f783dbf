import { random } from "../base";
import type { Hyperplanes } from "./hyperplanes";
import { type Line, linesOf } from "./arrangement-lines";
import { SeenKeys } from "./seen-keys";

/** Called at every region. Both arrays are reused: copy what you keep. */
export type VisitRegion = (sums: Float64Array, positive: Uint8Array) => void;

/** The number of regions of hyperplanes in general position, the most of any arrangement (Schläfli). */
export function mostRegions(count: number, dimension: number): number {
  let binomial = 1,
    sum = 1;
  for (let k = 1; k <= Math.min(dimension, count); k++) {
    binomial *= (count - k + 1) / k;
    sum += binomial;
  }
  return Math.round(sum);
}

/** How often {@link visitRegions} looks at a region, repeated looks included. */
export function lookUps(count: number, dimension: number): number {
  if (dimension === 0 || count === 0) return 1;
  let lines = 1;
  for (let k = 1; k < dimension; k++) lines *= (count - k + 1) / k;
  let corners = 1;
  for (let k = 1; k < dimension; k++) corners *= 2;
  return lines * corners * (count + 1);
}

/**
 * Visit every region of an arrangement of hyperplanes once.
 *
 * Every region has an edge, for the normals span the space, and every edge lies on a line where d - 1 hyperplanes meet.
 * So the lines are walked from end to end. The other hyperplanes cut a line into segments, and around each segment lie
 * 2^(d - 1) regions, one for every choice of sides of the d - 1 hyperplanes. Regions that were visited are recorded by
 * a 64-bit key.
 *
 * Where hyperplanes are not in general position (more than d through a point), the offsets are perturbed by
 * infinitesimal random amounts: that adds regions without volume, and removes none.
 *
 * @param rows - numbers for every hyperplane (count × width): `visit` gets their sums over those that have the region
 *   on their positive side
 * @returns the number of regions
 * @remarks O(count^d 2^d) look-ups for count hyperplanes in d dimensions; memory 16 to 64 bytes a region.
 */
export function visitRegions(planes: Hyperplanes, rows: Float64Array, width: number, visit: VisitRegion): number {
  const { count, dimension } = planes;
  const positive = new Uint8Array(count),
    along = new Float64Array(width),
    sums = new Float64Array(width);
  if (dimension === 0 || count === 0) {
    visit(sums, positive);
    return 1;
  }
  const seen = new SeenKeys(),
    [p, q] = keysOf(count),
    corners = 1 << (dimension - 1);
  let regions = 0,
    keyP = 0,
    keyQ = 0;
  const toggle = (i: number) => {
    const sign = positive[i] === 1 ? -1 : 1;
    positive[i] ^= 1;
    keyP ^= p[i];
    keyQ ^= q[i];
    for (let k = 0, from = i * width; k < width; k++, from++) along[k] += sign * rows[from];
  };
  const around = (members: Int32Array) => {
    for (let corner = 0; corner < corners; corner++) {
      let a = keyP,
        b = keyQ;
      for (let m = 0; m < members.length; m++)
        if ((corner >> m) & 1) {
          a ^= p[members[m]];
          b ^= q[members[m]];
        }
      if (!seen.add(a, b)) continue;
      regions++;
      sums.set(along);
      for (let m = 0; m < members.length; m++)
        if ((corner >> m) & 1) {
          positive[members[m]] = 1;
          for (let k = 0, from = members[m] * width; k < width; k++, from++) sums[k] += rows[from];
        }
      visit(sums, positive);
      for (let m = 0; m < members.length; m++) positive[members[m]] = 0;
    }
  };
  linesOf(planes, ({ members, sides, crossings }: Line) => {
    along.fill(0);
    positive.fill(0);
    [keyP, keyQ] = [p[count], q[count]];
    for (let i = 0; i < count; i++) if (sides[i] === 1) toggle(i);
    around(members);
    for (let c = 0; c < crossings.length; c++) {
      toggle(crossings[c]);
      around(members);
    }
  });
  return regions;
}

/**
 * Random numbers for every hyperplane, and one more: a key is the exclusive or of those on whose positive side one is.
 */
function keysOf(count: number): readonly [Int32Array, Int32Array] {
  const stream = random(0, "regions"),
    draw = () => Int32Array.from({ length: count + 1 }, () => Math.floor(4294967296 * stream.uniform()) | 0);
  return [draw(), draw()];
}
