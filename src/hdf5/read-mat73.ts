import type { Dataset, File, Group } from "h5wasm";
import { fail, LtrnnError, readOptions, type FieldsOf } from "../base";
import {
  checkSparseSize,
  deepest,
  fillSparse,
  isNumeric,
  listOf,
  recordOf,
  rowMajor,
  textRows,
  type MatArray,
  type MatContent,
  type MatStruct,
} from "../data";
import { sizeOf, type Tensor } from "../tensor";
import { claimsOf, limitField, type Claims } from "./claims";
import { contentOf, readValue } from "./content";
import { entityAt, orError } from "./read-hdf5";
import { withFile, type H5 } from "./with-file";

/** Options of {@link readMat73}. */
export interface ReadMat73Options {
  /** names of the variables to read; default all that can be read */
  readonly only?: readonly string[];
  /**
   * most bytes that one variable may take as doubles, default 2 GiB; and bytes per byte of the file, counted where they
   * are more than 16 MiB, default 1000
   */
  readonly limit?: { readonly bytes?: number; readonly ratio?: number };
}

const fields = {
  only: { is: "list", of: { is: "text" } },
  limit: limitField,
} as const satisfies FieldsOf<ReadMat73Options>;

interface Reading {
  readonly where: string;
  readonly file: File;
  readonly h5wasm: H5;
  readonly claims: Claims;
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
    claims = claimsOf(limit, bytes);
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
      content: orError(() => variable({ where, file, h5wasm, claims }, file.get(name), 0)),
    }));
    const refusals = read.map(({ content }) => content).filter((content) => content instanceof LtrnnError);
    if (refusals.length > 0 && (only || refusals.length === read.length)) throw refusals[0];
    return recordOf(read) as T;
  });
}

const attribute = ({ attrs }: Dataset | Group, name: string): unknown => attrs[name]?.value;

function variable(reading: Reading, entity: unknown, depth: number): MatContent {
  const { where, h5wasm } = reading;
  if (depth > deepest) return refuse(where, `cells and structs more than ${deepest} deep`);
  const isGroup = entity instanceof h5wasm.Group;
  if (!isGroup && !(entity instanceof h5wasm.Dataset)) return refuse(where, "a link that leads nowhere");
  const said = String(attribute(entity, "MATLAB_class") ?? (isGroup ? "struct" : "double")),
    kind = said === "canonical empty" ? "double" : said; // what [] is, in cells and fields
  if (kind === "function_handle") return refuse(where, `function_handle at ${entity.path}`);
  // values of any other class are codes that only MATLAB reads
  if (!isNumeric(kind) && !["char", "cell", "struct"].includes(kind))
    return refuse(where, `an object of class ${kind} at ${entity.path}`);
  if (isGroup) return isNumeric(kind) ? sparse(reading, entity, kind) : structs(reading, entity, depth);
  if (attribute(entity, "MATLAB_empty")) return empty(kind, contentOf(where, entity, reading.claims).data);
  const shape = shapeOf(entity);
  if (entity.dtype === "Reference")
    return { class: "cell", shape, data: listOf(referred(reading, entity, shape, depth)) };
  const { data } = contentOf(where, entity, reading.claims);
  if (!(data instanceof Float64Array)) return refuse(where, `text at ${entity.path}`);
  if (kind === "char") return { class: "char", data: textRows(shape, data) };
  return { class: kind, shape, data: rowMajor<number, Float64Array>(shape, data) };
}

/** In MATLAB's order of sizes. */
const shapeOf = ({ shape }: Dataset): number[] => [...(shape ?? [])].reverse();

/** A struct is a group of its fields; of an array of structs, every field is a list of references. */
function structs(reading: Reading, group: Group, depth: number): MatContent {
  const fields = group.keys().map((name) => ({ name, entity: entityAt(group, name) })),
    first = fields[0]?.entity;
  const isList = ({ entity }: { entity: unknown }): boolean =>
    entity instanceof reading.h5wasm.Dataset &&
    entity.dtype === "Reference" &&
    attribute(entity, "MATLAB_class") === undefined;
  if (first instanceof reading.h5wasm.Dataset && fields.every(isList)) {
    const shape = shapeOf(first),
      lists = fields.map(({ name, entity }) => ({ name, list: referred(reading, entity as Dataset, shape, depth) }));
    const data = Array.from({ length: sizeOf(shape) }, (_, i) =>
      recordOf(lists.map(({ name, list }) => ({ name, content: list[i] }))),
    );
    return { class: "struct", shape, data: data as MatStruct["data"] };
  }
  const read = fields.map(({ name, entity }) => ({
    name,
    content: orError(() => variable(reading, entity, depth + 1)),
  }));
  return { class: "struct", shape: [1, 1], data: [recordOf(read)] as MatStruct["data"] };
}

/** A sparse matrix is a group; its attribute is the number of rows. */
function sparse({ where, h5wasm, claims }: Reading, group: Group, kind: string): MatArray {
  const part = (name: string): Float64Array => {
    const found = entityAt(group, name);
    if (found === undefined || found === null) return new Float64Array(0); // no entries
    const data = found instanceof h5wasm.Dataset ? contentOf(where, found, claims).data : undefined;
    return data instanceof Float64Array ? data : refuse(where, `no numbers at ${group.path}/${name}`);
  };
  const [starts, ofRow, values] = [part("jc"), part("ir"), part("data")],
    shape = [Number(attribute(group, "MATLAB_sparse") ?? NaN), starts.length - 1] as const,
    entries = sizeOf(shape);
  if (!(8 * entries >= 0 && 8 * entries <= claims.bytes))
    return refuse(where, `a sparse matrix of ${shape.join(" × ")}, beyond the limit, at ${group.path}`);
  checkSparseSize(where, group.path, shape, 8 * (starts.length + ofRow.length + values.length));
  return { class: kind, shape, data: fillSparse(where, group.path, { shape, starts, ofRow, values }) };
}

/** An empty array is saved as its sizes. */
function empty(kind: string, sizes: Float64Array | readonly string[]): MatContent {
  const shape = Array.from(sizes as ArrayLike<number>, Number);
  if (kind === "char") return { class: "char", data: [] };
  if (kind === "cell") return { class: "cell", shape, data: [] };
  if (kind === "struct") return { class: "struct", shape, data: [] };
  return { class: kind, shape, data: new Float64Array(0) } as MatArray;
}

/** What references lead to, in our order. */
function referred(reading: Reading, dataset: Dataset, shape: readonly number[], depth: number) {
  const references = readValue(reading.where, dataset, reading.claims);
  if (!Array.isArray(references) || references.length !== sizeOf(shape))
    return refuse(reading.where, `references that cannot be followed at ${dataset.path}`);
  const read = references.map((reference) =>
    orError(() =>
      variable(reading, reading.file.dereference(reference as Parameters<File["dereference"]>[0]), depth + 1),
    ),
  );
  return rowMajor<(typeof read)[number], typeof read>(shape, read);
}

const refuse = (where: string, got: string): never =>
  fail(where, {
    expected: "numbers, text, cells and structs",
    got,
    fix: 'Save it as one of these, or with "-v7".',
  });
