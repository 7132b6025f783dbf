import { fail, isRecord, show } from "../base";
import { checkSameShape, type Matrix } from "../tensor";
import { numbersField } from "./fields";

/** A vector field on two latent dimensions, as latentField gives it. */
export interface FieldShown {
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly firstVelocity: Matrix;
  readonly secondVelocity: Matrix;
  readonly speed: Matrix;
}

/** Refuse what is no vector field. */
export function checkField(where: string, name: string, value: unknown): void {
  const field = isRecord(value) ? (value as unknown as FieldShown) : undefined;
  if (!field)
    fail(where, {
      expected: `${name} to be a field { first, second, … }`,
      got: show(value),
      fix: "Pass what latentField gave.",
    });
  for (const axis of ["first", "second"] as const) {
    numbersField.check(where, `${name}.${axis}`, field[axis]);
    const places = Array.from(field[axis]),
      rising = places.every((place, i) => Number.isFinite(place) && (i === 0 || place > places[i - 1]));
    if (!rising || places.length < 2 || places.length > 400)
      fail(where, {
        expected: `2 to 400 finite numbers that rise in ${name}.${axis}`,
        got: `${places.length} numbers${rising ? "" : " that do not"}`,
        fix: "Pass what latentField gave.",
      });
  }
  const shape = [field.second.length, field.first.length];
  for (const part of ["firstVelocity", "secondVelocity", "speed"] as const)
    checkSameShape(where, `${name}.${part}`, field[part], shape, "second and first say");
}
