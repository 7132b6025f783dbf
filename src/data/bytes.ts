import { fail, show } from "../base";

/** The bytes of doubles, least significant first. They are copied, so that a NaN keeps its payload. */
export function doublesToBytes(data: Float64Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 * data.length);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return machineIsLittleEndian() ? bytes : reversed(bytes, 8);
}

/** What {@link doublesToBytes} undoes. The bytes may start anywhere; their number is a multiple of 8. */
export const bytesToDoubles = (bytes: Uint8Array): Float64Array<ArrayBuffer> =>
  new Float64Array(nativeCopy(bytes, 8, false).buffer);

/** A copy of numbers of `width` bytes, in the byte order of this machine and at the start of a buffer of their own. */
export function nativeCopy(bytes: Uint8Array, width: number, bigEndian: boolean): Uint8Array<ArrayBuffer> {
  if (bigEndian === machineIsLittleEndian() && width > 1) return reversed(bytes, width);
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy;
}

/** Every group of `width` bytes turned around. */
function reversed(bytes: Uint8Array, width: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length);
  for (let start = 0; start < bytes.length; start += width)
    for (let i = 0; i < width; i++) out[start + i] = bytes[start + width - 1 - i];
  return out;
}

const machineIsLittleEndian = () => new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Refuse anything but a `Uint8Array` (Node's `Buffer` is one). */
export function checkBytes(where: string, bytes: Uint8Array): void {
  // by its tag, which also knows the arrays of another window or context
  if (!ArrayBuffer.isView(bytes) || Object.prototype.toString.call(bytes) !== "[object Uint8Array]")
    fail(where, {
      expected: "the file as a Uint8Array",
      got: show(bytes),
      fix: "Read the file whole: new Uint8Array(await file.arrayBuffer()), or readFileSync(path) in Node.",
    });
}
