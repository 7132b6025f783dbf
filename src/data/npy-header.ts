import { fail } from "../base";
import type { Shape } from "../tensor";

/** What stands before the numbers of an .npy file. */
export interface NpyHeader {
  /** numpy's type string, such as "<f8"; for a structured type "structured" */
  readonly dtype: string;
  readonly fortranOrder: boolean;
  readonly shape: Shape;
  /** where the numbers start */
  readonly start: number;
}

/**
 * The header of an .npy file of version 1.0, 2.0 or 3.0 (numpy's NEP 1 and `numpy.lib.format`).
 *
 * It is a Python dictionary in text. Only the three keys and the few literals that numpy writes there are read, and nothing is evaluated.
 */
export function parseNpyHeader(where: string, name: string, bytes: Uint8Array): NpyHeader {
  const damaged = (expected: string, got: string): never =>
    fail(where, { expected, got: `${got} in ${name}`, fix: "Save it again with numpy.save, numpy.savez or writeNpy." });
  if (bytes.length < 10 || String.fromCharCode(...bytes.subarray(0, 6)) !== "\x93NUMPY")
    damaged(
      "an .npy array, which begins with \\x93NUMPY",
      bytes.length < 10 ? `${bytes.length} bytes` : "other content",
    );
  const major = bytes[6],
    minor = bytes[7];
  if (major < 1 || major > 3 || minor !== 0) damaged("npy version 1.0, 2.0 or 3.0", `version ${major}.${minor}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (major > 1 && bytes.length < 12) damaged("a whole header", `${bytes.length} bytes`);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true),
    from = major === 1 ? 10 : 12;
  // 64 modes fit many times over; only structured types need more, and they are refused anyway
  if (length > 65535) damaged("a header of at most 65535 bytes", `one of ${length}`);
  if (from + length > bytes.length) damaged("a whole header", `${bytes.length - from} of its ${length} bytes`);
  const text = String.fromCharCode(...bytes.subarray(from, from + length));
  return {
    ...parseDictionary(text, (got) =>
      damaged("a header { 'descr', 'fortran_order', 'shape' } as numpy writes it", got),
    ),
    start: from + length,
  };
}

/** `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }` and blanks after it; keys in any order, each once. */
function parseDictionary(text: string, damaged: (got: string) => never): Omit<NpyHeader, "start"> {
  let at = 0;
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  const need = (pattern: RegExp) =>
    take(pattern) ?? damaged(`${JSON.stringify(text.slice(at, at + 20))} at character ${at}`);
  let dtype: string | undefined, fortranOrder: boolean | undefined, shape: number[] | undefined;
  need(/\s*\{\s*/y);
  while (!take(/\}\s*$/y)) {
    const key = need(/(['"])(descr|fortran_order|shape)\1\s*:\s*/y)[2];
    if (key === "descr" && dtype === undefined) {
      if (take(/\[/y)) return { dtype: "structured", fortranOrder: false, shape: [] }; // refused by its dtype, so the rest is not needed
      dtype = need(/(['"])([^'"\\]*)\1\s*/y)[2];
    } else if (key === "fortran_order" && fortranOrder === undefined)
      fortranOrder = need(/(True|False)\s*/y)[1] === "True";
    else if (key === "shape" && shape === undefined) {
      const sizes = need(/\(\s*((?:\d+L?\s*,\s*)*)(\d+L?)?\s*\)\s*/y); // Python 2 wrote 3L
      if (sizes[2] !== undefined && sizes[1] === "") damaged(`(${sizes[2]}), a number and not a tuple,`);
      shape = (sizes[1] + (sizes[2] ?? ""))
        .split(",")
        .map((size) => size.trim().replace("L", ""))
        .filter((size) => size !== "")
        .map(Number);
    } else damaged(`two entries '${key}'`);
    if (!take(/,\s*/y) && text[at] !== "}") damaged(`no comma at character ${at}`);
  }
  if (dtype === undefined || fortranOrder === undefined || shape === undefined)
    return damaged("a dictionary that lacks one of them");
  if (shape.length > 64 || !shape.every(Number.isSafeInteger))
    return damaged(`shape (${shape.slice(0, 8).join(", ")}${shape.length > 8 ? ", ..." : ""})`);
  return { dtype, fortranOrder, shape };
}
