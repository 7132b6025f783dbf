import { defined, fail, isRecord, readOptions, show, type FieldsOf } from "../base";
import { box, l2Ball, totalVariation } from "./bounded-columns";
import type { ConstraintDescription, CpConstraint } from "./constraint";
import { nonNegative } from "./non-negative";
import { orthogonal } from "./orthogonal";
import {
  hardSparsity,
  l1Penalty,
  l2Penalty,
  monotone,
  simplex,
  softSparsity,
  unimodal,
  unitNorm,
} from "./proximal-constraints";
import { ridgePenalty } from "./ridge-penalty";
import { smoothAlong } from "./smooth-along";

const roundsTable = {
  rounds: { is: "whole number", least: 1, most: 100_000, needed: true },
  exact: { is: "boolean" },
} as const satisfies FieldsOf<{ rounds: number; exact?: boolean }>;
const strengthTable = {
  strength: { is: "number", above: 0, needed: true },
} as const satisfies FieldsOf<{ strength: number }>;
const directionTable = {
  direction: { is: "name", of: ["rising", "falling"], needed: true },
} as const satisfies FieldsOf<{ direction: "rising" | "falling" }>;
const totalTable = { total: { is: "number", above: 0, needed: true } } as const satisfies FieldsOf<{ total: number }>;
const countTable = {
  count: { is: "whole number", least: 1, needed: true },
  unitNorm: { is: "boolean" },
} as const satisfies FieldsOf<{ count: number; unitNorm?: boolean }>;
const simplexTable = { total: { is: "number", above: 0 } } as const satisfies FieldsOf<{ total?: number }>;
const signTable = { nonNegative: { is: "boolean" } } as const satisfies FieldsOf<{ nonNegative?: boolean }>;
const radiusTable = { radius: { is: "number", above: 0, needed: true } } as const satisfies FieldsOf<{
  radius: number;
}>;
const boxTable = { least: { is: "number" }, most: { is: "number" } } as const satisfies FieldsOf<{
  least?: number;
  most?: number;
}>;
const variationTable = {
  strength: { is: "number", above: 0, needed: true },
  l1: { is: "number", least: 0 },
} as const satisfies FieldsOf<{ strength: number; l1?: number }>;
const nameTable = { name: { is: "text", needed: true } } as const satisfies FieldsOf<{ name: string }>;

type Maker<K> = (where: string, numbers: Omit<Extract<ConstraintDescription, { kind: K }>, "kind">) => CpConstraint;

/** How each kind of constraint is made from its numbers: a new kind is a new row. */
const makers: { readonly [K in ConstraintDescription["kind"]]: Maker<K> } = {
  nonNegative(where, numbers) {
    const { rounds, exact = false } = readOptions(where, numbers, roundsTable, "description");
    return nonNegative({ rounds, exact });
  },
  orthogonal: (where, numbers) => {
    readOptions(where, numbers, {}, "description");
    return orthogonal();
  },
  simplex: (where, numbers) => simplex(readOptions(where, numbers, simplexTable, "description").total),
  unimodal: (where, numbers) => unimodal(defined(readOptions(where, numbers, signTable, "description"))),
  unitNorm: (where, numbers) => {
    readOptions(where, numbers, {}, "description");
    return unitNorm();
  },
  l1Penalty(where, numbers) {
    const { strength, ...sign } = readOptions(where, numbers, { ...strengthTable, ...signTable }, "description");
    return l1Penalty(strength, defined(sign));
  },
  l2Penalty: (where, numbers) => l2Penalty(readOptions(where, numbers, strengthTable, "description").strength),
  monotone: (where, numbers) => monotone(readOptions(where, numbers, directionTable, "description").direction),
  softSparsity: (where, numbers) => softSparsity(readOptions(where, numbers, totalTable, "description").total),
  hardSparsity(where, numbers) {
    const { count, ...unit } = readOptions(where, numbers, countTable, "description");
    return hardSparsity(count, defined(unit));
  },
  box: (where, numbers) => box(defined(readOptions(where, numbers, boxTable, "description"))),
  l2Ball(where, numbers) {
    const { radius, ...sign } = readOptions(where, numbers, { ...radiusTable, ...signTable }, "description");
    return l2Ball(radius, defined(sign));
  },
  totalVariation(where, numbers) {
    const { strength, ...l1 } = readOptions(where, numbers, variationTable, "description");
    return totalVariation(strength, defined(l1));
  },
  ridgePenalty: (where, numbers) => ridgePenalty(readOptions(where, numbers, strengthTable, "description").strength),
  smoothAlong: (where, numbers) => smoothAlong(readOptions(where, numbers, strengthTable, "description").strength),
  custom: (where, numbers) => {
    const { name } = readOptions(where, numbers, nameTable, "description");
    return fail(where, {
      expected: "the description of a constraint of the library's",
      got: `that of the custom constraint ${show(name)}, whose functions are not in it`,
      fix: "Pass the constraint itself: its code must come from where it was written.",
    });
  },
};

/**
 * Make a constraint from its description: its updates are the same to the bit.
 *
 * @throws {@link LtrnnError} for a custom constraint, and for what is not a description
 * @example constraintFrom({ kind: "nonNegative", rounds: 3 }).name // "nonNegative"
 */
export const constraintFrom = (description: ConstraintDescription): CpConstraint =>
  constraintOf("constraintFrom", description);

export function constraintOf(where: string, description: ConstraintDescription): CpConstraint {
  const kind: unknown = isRecord(description) ? description.kind : undefined;
  if (typeof kind !== "string" || !Object.hasOwn(makers, kind))
    fail(where, {
      expected: `the description of a constraint, of kind ${Object.keys(makers).join(", ")}`,
      got: isRecord(description) ? `a record of kind ${show(kind)}` : show(description),
      fix: "Pass the description of a constraint that this library made.",
    });
  const { kind: _, ...numbers } = description;
  const make = makers[description.kind] as (where: string, numbers: object) => CpConstraint;
  return make(where, numbers);
}
