import { fail } from "../base";
import { nativeCopy } from "./bytes";
import type { Dtype } from "./npy-dtype";

/**
 * The entries of a text type, in file order, without the zeros that fill each up to its width.
 *
 * U holds Unicode code points; S holds bytes, which are read as UTF-8 (of which ASCII is part).
 */
export function readText(
  where: string,
  name: string,
  { kind, width, bigEndian }: Dtype,
  bytes: Uint8Array,
  entries: number,
): string[] {
  const texts = new Array<string>(entries).fill("");
  if (width === 0) return texts;
  if (kind === "S") {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    for (let i = 0; i < entries; i++)
      texts[i] = decode(where, name, decoder, bytes.subarray(i * width, (i + 1) * width));
    return texts;
  }
  const points = new Uint32Array(nativeCopy(bytes, 4, bigEndian).buffer),
    length = width / 4;
  for (let i = 0; i < entries; i++)
    texts[i] = fromCodePoints(where, name, points.subarray(i * length, (i + 1) * length));
  return texts;
}

function fromCodePoints(where: string, name: string, points: Uint32Array): string {
  let text = "";
  for (const point of points.subarray(0, lengthWithoutZeros(points))) {
    if (point > 0x10ffff)
      fail(where, {
        expected: "text made of Unicode code points",
        got: `0x${point.toString(16)} in ${name}`,
        fix: "The file is damaged: save it again with numpy.save or numpy.savez.",
      });
    text += String.fromCodePoint(point);
  }
  return text;
}

function decode(where: string, name: string, decoder: TextDecoder, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes.slice(0, lengthWithoutZeros(bytes))); // a copy: browsers decode no shared memory
  } catch {
    return fail(where, {
      expected: "bytes that are UTF-8 text",
      got: `others in ${name}`,
      fix: 'Decode them in Python, such as numpy.char.decode(x, "latin-1"), and save the text.',
    });
  }
}

function lengthWithoutZeros(units: Uint8Array | Uint32Array): number {
  let length = units.length;
  while (length > 0 && units[length - 1] === 0) length--;
  return length;
}
