import { fail, LtrnnError } from "../base";
import { sizeOf } from "../tensor";
import { checkSparseSize, fillSparse } from "./fill-sparse";
import { inflateAll } from "./inflate";
import { deepest, matClasses } from "./mat-classes";
import type { MatArray, MatContent } from "./mat-content";
import { byteType, compressedType, doubleType, MatCursor, matrixType, type MatElement } from "./mat-element";
import { damaged, numbersOf, type MatReading } from "./mat-numbers";
import { charRows, textOf } from "./mat-text";
import { takeFrom } from "./memory";
import { listOf, recordOf } from "./record-of";
import { rowMajor } from "./row-major";

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
    kind = matClasses[flags & 0xff] ?? "";
  if (kind === "opaque") return { name: textOf(rest.next().bytes, "utf-8"), kind, flags, shape: [0], rest };
  const shape = Array.from(numbersOf({ where, bigEndian }, "the sizes of an array", rest.next())),
    name = textOf(rest.next().bytes, "utf-8");
  if (shape.length < 2 || shape.some((size) => !Number.isInteger(size) || size < 0))
    damaged(where, "at least two sizes for every array", `[${shape.join(", ")}] for ${name}`);
  return { name, kind, flags, shape, rest };
}

function contentOf(reading: MatReading, parts: Parts, depth: number): MatContent {
  const { where, budget } = reading,
    { name, kind, shape, rest } = parts,
    entries = sizeOf(shape);
  if (depth > deepest) damaged(where, `cells and structs at most ${deepest} deep`, `more in ${name}`);
  const inner = (place: string): MatContent | LtrnnError => {
    const { type, bytes } = rest.next();
    if (type !== matrixType)
      damaged(where, "an array in every cell and field", `an element of type ${type} in ${name}`);
    if (bytes.length === 0) return { class: "double", shape: [0, 0], data: new Float64Array(0) };
    const within = { ...partsOf(reading, bytes), name: place };
    return orRefusal(() => contentOf(reading, within, depth + 1));
  };
  const all = (count: number, placeOf: (i: number) => string): (MatContent | LtrnnError)[] => {
    // each takes the eight bytes of a tag at least
    if (8 * count > rest.left) damaged(where, `${count} arrays in ${name}`, `${rest.left} bytes for them`);
    takeFrom(budget, where, name, 8 * count);
    return Array.from({ length: count }, (_, i) => inner(placeOf(i)));
  };
  switch (kind) {
    case "cell": {
      const values = all(entries, (i) => `${name}{${i + 1}}`);
      return { class: "cell", shape, data: listOf(rowMajor<(typeof values)[number], typeof values>(shape, values)) };
    }
    case "struct": {
      const names = fieldNames(reading, rest),
        values = all(entries * names.length, (i) => `${name}.${names[i % names.length]}`);
      const records = Array.from({ length: entries }, (_, e) =>
        recordOf(names.map((field, n) => ({ name: field, content: values[e * names.length + n] }))),
      ) as Record<string, MatContent>[];
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
      return refuse(parts, where);
    default:
      return numeric(reading, parts);
  }
}

/** An object's class comes next; for opaque ones, after the name of the object system, such as MCOS. */
function refuse({ kind, name, rest }: Parts, where: string): never {
  if (kind === "opaque") rest.next();
  const isObject = kind === "opaque" || kind === "object",
    what = isObject ? `an object of class ${textOf(rest.next().bytes, "utf-8")}` : kind || "an unknown class";
  return fail(where, {
    expected: "numbers, text, cells and structs",
    got: `${what} as ${name}`,
    fix: "In MATLAB save what it holds: char(text), struct(object), table2struct(table), posixtime(date).",
  });
}

const isLogical = ({ flags }: Parts): boolean => (flags & 0x200) !== 0;

function checkReal(where: string, { flags, name }: Parts): void {
  if ((flags & 0x800) !== 0)
    fail(where, { expected: "real numbers", got: `complex ones as ${name}`, fix: "Save real(x) and imag(x) apart." });
}

function numeric(reading: MatReading, parts: Parts): MatArray {
  const { where } = reading,
    { name, kind, shape, rest } = parts,
    entries = sizeOf(shape);
  checkReal(where, parts);
  takeFrom(reading.budget, where, name, 8 * entries);
  const data = numbersOf(reading, name, rest.next());
  if (data.length !== entries) damaged(where, `${entries} entries of ${name}`, `${data.length}`);
  return { class: isLogical(parts) ? "logical" : kind, shape, data: rowMajor<number, Float64Array>(shape, data) };
}

/** A sparse matrix, filled in. MATLAB saves logical ones as bytes, with the type of doubles. */
function sparse(reading: MatReading, parts: Parts): MatArray {
  const { where, budget } = reading,
    { name, rest } = parts,
    shape = [parts.shape[0], parts.shape[1]] as const;
  checkReal(where, parts);
  takeFrom(budget, where, name, 8 * sizeOf(shape));
  checkSparseSize(where, name, shape, rest.left);
  const ofRow = numbersOf(reading, name, rest.next()),
    starts = numbersOf(reading, name, rest.next()),
    { type, bytes } = rest.next();
  const areBytes = isLogical(parts) && type === doubleType && bytes.length < 8 * starts[shape[1]];
  const values = numbersOf(reading, name, { type: areBytes ? byteType : type, bytes });
  return {
    class: isLogical(parts) ? "logical" : "double",
    shape,
    data: fillSparse(where, name, { shape, starts, ofRow, values }),
  };
}

function fieldNames(reading: MatReading, rest: MatCursor): string[] {
  const width = numbersOf(reading, "the length of field names", rest.next())[0] ?? 0,
    { bytes } = rest.next();
  if (!(width >= 1) || bytes.length % width !== 0)
    damaged(reading.where, "field names of one width", `${bytes.length} bytes of width ${width}`);
  const names = Array.from({ length: bytes.length / width }, (_, n) =>
    textOf(bytes.subarray(n * width, (n + 1) * width), "utf-8"),
  );
  // MATLAB before 7 cut long names, so that two became one
  return names.map((name, n) => (names.indexOf(name) === n ? name : `_${count(names, name, n)}_${name}`));
}

/** How often a name occurs among the first `place` ones. */
const count = (names: readonly string[], name: string, place: number): number =>
  names.slice(0, place).filter((one) => one === name).length;

/** What is read, or why it is refused; damage, and what passes the limit, are errors of the whole file. */
export function orRefusal(read: () => MatContent): MatContent | LtrnnError {
  try {
    return read();
  } catch (error) {
    if (error instanceof LtrnnError && !error.fix.includes("damaged") && !error.fix.includes("limit")) return error;
    throw error;
  }
}
