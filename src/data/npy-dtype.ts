import { fail } from "../base";
import { bytesToDoubles } from "./bytes";

type Read = (view: DataView, at: number) => number;

/** The types we read, by kind and bytes per number. */
const reads: Readonly<Record<string, Read>> = {
  b1: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
  i1: (view, at) => view.getInt8(at),
  u1: (view, at) => view.getUint8(at),
  i2: (view, at) => view.getInt16(at, true),
  u2: (view, at) => view.getUint16(at, true),
  i4: (view, at) => view.getInt32(at, true),
  u4: (view, at) => view.getUint32(at, true),
  i8: (view, at) => view.getInt32(at + 4, true) * 4294967296 + view.getUint32(at, true),
  u8: (view, at) => view.getUint32(at + 4, true) * 4294967296 + view.getUint32(at, true),
  f2: (view, at) => half(view.getUint16(at, true)),
  f4: (view, at) => view.getFloat32(at, true),
  f8: (view, at) => view.getFloat64(at, true),
};

/** Bytes per number of a type; refuses types that are not numbers, little-endian and real, and says how to go on. */
export function bytesPerNumber(where: string, name: string, dtype: string): number {
  const refuse = (what: string, fix: string) =>
    fail(where, {
      expected: "little-endian real numbers (f2 f4 f8, i1 to i8, u1 to u8, b1)",
      got: `${what}, dtype ${dtype}, in ${name}`,
      fix,
    });
  const [, order, kind, size] = /^([<>|=]?)([a-zA-Z])(\d*)/.exec(dtype) ?? [];
  if (`${kind}${size}` in reads && `${order}${kind}${size}` === dtype && (order === "<" || size === "1"))
    return Number(size);
  const save = `in Python, and save it again`;
  if (dtype === "structured" || kind === "V")
    return refuse("structured records", `Save each field as an array of its own: x["field"].`);
  if (order === ">" && `${kind}${size}` in reads)
    return refuse("big-endian numbers", `Convert it, x.astype(x.dtype.newbyteorder("<")) ${save}.`);
  if (kind === "O")
    return refuse(
      "a pickle of Python objects",
      `A pickle can run code, so it is not opened: convert it to numbers, x.astype(float) ${save}; arrays of unequal length go into one array each.`,
    );
  if (kind === "c") return refuse("complex numbers", "Save x.real and x.imag as two arrays.");
  if (kind === "U" || kind === "S" || kind === "a")
    return refuse("text", "Save numbers for the labels: numpy.unique(x, return_inverse=True)[1].");
  if (kind === "M" || kind === "m")
    return refuse(
      "dates or times",
      `Convert it to numbers in a unit of your choice, such as x.astype("int64") ${save}.`,
    );
  return refuse("an unknown type", `Convert it, x.astype("float64") ${save}.`);
}

/** The numbers in the bytes as doubles, in file order. */
export function readNumbers(where: string, name: string, dtype: string, bytes: Uint8Array): Float64Array {
  const type = dtype.slice(-2),
    width = bytesPerNumber(where, name, dtype),
    read = reads[type];
  if (type === "f8") return bytesToDoubles(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Float64Array(bytes.length / width);
  for (let i = 0, at = 0; i < numbers.length; i++, at += width) numbers[i] = read(view, at);
  if (type === "i8" || type === "u8")
    for (let i = 0; i < numbers.length; i++)
      if (!Number.isSafeInteger(numbers[i]))
        fail(where, {
          expected: "whole numbers below 2^53 in size, which doubles hold exactly",
          got: `about ${numbers[i]} as number ${i} of ${name}`,
          fix: "Subtract an offset, or save it as float64 if rounding does no harm.",
        });
  return numbers;
}

/** IEEE 754 half precision: sign, 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1,
    exponent = (bits >>> 10) & 31,
    fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
