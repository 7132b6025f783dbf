import { lengthOf } from "../tensor";
import { lookUps, mostRegions, visitRegions } from "./arrangement";
import { continuumIn, type ContinuumPiece } from "./continuum";
import { type Piecewise, planesAt, sidesOf, slack, sumsOf, systemOf } from "./piecewise";
import { solveSmall } from "./small-system";

/** A fixed point in coordinates of the subspace. */
export interface RestPoint {
  readonly z: Float64Array;
  /** marks the hyperplanes with the point on their positive side */
  readonly sides: Uint8Array;
  /** hyperplanes that it lies on, to rounding */
  readonly on: readonly number[];
}

/** The fixed points of one trial. */
export interface RestPoints {
  readonly points: readonly RestPoint[];
  readonly continua: readonly (ContinuumPiece & { readonly sides: Uint8Array })[];
}

/** The work of a search of all regions, at most: regions to visit and systems to solve. */
export const workOf = ({ planes: { count, dimension }, maps }: Piecewise): number =>
  lookUps(count, dimension) + mostRegions(count, dimension) * maps.length;

/** All fixed points of every trial, by solving the linear system of every region; and the number of regions. */
export function restPoints(problem: Piecewise): { readonly trials: RestPoints[]; readonly regions: number } {
  const { size, planes, rows, base, maps } = problem,
    sums = new Float64Array(base.length),
    system = new Float64Array(size * (size + 1)),
    z = new Float64Array(size);
  const candidates = maps.map((): Float64Array[] => []),
    continua = maps.map((): (ContinuumPiece & { readonly sides: Uint8Array })[] => []);
  const regions = visitRegions(planes, rows, sums.length, (above, positive) => {
    for (let entry = 0; entry < sums.length; entry++) sums[entry] = base[entry] + above[entry];
    for (let k = 0; k < maps.length; k++) {
      if (solveSmall(systemOf(problem, maps[k], sums, system), size)) {
        for (let l = 0; l < size; l++) z[l] = system[l * (size + 1) + size];
        if (isInside(problem, z, positive)) candidates[k].push(z.slice());
      } else {
        const piece = continuumIn(problem, maps[k], sums, positive);
        if (piece) continua[k].push({ ...piece, sides: positive.slice() });
      }
    }
  });
  return {
    regions,
    trials: maps.map((map, k) => ({ points: settled(problem, map, candidates[k]), continua: continua[k] })),
  };
}

/** Whether z lies in a region, or outside it by no more than rounding. */
function isInside(problem: Piecewise, z: Float64Array, positive: Uint8Array): boolean {
  const { count, dimension, normals, offsets } = problem.planes;
  let length = 0;
  for (let l = 0; l < dimension; l++) length = Math.max(length, Math.abs(z[l]));
  for (let k = 0, n = 0; k < count; k++) {
    let value = offsets[k];
    const tolerance = slack * (length + Math.abs(value));
    for (let l = 0; l < dimension; l++, n++) value += normals[n] * z[l];
    if (positive[k] === 1 ? value < -tolerance : value > tolerance) return false;
  }
  return length < Infinity;
}

/** Candidates that are fixed points to rounding, each once: a point on a border was found from both sides. */
function settled(problem: Piecewise, map: Float64Array, candidates: readonly Float64Array[]): RestPoint[] {
  const kept: RestPoint[] = [];
  for (const candidate of candidates) {
    const point = settle(problem, map, candidate);
    if (point && !kept.some((other) => isSame(point, other))) kept.push(point);
  }
  return kept.sort((p, q) => lengthOf(p.z) - lengthOf(q.z) || p.z[0] - q.z[0]);
}

/**
 * Whether two points are the same: in one region, or on all hyperplanes between them and no farther apart than
 * rounding.
 */
export function isSame(p: RestPoint, q: RestPoint): boolean {
  const between = Array.from(p.sides, (_, k) => k).filter((k) => p.sides[k] !== q.sides[k]);
  if (!between.every((k) => p.on.includes(k) && q.on.includes(k))) return false;
  return (
    between.length === 0 || lengthOf(p.z.map((x, l) => x - q.z[l])) <= 1e3 * slack * (lengthOf(p.z) + lengthOf(q.z))
  );
}

/** Newton's method from region to region. Undefined where it does not end at a fixed point. */
function settle(problem: Piecewise, map: Float64Array, candidate: Float64Array): RestPoint | undefined {
  const { size } = problem;
  let z = candidate;
  for (let round = 0; round < 5; round++) {
    const sides = sidesOf(problem, z),
      system = systemOf(problem, map, sumsOf(problem, sides), new Float64Array(size * (size + 1)));
    // C (G z + g) - z in the region where z is
    let off = 0,
      scale = 0;
    for (let a = 0, entry = 0; a < size; a++) {
      let rest = 0;
      for (let l = 0; l < size; l++, entry++) {
        rest -= system[entry] * z[l];
        scale = Math.max(scale, Math.abs(system[entry] * z[l]));
      }
      scale = Math.max(scale, Math.abs(system[entry]));
      rest += system[entry++];
      off = Math.max(off, Math.abs(rest));
    }
    if (off <= 1e-3 * slack * scale) return { z, sides, on: planesAt(problem, z) };
    if (!solveSmall(system, size)) return undefined;
    z = Float64Array.from({ length: size }, (_, l) => system[l * (size + 1) + size]);
  }
  return undefined;
}
