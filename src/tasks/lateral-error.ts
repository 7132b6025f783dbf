import { fail, show, cos, sin } from "../base";
import { checkFinite, checkTensor, type Tensor3 } from "../tensor";

/**
 * Signed lateral error of each reach: the position across the line to the target, left positive, where it is largest in
 * size.
 *
 * @param plantStates - (trials × (time + 1) × 4) as a simulation with `pointMass` gives them
 * @param angles - direction of each trial's target, in radians
 * @throws {@link LtrnnError} when trials and angles differ in number, or a state is not finite
 * @example lateralError(zeros([2, 41, 4]), [0, Math.PI]) // [0, 0]
 */
export function lateralError(plantStates: Tensor3, angles: readonly number[]): number[] {
  checkStates(plantStates);
  checkAngles(angles, plantStates.shape[0]);
  const [, times, n] = plantStates.shape;
  return angles.map((angle, k) => {
    let largest = 0;
    for (let t = 0; t < times; t++) {
      const position = (k * times + t) * n;
      const across = -sin(angle) * plantStates.data[position] + cos(angle) * plantStates.data[position + 1];
      if (Math.abs(across) > Math.abs(largest)) largest = across;
    }
    return largest;
  });
}

function checkStates(plantStates: Tensor3): void {
  checkTensor("lateralError", "plantStates", plantStates, 3);
  if (plantStates.shape[2] < 2)
    fail("lateralError", {
      expected: "plantStates with a position in the plane, (trials × (time + 1) × 2 or more)",
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
      fix: "Pass the angle of every trial's target, such as reaching(…).angles.",
    });
  for (let k = 0; k < trials; k++)
    if (typeof angles[k] !== "number" || !Number.isFinite(angles[k]))
      fail("lateralError", {
        expected: "finite angles, in radians",
        got: `${show(angles[k])} for trial ${k}`,
        fix: "Pass the angle of every trial's target, such as reaching(…).angles.",
      });
}
