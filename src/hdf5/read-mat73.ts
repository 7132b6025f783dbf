import type { Dataset, File, Group } from "h5wasm";
import { fail, LtrnnError, readOptions, type FieldsOf } from "../base";
import { recordOf, rowMajor, withoutPadding, type MatArray, type MatContent } from "../data";
import { sizeOf, type Tensor } from "../tensor";
import { contentOf } from "./content";
import { entityAt, limitField } from "./read-hdf5";
import { withFile, type H5 } from "./with-file";

/** Options of {@link readMat73}. */
export interface ReadMat73Options {
  /** names of the variables to read; default all that can be read */
  readonly only?: readonly string[];
  /** most bytes that one variable may take as doubles; default 2 GiB */
  readonly limit?: { readonly bytes?: number };
}

const fields = {
  only: { is: "list", of: { is: "text" } },
  limit: limitField,
} as const satisfies FieldsOf<ReadMat73Options>;

interface Reading {
  readonly where: string;
  readonly file: File;
  readonly h5wasm: H5;
  readonly most: number;
}

/**
 * The variables of a MATLAB 7.3 file by name, as `readMat` of `ltrnn` gives those of earlier versions: numbers and
 * logicals as tensors with MATLAB's sizes, text, cells and structs.
 *
 * @typeParam T - what the caller knows the file to hold; it is not checked here
 * @param bytes - the whole file
 * @throws LtrnnError for what is no HDF5 file or a damaged one, for a name in `only` that the file lacks or that
 * is refused, and where the package h5wasm is not installed
 * @remarks O(bytes), and a copy of the file in memory.
 * @example (await readMat73(matFile)).x.class // "double"
 */
export function readMat73<T extends Record<string, MatContent | Tensor> = Record<string, MatArray>>(
  bytes: Uint8Array,
  options?: ReadMat73Options,
): Promise<T> {
  const where = "readMat73",
    { only, limit } = readOptions(where, options, fields),
    most = limit.bytes ?? limitField.of.bytes.fallback;
  return withFile(where, bytes, (file, h5wasm) => {
    const names = file.keys().filter((key) => !key.startsWith("#")), // what references lead to
      lacking = only?.find((name) => !names.includes(name));
    if (lacking !== undefined)
      fail(where, {
        expected: `a variable called ${lacking.slice(0, 100)}`,
        got: `a file with ${names.slice(0, 20).join(", ")}`,
        fix: "Ask for one of these.",
      });
    const read = (only ?? names).map((name) => ({
      name,
      content: orError(() => variable({ where, file, h5wasm, most }, file.get(name), 0)),
    }));
    const refusals = read.map(({ content }) => content).filter((content) => content instanceof LtrnnError);
    if (refusals.length > 0 && (only || refusals.length === read.length)) throw refusals[0];
    return recordOf(read) as T;
  });
}

function orError(read: () => MatContent): MatContent | LtrnnError {
  try {
    return read();
  } catch (error) {
    if (error instanceof LtrnnError) return error;
    throw error;
  }
}

const attribute = ({ attrs }: Dataset | Group, name: string): unknown => attrs[name]?.value;

function variable(reading: Reading, entity: unknown, depth: number): MatContent {
  const { where, h5wasm } = reading;
  if (depth > 64) return refuse(where, "cells and structs more than 64 deep");
  if (entity instanceof h5wasm.Group) {
    const names = entity.keys(),
      record: Record<string, MatContent> = {};
    for (const name of names)
      Object.defineProperty(record, name, {
        value: variable(reading, entityAt(entity, name), depth + 1),
        enumerable: true,
      });
    return { class: "struct", shape: [1, 1], data: [record] };
  }
  if (!(entity instanceof h5wasm.Dataset)) return refuse(where, "a link that leads nowhere");
  const kind = String(attribute(entity, "MATLAB_class") ?? "double");
  if (attribute(entity, "MATLAB_empty")) return empty(kind, contentOf(where, entity, reading.most).data);
  const shape = [...(entity.shape ?? [])].reverse(); // MATLAB's order of sizes
  if (entity.dtype === "Reference") return cells(reading, entity, shape, depth);
  const { data } = contentOf(where, entity, reading.most);
  if (!(data instanceof Float64Array)) return refuse(where, `text at ${entity.path}`);
  if (kind === "char") return { class: "char", data: textRows(shape, data) };
  if (kind === "function_handle" || kind === "FileWrapper__") return refuse(where, `${kind} at ${entity.path}`);
  return { class: kind, shape, data: rowMajor<number, Float64Array>(shape, data) };
}

/** An empty array is saved as its sizes. */
function empty(kind: string, sizes: Float64Array | readonly string[]): MatContent {
  const shape = Array.from(sizes as ArrayLike<number>, Number);
  if (kind === "char") return { class: "char", data: [] };
  if (kind === "cell") return { class: "cell", shape, data: [] };
  if (kind === "struct") return { class: "struct", shape, data: [] };
  return { class: kind, shape, data: new Float64Array(0) } as MatArray;
}

function cells(reading: Reading, dataset: Dataset, shape: readonly number[], depth: number): MatContent {
  const references = dataset.value;
  if (!Array.isArray(references) || references.length !== sizeOf(shape))
    return refuse(reading.where, `references that cannot be followed at ${dataset.path}`);
  const data = references.map((reference) =>
    variable(reading, reading.file.dereference(reference as Parameters<File["dereference"]>[0]), depth + 1),
  );
  return { class: "cell", shape, data: rowMajor<MatContent, MatContent[]>(shape, data) };
}

/** Codes of characters (rows × columns), saved column by column, as one text per row. */
const textRows = ([rows = 0, columns = 0]: readonly number[], codes: Float64Array): string[] =>
  Array.from({ length: rows }, (_, i) =>
    withoutPadding(Array.from({ length: columns }, (_, j) => String.fromCharCode(codes[j * rows + i])).join("")),
  );

const refuse = (where: string, got: string): never =>
  fail(where, {
    expected: "numbers, text, cells and structs",
    got,
    fix: 'Save it as one of these, or with "-v7".',
  });
