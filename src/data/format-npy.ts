import type { Shape, Tensor } from "../tensor";
import { doublesToBytes } from "./bytes";

/** The bytes of an .npy file of a tensor that has been checked: doubles. */
export const formatNpy = ({ shape, data }: Tensor): Uint8Array<ArrayBuffer> =>
  formatArray("<f8", shape, doublesToBytes(data));

/** The bytes of an .npy file of one text, without a mode: `str(array)` in Python. */
export function formatTextNpy(text: string): Uint8Array<ArrayBuffer> {
  const points = Uint32Array.from(text, (letter) => letter.codePointAt(0) as number),
    view = new DataView(new ArrayBuffer(4 * points.length));
  points.forEach((point, i) => {
    view.setUint32(4 * i, point, true);
  });
  return formatArray(`<U${points.length}`, [], new Uint8Array(view.buffer));
}

/** Version 1.0 of the format, row-major. */
function formatArray(dtype: string, shape: Shape, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const sizes = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const dictionary = `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${sizes}, }`;
  // Entries start at a multiple of 64 bytes, so that programs can map the file into memory.
  const start = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const header = `${dictionary.padEnd(start - 10 - 1)}\n`;
  const out = new Uint8Array(start + content.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]); // \x93NUMPY
  out.set([1, 0, header.length & 255, header.length >> 8], 6); // version 1.0, and how long the header is
  out.set(new TextEncoder().encode(header), 10);
  out.set(content, start);
  return out;
}
