import { fail, readOptions, readPart, show, type FieldsOf, type Filled } from "../base";
import { checkTensor, checkTensor3 } from "../tensor";
import { checkNumbers } from "./series";

type Check = (where: string, name: string, value: unknown) => void;

const checkMatrix: Check = (where, name, value) => checkTensor(where, name, value, 2);
export const matrixField = { is: "checked", check: checkMatrix, needed: true } as const;
export const tensor3Field = { is: "checked", check: checkTensor3, needed: true } as const;
export const numbersField = { is: "checked", check: checkNumbers, needed: true } as const;

/** A list of records that hold what the table says, and nothing else. */
export function readRecords<O extends object, const T extends FieldsOf<O>>(
  where: string,
  name: string,
  list: readonly O[],
  table: T,
  fix: string,
): readonly Filled<O, T>[] {
  return checkList(where, name, list, table, fix).map((one, i) =>
    readOptions(where, (one ?? null) as O, table, `${name}[${i}]`),
  );
}

/** A list of results, of which the fields of the table are read and others let through. */
export function readList<O extends object, const T extends FieldsOf<O>>(
  where: string,
  name: string,
  list: readonly O[],
  table: T,
  fix: string,
): readonly Filled<O, T>[] {
  return checkList(where, name, list, table, fix).map((one, i) =>
    readPart(where, (one ?? null) as O, table, `${name}[${i}]`),
  );
}

function checkList(where: string, name: string, given: unknown, table: object, fix: string): unknown[] {
  if (!Array.isArray(given) || given.length === 0)
    fail(where, {
      expected: `${name} to be an array of at least one record { ${Object.keys(table).join(", ")} }`,
      got: show(given),
      fix,
    });
  return Array.from(given as unknown[]);
}

/** Refuse more views than can be told apart on a page. */
export function checkCount(where: string, what: string, count: number, most: number, fix: string): void {
  if (count >= 1 && count <= most) return;
  fail(where, { expected: `1 to ${most} ${what}`, got: String(count), fix });
}

/** Refuse a list of another length. */
export function checkLength(where: string, name: string, length: number, expected: number, of: string): void {
  if (length === expected) return;
  fail(where, { expected: `${expected} ${name}, one for ${of}`, got: String(length), fix: `Pass one for ${of}.` });
}
