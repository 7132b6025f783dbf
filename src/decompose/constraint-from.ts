import { fail, isRecord, readOptions, show, type FieldsOf } from "../base";
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
} as const satisfies FieldsOf<{ count: number }>;
const nameTable = { name: { is: "text", needed: true } } as const satisfies FieldsOf<{ name: string }>;

type Maker<K> = (where: string, numbers: Omit<Extract<ConstraintDescription, { kind: K }>, "kind">) => CpConstraint;

/** What makes each kind of constraint from its numbers: a new kind is a row. */
const makers: { readonly [K in ConstraintDescription["kind"]]: Maker<K> } = {
  nonNegative(where, numbers) {
    const { rounds, exact = false } = readOptions(where, numbers, roundsTable, "description");
    return nonNegative({ rounds, exact });
  },
  orthogonal: (where, numbers) => {
    readOptions(where, numbers, {}, "description");
    return orthogonal();
  },
  simplex: (where, numbers) => {
    readOptions(where, numbers, {}, "description");
    return simplex();
  },
  unimodal: (where, numbers) => {
    readOptions(where, numbers, {}, "description");
    return unimodal();
  },
  unitNorm: (where, numbers) => {
    readOptions(where, numbers, {}, "description");
    return unitNorm();
  },
  l1Penalty: (where, numbers) => l1Penalty(readOptions(where, numbers, strengthTable, "description").strength),
  l2Penalty: (where, numbers) => l2Penalty(readOptions(where, numbers, strengthTable, "description").strength),
  monotone: (where, numbers) => monotone(readOptions(where, numbers, directionTable, "description").direction),
  softSparsity: (where, numbers) => softSparsity(readOptions(where, numbers, totalTable, "description").total),
  hardSparsity: (where, numbers) => hardSparsity(readOptions(where, numbers, countTable, "description").count),
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
 * A constraint from its description, with the same updates to the bit.
 *
 * @throws {@link LtrnnError} for a custom constraint, and for what is no description
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
