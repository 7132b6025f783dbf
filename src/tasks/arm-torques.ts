import { readOptions, type FieldsOf } from "../base";
import { checkFinite, checkSameShape, checkTensor, zerosFor, type Matrix } from "../tensor";
import { armDynamics } from "./arm-dynamics";
import { readArm, type TwoJointArmOptions } from "./two-joint-arm";

/** How a {@link twoJointArm} moves: shoulder and elbow at any number of times. */
export interface ArmMotion {
  /** radians (times × 2) */
  readonly angles: Matrix;
  /** radians per s (times × 2) */
  readonly velocities: Matrix;
  /** radians per s² (times × 2) */
  readonly accelerations: Matrix;
}

const matrix = {
  is: "checked",
  check: (where: string, name: string, value: unknown) => checkTensor(where, name, value, 2),
} as const;

/**
 * Inverse dynamics of a {@link twoJointArm}: the torques at shoulder and elbow, in N m, that produce a given motion,
 * with its friction and field.
 *
 * @param arm - the options of the arm; those of its muscles, rotation and steps do not matter
 * @param motion - angles, velocities and accelerations, each (times × 2)
 * @returns (times × 2); divide by `strength` for the outputs that the arm is moved by
 * @throws {@link LtrnnError} for wrong options, shapes that disagree, and entries that are not finite
 * @example armTorques({ dt: 0.01 }, { angles: zeros([1, 2]), velocities: zeros([1, 2]), accelerations: zeros([1,
 * 2]) }).shape // [1, 2]
 */
export function armTorques(arm: TwoJointArmOptions, motion: ArmMotion): Matrix {
  const where = "armTorques",
    { torques } = armDynamics(readArm(where, arm, "arm").constants),
    fields = {
      angles: { ...matrix, needed: true },
      velocities: { ...matrix, needed: true },
      accelerations: { ...matrix, needed: true },
    } as const satisfies FieldsOf<ArmMotion>,
    read = readOptions<ArmMotion, typeof fields>(where, motion, fields, "motion");
  const shape = [read.angles.shape[0], 2] as const;
  for (const [name, part] of Object.entries(read)) {
    checkSameShape(where, `motion.${name}`, part, shape, "(times × 2)");
    checkFinite(where, `motion.${name}`, part);
  }
  const out = zerosFor(where, shape),
    y = new Float64Array(4);
  for (let row = 0; row < shape[0]; row++) {
    y.set(read.angles.data.subarray(2 * row, 2 * row + 2));
    y.set(read.velocities.data.subarray(2 * row, 2 * row + 2), 2);
    out.data.set(torques(y, read.accelerations.data[2 * row], read.accelerations.data[2 * row + 1]), 2 * row);
  }
  return out;
}
