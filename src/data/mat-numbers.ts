import { fail } from "../base";
import { elementTypes, type MatElement } from "./mat-element";
import type { Budget } from "./memory";
import { readNumbers } from "./npy-numbers";

/** What every part of a reader of MAT-files knows. */
export interface MatReading {
  readonly where: string;
  readonly bigEndian: boolean;
  readonly budget: Budget;
}

/** The numbers of an element, whichever type the file stores them in. */
export function numbersOf(
  { where, bigEndian }: Pick<MatReading, "where" | "bigEndian">,
  name: string,
  { type, bytes }: MatElement,
): Float64Array {
  const stored = elementTypes[type];
  if (!stored || bytes.length % stored.width !== 0)
    return damaged(where, `numbers for ${name}`, `${bytes.length} bytes of type ${type}`);
  const dtype = { ...stored, bigEndian, text: `${stored.kind}${stored.width}` };
  return readNumbers(where, name, dtype as Parameters<typeof readNumbers>[2], bytes, "exact");
}

/** Refuse a file that contradicts itself. */
export function damaged(where: string, expected: string, got: string): never {
  return fail(where, { expected, got, fix: "The file is damaged: copy or save it again." });
}
