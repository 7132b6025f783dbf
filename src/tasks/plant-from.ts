import { fail, isRecord, show } from "../base";
import type { Plant } from "../kernels";
import { pointMassOf, type PointMassOptions } from "./point-mass";

/** What makes each plant from its numbers: a new plant is a row. */
const makers: Readonly<Record<string, (where: string, numbers: never) => Plant>> = {
  pointMass: (where, numbers: PointMassOptions) => pointMassOf(where, numbers, "description"),
};

/**
 * A plant of the library's from its description, with the same steps to the bit.
 *
 * @throws {@link LtrnnError} for a custom plant, and for what is no description
 * @example plantFrom(pointMass({ dt: 0.1 }).description).states // 4
 */
export function plantFrom(description: Plant["description"]): Plant {
  const { kind, ...numbers } = isRecord(description) ? description : { kind: undefined };
  if (typeof kind !== "string" || !Object.hasOwn(makers, kind))
    fail("plantFrom", {
      expected: `the description of a plant, of kind ${Object.keys(makers).join(" or ")}`,
      got: isRecord(description) ? `kind ${show(kind)}` : show(description),
      fix: "Pass the description of a plant that this library made; a custom one is a record of functions.",
    });
  return makers[kind]("plantFrom", numbers as never);
}
