import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import type { Plant } from "../kernels";
import { delayedOf } from "./delayed-feedback";
import { pointMassOf, type PointMassOptions } from "./point-mass";
import { twoJointArmOf, type TwoJointArmOptions } from "./two-joint-arm";

/** What makes each plant from its numbers: a new plant is a row. */
const makers: Readonly<Record<string, (where: string, numbers: never) => Plant>> = {
  pointMass: (where, numbers: PointMassOptions) => pointMassOf(where, numbers, "description"),
  twoJointArm: (where, numbers: TwoJointArmOptions) => twoJointArmOf(where, numbers, "description"),
  delayedFeedback: (where, numbers: Delay) => {
    const { plant, steps } = readOptions(where, numbers, delay, "description");
    return delayedOf(where, made(where, plant), steps);
  },
};

interface Delay {
  readonly plant: Plant["description"];
  readonly steps: number;
}

const delay = {
  plant: { is: "checked", check: () => {}, needed: true },
  steps: { is: "whole number", least: 1, needed: true },
} as const satisfies FieldsOf<Delay>;

/**
 * A plant of the library from its description, with the same steps to the bit.
 *
 * @throws {@link LtrnnError} for a custom plant, and for what is no description
 * @example plantFrom(pointMass({ dt: 0.1 }).description).states // 4
 */
export const plantFrom = (description: Plant["description"]): Plant => made("plantFrom", description);

function made(where: string, description: Plant["description"]): Plant {
  const { kind, ...numbers } = isRecord(description) ? description : { kind: undefined };
  if (typeof kind !== "string" || !Object.hasOwn(makers, kind))
    fail(where, {
      expected: `the description of a plant, of kind ${Object.keys(makers).join(" or ")}`,
      got: isRecord(description) ? `kind ${show(kind)}` : show(description),
      fix: "Pass the description of a plant that this library made; a custom one is a record of functions.",
    });
  return makers[kind](where, numbers as never);
}
