import { fail } from "../base";
import { activationOf, isCustomActivation, type AnyActivation } from "../kernels";
import { lengthOf, type Matrix } from "../tensor";

import type { Dynamics } from "./dynamics";
import type { Hyperplanes } from "./hyperplanes";
import { mapAt, type Subspace, subspaceOf } from "./reduced-flow";

/**
 * A network whose activation has one slope below 0 and one above, in the d coordinates z of the affine subspace
 * `x = drive + Q z` of its fixed points. In the region where the units of D are above 0, with S the diagonal matrix of
 * slopes there, fixed points satisfy
 *
 *     (I - C G) z = C g,   C = T diag(c) (d × rank),   [G, g] = B' S [Q, drive] (rank × (d + 1))
 *
 * and only C changes over trials.
 */
export interface Piecewise {
  readonly dynamics: Dynamics;
  readonly subspace: Subspace;
  /** d */
  readonly size: number;
  readonly rank: number;
  /** where units change their slope; units that z does not move have none */
  readonly planes: Hyperplanes;
  /** the unit of each hyperplane */
  readonly unitOf: Int32Array;
  /** the contribution of a hyperplane's unit to [G, g] above 0 (count × rank (d + 1)) */
  readonly rows: Float64Array;
  /** [G, g] where no hyperplane's unit is above 0 */
  readonly base: Float64Array;
  /** C of every trial */
  readonly maps: readonly Float64Array[];
}

/** Lengths of rows of Q below this are rounding: z does not move the unit. */
const still = 1e-13;

/** The piecewise linear form of a network over trials, or an error where its activation has none. */
export function piecewiseOf(
  where: string,
  dynamics: Dynamics,
  phi: AnyActivation,
  trials: readonly number[],
): Piecewise {
  if (isCustomActivation(phi) || !activationOf(phi).homogeneous)
    fail(where, {
      expected: "a network whose activation is linear below 0 and above, such as relu or identity",
      got: isCustomActivation(phi) ? `the custom activation ${phi.name}` : phi,
      fix: "Search with fixedPoints instead.",
    });
  const { drive, units } = dynamics,
    above = dynamics.phi.value(1),
    below = -dynamics.phi.value(-1),
    subspace = subspaceOf(dynamics);
  const { basis, factors } = subspace,
    size = basis.shape[1],
    rank = factors.right.shape[1],
    width = rank * (size + 1),
    base = new Float64Array(width);
  const lengths = Array.from({ length: units }, (_, i) => lengthOf(basis.data.subarray(i * size, (i + 1) * size)));
  const crossed = lengths.flatMap((length, i) => (above !== below && length > still ? [i] : [])),
    isCrossed = new Uint8Array(units);
  for (const i of crossed) isCrossed[i] = 1;
  for (let i = 0; i < units; i++)
    addUnit(base, 0, isCrossed[i] === 1 || drive[i] <= 0 ? below : above, i, factors.right, basis, drive);
  const count = crossed.length,
    rows = new Float64Array(count * width),
    normals = new Float64Array(count * size),
    offsets = new Float64Array(count);
  crossed.forEach((i, k) => {
    addUnit(rows, k * width, above - below, i, factors.right, basis, drive);
    for (let l = 0; l < size; l++) normals[k * size + l] = basis.data[i * size + l] / lengths[i];
    offsets[k] = drive[i] / lengths[i];
  });
  return {
    dynamics,
    subspace,
    size,
    rank,
    planes: { count, dimension: size, normals, offsets },
    unitOf: Int32Array.from(crossed),
    rows,
    base,
    maps: trials.map((trial) => mapAt(subspace, trial)),
  };
}

/** Add `slope b_i [q_i, drive_i]` to [G, g] from entry `at` on. */
function addUnit(
  out: Float64Array,
  at: number,
  slope: number,
  i: number,
  right: Matrix,
  basis: Matrix,
  drive: Float64Array,
): void {
  const rank = right.shape[1],
    size = basis.shape[1];
  for (let r = 0, entry = at; r < rank; r++) {
    const weight = slope * right.data[i * rank + r];
    for (let l = 0; l < size; l++, entry++) out[entry] += weight * basis.data[i * size + l];
    out[entry++] += weight * drive[i];
  }
}

/** [G, g] of a region: `positive` marks the hyperplanes with the region on their positive side. */
export function sumsOf({ rows, base }: Piecewise, positive: Uint8Array): Float64Array {
  const out = base.slice(),
    width = base.length;
  for (let k = 0; k < positive.length; k++)
    if (positive[k] === 1)
      for (let entry = 0, from = k * width; entry < width; entry++, from++) out[entry] += rows[from];
  return out;
}

/** [I - C G, C g] (d × (d + 1)), in `out`. */
export function systemOf(
  { size, rank }: Pick<Piecewise, "size" | "rank">,
  map: Float64Array,
  sums: Float64Array,
  out: Float64Array,
): Float64Array {
  const width = size + 1;
  for (let a = 0, entry = 0; a < size; a++)
    for (let l = 0; l < width; l++, entry++) {
      let sum = 0;
      for (let r = 0; r < rank; r++) sum += map[a * rank + r] * sums[r * width + l];
      out[entry] = l === size ? sum : (l === a ? 1 : 0) - sum;
    }
  return out;
}

/** Signed distances of z from the hyperplanes: above 0 on the positive side. */
export function distanceOf({ planes: { normals, offsets, dimension } }: Piecewise, k: number, z: Float64Array): number {
  let value = offsets[k];
  for (let l = 0, n = k * dimension; l < dimension; l++, n++) value += normals[n] * z[l];
  return value;
}

/** The tolerance for rounding in positions, relative to the size of what is compared. */
export const slack = 1e-9;

/** The hyperplanes that z lies on, to rounding. */
export function planesAt(problem: Piecewise, z: Float64Array): number[] {
  const length = lengthOf(z),
    { count, offsets } = problem.planes;
  return Array.from({ length: count }, (_, k) => k).filter(
    (k) => Math.abs(distanceOf(problem, k, z)) <= slack * (length + Math.abs(offsets[k])),
  );
}

/** The side of every hyperplane that z is on; the negative one where z lies in the hyperplane. */
export const sidesOf = (problem: Piecewise, z: Float64Array): Uint8Array =>
  Uint8Array.from({ length: problem.planes.count }, (_, k) => (distanceOf(problem, k, z) > 0 ? 1 : 0));

/** x (units) of z. */
export function stateAt({ dynamics: { drive, units }, subspace: { basis }, size }: Piecewise, z: Float64Array) {
  const x = drive.slice();
  for (let i = 0, entry = 0; i < units; i++) for (let l = 0; l < size; l++, entry++) x[i] += basis.data[entry] * z[l];
  return x;
}
