import { fail, LtrnnError, readOptions, type FieldsOf } from "../base";
import type { Tensor } from "../tensor";
import { checkBytes } from "./bytes";
import type { MatArray, MatContent } from "./mat-content";
import { MatCursor } from "./mat-element";
import { matVariable, orRefusal } from "./mat-matrix";
import type { MatReading } from "./mat-numbers";
import { budgetOf } from "./memory";
import { recordOf } from "./record-of";

/** Options of {@link readMat}. */
export interface ReadMatOptions {
  /** names of the variables to read; default all that can be read */
  readonly only?: readonly string[];
  /** most bytes that all variables may take, unpacked and again as doubles; default 2 GiB */
  readonly limit?: { readonly bytes?: number };
}

const fields = {
  only: { is: "list", of: { is: "text" } },
  limit: {
    is: "record",
    of: { bytes: { is: "whole number", least: 0, fallback: 2147483648 } },
    fallback: {},
  },
} as const satisfies FieldsOf<ReadMatOptions>;

const header = 128;

/**
 * The variables of a MATLAB file of versions 5 to 7 (`save -v6` and `-v7`, the default) by name: numbers and logicals
 * as tensors, text, cells and structs. Sparse matrices become dense. A variable, field or cell that is refused, such as
 * an object or complex numbers, does not prevent reading the others: accessing it throws its error.
 *
 * @typeParam T - what the caller knows the file to hold; it is not checked here
 * @param bytes - the whole file
 * @throws {@link LtrnnError} for files that are no MAT-file of these versions (7.3 is HDF5: see `ltrnn/hdf5`), that are
 * damaged or truncated or unpack to more than the limit, and for a name in `only` that the file lacks or that is
 * refused
 * @remarks O(bytes).
 * @see MathWorks, MAT-File Format (version 5 is what MATLAB calls 5 to 7)
 * @example readMat(writeMat({ rates: zeros([3, 2]) })).rates.shape // [3, 2]
 */
export function readMat<T extends Record<string, MatContent | Tensor> = Record<string, MatArray>>(
  bytes: Uint8Array,
  options?: ReadMatOptions,
): T {
  const where = "readMat";
  checkBytes(where, bytes);
  const { only, limit } = readOptions(where, options, fields);
  const reading: MatReading = {
    where,
    bigEndian: checkHeader(where, bytes),
    budget: budgetOf((limit as { bytes: number }).bytes),
  };
  const cursor = new MatCursor(where, bytes.subarray(header), reading.bigEndian),
    read: { readonly name: string; readonly content: MatContent | LtrnnError }[] = [];
  while (!cursor.done) {
    const variable = matVariable(reading, cursor.next());
    // without a name: what MATLAB keeps for objects
    if (variable?.name && (!only || only.includes(variable.name)))
      read.push({ name: variable.name, content: orRefusal(() => variable.read()) });
  }
  const lacking = only?.find((name) => !read.some((one) => one.name === name));
  if (lacking !== undefined)
    fail(where, {
      expected: `a variable called ${lacking.slice(0, 100)}`,
      got: "a file without it",
      fix: `Read without only, and see Object.keys.`,
    });
  const refusals = read.map(({ content }) => content).filter((content) => content instanceof LtrnnError);
  if (refusals.length > 0 && (only || refusals.length === read.length)) throw refusals[0];
  return recordOf(read) as T;
}

/** Refuse what is no file of version 5. @returns whether its numbers are big-endian */
function checkHeader(where: string, bytes: Uint8Array): boolean {
  const order = String.fromCharCode(bytes[126] ?? 0, bytes[127] ?? 0),
    text = String.fromCharCode(...bytes.subarray(0, 10));
  const hasSignature = (at: number) => [0x89, 0x48, 0x44, 0x46].every((byte, i) => bytes[at + i] === byte);
  if (text === "MATLAB 7.3" || hasSignature(0) || hasSignature(512))
    fail(where, {
      expected: "a MAT-file of versions 5 to 7",
      got: "one of version 7.3, which is HDF5",
      fix: 'Read it with readMat73 of ltrnn/hdf5; or save with "-v7" in MATLAB.',
    });
  const version = order === "IM" ? bytes[125] : bytes[124];
  if (bytes.length >= header && (order === "IM" || order === "MI") && version === 1) return order === "MI";
  return fail(where, {
    expected: "a MAT-file of versions 5 to 7",
    got: bytes.length < header ? `${bytes.length} bytes` : "a file with another beginning",
    fix: 'In MATLAB, save(file, "x", "-v7"). Version 4 is not read.',
  });
}
