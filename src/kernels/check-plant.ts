import { checkWhole, fail, isCallable, show } from "../base";
import type { Plant } from "./plant";

/** Refuse what is no {@link Plant}: sizes that are not whole numbers, or a function that is missing. */
export function checkPlant(where: string, name: string, value: unknown): void {
  if (typeof value !== "object" || value === null)
    fail(where, {
      expected: `${name} to be a plant { states, controls, feedback, init, step, stepAdjoint }`,
      got: show(value),
      fix: "Pass what pointMass gives, or a record with these six.",
    });
  const plant = value as Plant;
  checkWhole(where, `${name}.states`, plant.states, 1, 1e6);
  checkWhole(where, `${name}.controls`, plant.controls, 1, 1e6);
  checkWhole(where, `${name}.feedback`, plant.feedback, 0, plant.states);
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
      fix: 'Leave it away, or say what the plant is: { kind: "leaky", rate: 0.1 }.',
    });
}
