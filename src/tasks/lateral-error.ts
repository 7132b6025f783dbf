import { fail, show, cos, sin } from "../base";
import { checkFinite, checkTensor, type Tensor3 } from "../tensor";

/**
 * Signed lateral error of each reach, left positive: how far the hand is from the line through its start towards the
 * target when it moves fastest.
 *
 * The time of the peak is that of the parabola through the squares of the speed at the fastest step and at its two
 * neighbors, and the position there is interpolated linearly. So the error moves continuously with the path, also where
 * the fastest step passes to a neighbor; it jumps only where one of two separate peaks overtakes the other. A hand that
 * stays still has no error.
 *
 * @param plantStates - (trials × (time + 1) × 4 or more), position and velocity in the plane first, as a simulation
 * with `pointMass` or `twoJointArm` gives them
 * @param angles - direction of each trial's target, in radians: `conditions.angle` of `reaching`
 * @throws {@link LtrnnError} when trials and angles differ in number, or a state is not finite
 * @see Donchin, Francis & Shadmehr (2003), Quantifying generalization from trial-by-trial behavior of adaptive systems
 * that learn with basis functions, J. Neurosci. 23: perpendicular displacement at peak speed
 * @example lateralError(zeros([1, 41, 4]), [0]) // [0]
 */
export function lateralError(plantStates: Tensor3, angles: readonly number[]): number[] {
  checkStates(plantStates);
  checkAngles(angles, plantStates.shape[0]);
  const [, times, entries] = plantStates.shape;
  return angles.map((angle, k) => {
    const reach = plantStates.data.subarray(k * times * entries, (k + 1) * times * entries),
      peak = timeOfPeak(reach, times, entries),
      step = Math.floor(peak),
      share = peak - step;
    const across = (t: number) =>
      cos(angle) * (reach[t * entries + 1] - reach[1]) - sin(angle) * (reach[t * entries] - reach[0]);
    return 0 + (share === 0 ? across(step) : (1 - share) * across(step) + share * across(step + 1)); // no negative zero
  });
}

/** When the hand moves fastest, in steps and parts of one. */
function timeOfPeak(reach: Float64Array, times: number, entries: number): number {
  // relative to the largest component, so that no square overflows or vanishes
  let unit = 0;
  for (let t = 0; t < times; t++)
    unit = Math.max(unit, Math.abs(reach[t * entries + 2]), Math.abs(reach[t * entries + 3]));
  if (unit === 0) return 0;
  const square = (t: number) => {
    const x = reach[t * entries + 2] / unit,
      y = reach[t * entries + 3] / unit;
    return x * x + y * y;
  };
  let fastest = 0;
  for (let t = 1; t < times; t++) if (square(t) > square(fastest)) fastest = t;
  if (fastest === 0 || fastest === times - 1) return fastest;
  const before = square(fastest - 1),
    after = square(fastest + 1),
    curvature = before - 2 * square(fastest) + after;
  return curvature < 0 ? fastest + (before - after) / (2 * curvature) : fastest;
}

function checkStates(plantStates: Tensor3): void {
  checkTensor("lateralError", "plantStates", plantStates, 3);
  const [, times, entries] = plantStates.shape;
  if (times < 1 || entries < 4)
    fail("lateralError", {
      expected: "plantStates with position and velocity in the plane, (trials × (time + 1) × 4 or more)",
      got: `shape (${plantStates.shape.join(" × ")})`,
      fix: "Pass simulate(model, inputs, { plant: pointMass({ dt }) }).plantStates.",
    });
  checkFinite("lateralError", "plantStates", plantStates);
}

function checkAngles(angles: readonly number[], trials: number): void {
  if (!Array.isArray(angles) || angles.length !== trials)
    fail("lateralError", {
      expected: `angles to be an array of length ${trials}, one for each trial`,
      got: show(angles),
      fix: "Pass the angle of every trial's target, such as reaching(…).conditions.angle.",
    });
  for (let k = 0; k < trials; k++)
    if (typeof angles[k] !== "number" || !Number.isFinite(angles[k]))
      fail("lateralError", {
        expected: "finite angles, in radians",
        got: `${show(angles[k])} for trial ${k}`,
        fix: "Pass the angle of every trial's target, such as reaching(…).conditions.angle.",
      });
}
