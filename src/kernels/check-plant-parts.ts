import { checkWhole, fail, isCallable, isRecord, readOptions, show, type FieldsOf } from "../base";
import type { Plant } from "./plant";

const checkedBelow = { is: "checked", check: () => {} } as const;
const parts = {
  states: checkedBelow,
  controls: checkedBelow,
  feedback: checkedBelow,
  feedbackFrom: checkedBelow,
  description: checkedBelow,
  init: checkedBelow,
  step: checkedBelow,
  stepAdjoint: checkedBelow,
} as const satisfies FieldsOf<Plant>;

/**
 * Refuse what is no {@link Plant}: sizes that are not whole numbers, a function that is missing, and unknown names in a
 * plain record; an instance of a class may have more.
 */
export function checkPlantParts(where: string, name: string, value: unknown): void {
  if (typeof value !== "object" || value === null)
    fail(where, {
      expected: `${name} to be a plant { states, controls, feedback, init, step, stepAdjoint }`,
      got: show(value),
      fix: "Pass what pointMass gives, or a record with these six.",
    });
  const plant = value as Plant;
  if (isRecord(value)) readOptions(where, plant, parts, name);
  checkWhole(where, `${name}.states`, plant.states, 1, 1e6);
  checkWhole(where, `${name}.controls`, plant.controls, 1, 1e6);
  checkWhole(where, `${name}.feedback`, plant.feedback, 0, plant.states);
  if (plant.feedbackFrom !== undefined)
    checkWhole(where, `${name}.feedbackFrom`, plant.feedbackFrom, 0, plant.states - plant.feedback);
  for (const part of ["init", "step", "stepAdjoint"] as const)
    if (!isCallable(plant[part]))
      fail(where, {
        expected: `${name}.${part} to be a function`,
        got: show(plant[part]),
        fix: "See docs/extend.md for a plant in full.",
      });
  if (plant.description !== undefined && typeof plant.description?.kind !== "string")
    fail(where, {
      expected: `${name}.description to be a record { kind, … }`,
      got: show(plant.description),
      fix: 'Leave it out, or say what the plant is: { kind: "leaky", rate: 0.1 }.',
    });
}
