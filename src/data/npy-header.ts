import { fail } from "../base";
import type { Shape } from "../tensor";
import { parsePythonLiteral, type PythonLiteral } from "./python-literal";

/** What stands before the entries of an .npy file. */
export interface NpyHeader {
  /** the type as the file spells it, such as "<f8"; for a structured type "structured" */
  readonly dtype: string;
  readonly fortranOrder: boolean;
  readonly shape: Shape;
  /** the number of entries */
  readonly entries: number;
  /** where the entries start */
  readonly start: number;
}

/** NumPy's own limit: longer headers "may not be safe to load". */
const longestHeader = 10_000;

/** Bytes that hold the longest header that is read. */
export const headerReach = 12 + longestHeader;

/** Whether these bytes begin as every .npy file does. */
export const isNpy = (bytes: Uint8Array): boolean =>
  bytes.length >= 6 && String.fromCharCode(...bytes.subarray(0, 6)) === "\x93NUMPY";

/**
 * The header of an .npy file of version 1.0, 2.0 or 3.0 (numpy's NEP 1 and `numpy.lib.format`).
 *
 * It is a Python dictionary in text, of three keys: only literals are read, and nothing is evaluated.
 */
export function parseNpyHeader(where: string, name: string, bytes: Uint8Array): NpyHeader {
  const damaged = (expected: string, got: string): never =>
    fail(where, { expected, got: `${got} in ${name}`, fix: "Save it again with numpy.save, numpy.savez or writeNpy." });
  if (bytes.length < 10) damaged("an .npy array, which begins with \\x93NUMPY", `${bytes.length} bytes`);
  if (!isNpy(bytes)) damaged("an .npy array, which begins with \\x93NUMPY", "other content");
  const major = bytes[6],
    minor = bytes[7];
  if (major < 1 || major > 3 || minor !== 0) damaged("npy version 1.0, 2.0 or 3.0", `version ${major}.${minor}`);
  const from = major === 1 ? 10 : 12;
  if (bytes.length < from) damaged("a whole header", `${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > longestHeader) damaged(`a header of at most ${longestHeader} bytes, as NumPy does`, `one of ${length}`);
  if (from + length > bytes.length) damaged("a whole header", `${bytes.length - from} of its ${length} bytes`);
  const text = String.fromCharCode(...bytes.subarray(from, from + length));
  const refuse = (got: string) => damaged("a header { 'descr', 'fortran_order', 'shape' } as NumPy writes it", got);
  return { ...fieldsOf(parsePythonLiteral(text, refuse), refuse), start: from + length };
}

/** The three entries of the dictionary, each of its type. */
function fieldsOf(header: PythonLiteral, refuse: (got: string) => never): Omit<NpyHeader, "start"> {
  if (header === null || typeof header !== "object" || !("dict" in header)) return refuse("no dictionary");
  const { dict } = header,
    descr = dict.get("descr"),
    fortranOrder = dict.get("fortran_order");
  if (dict.size !== 3 || descr === undefined || fortranOrder === undefined || !dict.has("shape"))
    return refuse(
      `a dictionary of ${
        [...dict.keys()]
          .map((key) => key.slice(0, 20))
          .slice(0, 6)
          .join(", ") || "nothing"
      }`,
    );
  if (typeof fortranOrder !== "boolean") return refuse("fortran_order that is neither True nor False");
  const shape = shapeOf(dict.get("shape"), refuse);
  const largest = shape.reduce((product, size) => product * Math.max(size, 1), 1);
  if (largest > Number.MAX_SAFE_INTEGER)
    refuse(`shape (${shape.slice(0, 8).join(", ")}), more entries than any memory holds,`);
  if (typeof descr === "string") return { dtype: descr, fortranOrder, shape, entries: shape.includes(0) ? 0 : largest };
  return descr !== null && typeof descr === "object"
    ? { dtype: "structured", fortranOrder, shape, entries: shape.includes(0) ? 0 : largest }
    : refuse("a descr that is no type");
}

function shapeOf(shape: PythonLiteral | undefined, refuse: (got: string) => never): number[] {
  if (typeof shape === "number") return refuse(`(${shape}), a number and not a tuple,`);
  if (shape === null || typeof shape !== "object" || !("tuple" in shape)) return refuse("a shape that is no tuple");
  const sizes = shape.tuple.map((size) => (typeof size === "number" ? size : Number.NaN));
  if (sizes.length > 64 || !sizes.every((size) => Number.isSafeInteger(size) && size >= 0))
    return refuse(`shape (${sizes.slice(0, 8).join(", ")}${sizes.length > 8 ? ", …" : ""})`);
  return sizes;
}
