import { checkTensor, type Tensor } from "../tensor";
import { doublesToBytes } from "./bytes";
import { orWithoutMemory } from "./memory";

/**
 * The bytes of an .npy file (version 1.0, "<f8", row-major), which `numpy.load` and {@link readNpy} read bit for bit.
 *
 * @throws {@link LtrnnError} when `x` is no tensor
 * @remarks `O(entries)`.
 * @see numpy's NEP 1
 * @example writeNpy(tensor([2], [1, 2])).length // 144: a header of 128 bytes, and 8 per number
 */
export function writeNpy(x: Tensor): Uint8Array<ArrayBuffer> {
  checkTensor("writeNpy", "x", x);
  return orWithoutMemory("writeNpy", "the file", () => formatNpy(x));
}

/** The bytes of an .npy file of a tensor that has been checked. */
export function formatNpy({ shape, data }: Tensor): Uint8Array<ArrayBuffer> {
  const sizes = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': ${sizes}, }`;
  // Entries start at a multiple of 64 bytes, so that programs can map the file into memory.
  const start = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const header = `${dictionary.padEnd(start - 10 - 1)}\n`;
  const out = new Uint8Array(start + 8 * data.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]); // \x93NUMPY
  out.set([1, 0, header.length & 255, header.length >> 8], 6); // version 1.0, and how long the header is
  out.set(new TextEncoder().encode(header), 10);
  out.set(doublesToBytes(data), start);
  return out;
}
