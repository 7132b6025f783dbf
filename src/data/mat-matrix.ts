import { fail } from "../base";
import { sizeOf } from "../tensor";
import { inflateAll } from "./inflate";
import type { MatArray, MatContent } from "./mat-content";
import { compressedType, MatCursor, matrixType, type MatElement } from "./mat-element";
import { damaged, numbersOf, type MatReading } from "./mat-numbers";
import { charRows, textOf } from "./mat-text";
import { takeFrom } from "./memory";
import { rowMajor } from "./row-major";

/** Classes of arrays by their number, as in the format's own table. */
const classes = [
  "",
  "cell",
  "struct",
  "object",
  "char",
  "sparse",
  "double",
  "single",
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "function_handle",
  "opaque",
];
/** However few are not zero, a sparse matrix of so many entries does no harm. */
const harmless = 1048576;
/** Cells and structs within one another, at most. */
const deepest = 64;

/** A variable: its name, and what reads it. */
export interface MatVariable {
  readonly name: string;
  read(): MatContent;
}

/** A variable of the file from its element; compressed ones are unpacked. */
export function matVariable(reading: MatReading, element: MatElement): MatVariable | undefined {
  const { where, bigEndian, budget } = reading;
  if (element.type === compressedType) {
    // two bytes of header and four of checksum are those of zlib
    const bytes = inflateAll(element.bytes.subarray(2, Math.max(2, element.bytes.length - 4)), budget.left);
    if (!bytes) return damaged(where, "a compressed variable that unpacks, within the limit", "one that does not");
    takeFrom(budget, where, "a compressed variable", bytes.length);
    return matVariable(reading, new MatCursor(where, bytes, bigEndian).next());
  }
  if (element.type !== matrixType) return undefined;
  const parts = partsOf(reading, element.bytes);
  return { name: parts.name, read: () => contentOf(reading, parts, 0) };
}

interface Parts {
  readonly name: string;
  readonly kind: string;
  readonly flags: number;
  readonly shape: readonly number[];
  readonly rest: MatCursor;
}

/** The flags, sizes and name that every array begins with. */
function partsOf({ where, bigEndian }: MatReading, bytes: Uint8Array): Parts {
  const rest = new MatCursor(where, bytes, bigEndian),
    flags = numbersOf({ where, bigEndian }, "array flags", rest.next())[0] ?? 0,
    kind = classes[flags & 0xff] ?? "";
  if (kind === "opaque") return { name: "", kind, flags, shape: [0], rest };
  const shape = Array.from(numbersOf({ where, bigEndian }, "the sizes of an array", rest.next())),
    name = textOf(rest.next().bytes, "utf-8");
  if (shape.length < 2 || shape.some((size) => !Number.isInteger(size) || size < 0))
    damaged(where, "at least two sizes for every array", `[${shape.join(", ")}] for ${name}`);
  return { name, kind, flags, shape, rest };
}

function contentOf(reading: MatReading, parts: Parts, depth: number): MatContent {
  const { where, budget } = reading,
    { name, kind, flags, shape, rest } = parts,
    entries = sizeOf(shape);
  if (depth > deepest) damaged(where, `cells and structs at most ${deepest} deep`, `more in ${name}`);
  const inner = (): MatContent => {
    const { type, bytes } = rest.next();
    if (type !== matrixType)
      damaged(where, "an array in every cell and field", `an element of type ${type} in ${name}`);
    if (bytes.length === 0) return { class: "double", shape: [0, 0], data: new Float64Array(0) };
    return contentOf(reading, partsOf(reading, bytes), depth + 1);
  };
  const all = (count: number): MatContent[] => {
    // each takes the eight bytes of a tag at least
    if (8 * count > rest.left) damaged(where, `${count} arrays in ${name}`, `${rest.left} bytes for them`);
    takeFrom(budget, where, name, 8 * count);
    return Array.from({ length: count }, inner);
  };
  switch (kind) {
    case "cell":
      return { class: "cell", shape, data: rowMajor<MatContent, MatContent[]>(shape, all(entries)) };
    case "struct": {
      const names = fieldNames(reading, rest),
        values = all(entries * names.length);
      const records = Array.from({ length: entries }, (_, e) => ownRecord(names, values, e * names.length));
      return { class: "struct", shape, data: rowMajor<(typeof records)[number], typeof records>(shape, records) };
    }
    case "char":
      return charRows(reading, shape, rest.next());
    case "sparse":
      return sparse(reading, parts);
    case "object":
    case "function_handle":
    case "opaque":
    case "":
      return fail(where, {
        expected: "numbers, text, cells and structs",
        got:
          (kind === "opaque" || kind === "object" ? "an object of a class" : kind || "an unknown class") +
          (name ? ` as ${name}` : ""),
        fix: "In MATLAB, save its fields: s = struct(object), or table2struct, then save(file, 's', '-v7').",
      });
    default:
      return numeric(reading, parts, (flags & 0x200) !== 0 ? "logical" : kind);
  }
}

function numeric(reading: MatReading, { name, flags, shape, rest }: Parts, kind: string): MatArray {
  const { where } = reading,
    entries = sizeOf(shape);
  if ((flags & 0x800) !== 0)
    fail(where, { expected: "real numbers", got: `complex ones as ${name}`, fix: "Save real(x) and imag(x) apart." });
  takeFrom(reading.budget, where, name, 8 * entries);
  const data = numbersOf(reading, name, rest.next());
  if (data.length !== entries) damaged(where, `${entries} entries of ${name}`, `${data.length}`);
  return { class: kind, shape, data: rowMajor<number, Float64Array>(shape, data) };
}

/** A sparse matrix, filled in: the columns' starts, the rows and values of entries that are not zero. */
function sparse(reading: MatReading, { name, flags, shape, rest }: Parts): MatArray {
  const { where } = reading,
    [rows, columns] = shape;
  if ((flags & 0x800) !== 0)
    fail(where, { expected: "real numbers", got: `complex ones as ${name}`, fix: "Save real(x) and imag(x) apart." });
  takeFrom(reading.budget, where, name, 8 * sizeOf(shape));
  if (sizeOf(shape) > harmless && sizeOf(shape) > 1000 * rest.left)
    damaged(where, `a sparse ${name} of at most 1000 entries per byte`, `${shape.join(" × ")} in ${rest.left} bytes`);
  const [ofRow, starts, values] = [0, 1, 2].map(() => numbersOf(reading, name, rest.next())),
    data = new Float64Array(sizeOf(shape)),
    count = starts[columns] ?? -1;
  if (starts.length !== columns + 1 || !(count <= ofRow.length && count <= values.length && count >= 0))
    damaged(where, `a start for each of the ${columns} columns of ${name}, and its entries`, `${starts.length} starts`);
  for (let column = 0; column < columns; column++)
    for (let e = starts[column]; e < starts[column + 1]; e++) {
      if (!(ofRow[e] >= 0 && ofRow[e] < rows)) damaged(where, `rows below ${rows} in ${name}`, `${ofRow[e]}`);
      data[ofRow[e] * columns + column] = values[e];
    }
  return { class: (flags & 0x200) !== 0 ? "logical" : "double", shape, data };
}

function fieldNames(reading: MatReading, rest: MatCursor): string[] {
  const width = numbersOf(reading, "the length of field names", rest.next())[0] ?? 0,
    { bytes } = rest.next();
  if (!(width >= 1) || bytes.length % width !== 0)
    damaged(reading.where, "field names of one width", `${bytes.length} bytes of width ${width}`);
  return Array.from({ length: bytes.length / width }, (_, n) =>
    textOf(bytes.subarray(n * width, (n + 1) * width), "utf-8"),
  );
}

function ownRecord(names: readonly string[], values: readonly MatContent[], first: number): Record<string, MatContent> {
  const record: Record<string, MatContent> = {};
  for (const [n, name] of names.entries())
    Object.defineProperty(record, name, { value: values[first + n], enumerable: true });
  return record;
}
