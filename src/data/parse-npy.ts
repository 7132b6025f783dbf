import { fail } from "../base";
import type { Shape } from "../tensor";
import { orWithoutMemory, takeFrom, type Budget } from "./memory";
import type { NpyContent } from "./npy-array";
import { parseDtype, type Dtype } from "./npy-dtype";
import { parseNpyHeader } from "./npy-header";
import { readBigInts, readNumbers, type Int64 } from "./npy-numbers";
import { readText } from "./npy-text";
import { rowMajor } from "./row-major";

/** The array called `name` in the bytes of an .npy file, for the function `where`. */
export function parseNpy(where: string, name: string, bytes: Uint8Array, int64: Int64, budget: Budget): NpyContent {
  const { dtype: spelling, shape, entries, start, fortranOrder } = parseNpyHeader(where, name, bytes);
  const dtype = parseDtype(where, name, spelling);
  checkLength(where, name, dtype, shape, { need: entries * dtype.width, have: bytes.length - start });
  takeFrom(budget, where, name, 8 * entries);
  const type = { dtype: dtype.text, ...(dtype.unit === undefined ? {} : { unit: dtype.unit }) };
  return orWithoutMemory(where, name, () => {
    const content = bytes.subarray(start);
    if (dtype.kind === "U" || dtype.kind === "S") {
      const data = readText(where, name, dtype, content, entries);
      return { shape, data: fortranOrder ? rowMajor<string, string[]>(shape, data) : data, ...type };
    }
    if (int64 === "bigint" && dtype.width === 8 && dtype.kind !== "f") {
      const data = readBigInts(dtype, content);
      return { shape, data: fortranOrder ? rowMajor<bigint, typeof data>(shape, data) : data, ...type };
    }
    const data = readNumbers(where, name, dtype, content, int64);
    return { shape, data: fortranOrder ? rowMajor<number, Float64Array>(shape, data) : data, ...type };
  });
}

function checkLength(
  where: string,
  name: string,
  dtype: Dtype,
  shape: Shape,
  { need, have }: { readonly need: number; readonly have: number },
): void {
  if (have === need) return;
  fail(where, {
    expected: `${need} bytes of entries for shape (${shape.join(" × ")}) of ${dtype.text}`,
    got: `${have} in ${name}`,
    fix:
      have < need
        ? "The file is cut short: copy or save it again."
        : "Save one array per .npy file; several go into an .npz.",
  });
}
