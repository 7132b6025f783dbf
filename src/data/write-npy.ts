import { zipSync } from "fflate";
import { fail } from "../base";
import { checkTensor, type Tensor } from "../tensor";
import { doublesToBytes } from "./bytes";

/**
 * The bytes of an .npy file (version 1.0, "<f8", row-major) that `numpy.load` and {@link readNpy} read back bit for bit.
 *
 * @throws {@link LtrnnError} when `x` is no tensor
 * @remarks `O(entries)`.
 * @see numpy's NEP 1
 * @example writeNpy(tensor([2], [1, 2])).length // 144: a header of 128 bytes, and 8 per number
 */
export function writeNpy(x: Tensor): Uint8Array<ArrayBuffer> {
  checkTensor("writeNpy", "x", x);
  return format(x);
}

/**
 * The bytes of an .npz file (deflated) of tensors by name, that `numpy.load` and {@link readNpz} read back bit for bit. The same tensors give the same bytes.
 *
 * @throws {@link LtrnnError} when there is no array, a name is empty, a value is no tensor, or all of them together take 2 GB or more
 * @remarks `O(entries)`, about 30 ms per megabyte: deflating is the work.
 * @example Object.keys(readNpz(writeNpz({ rates: zeros([3, 2]), weights: zeros([2, 2]) }))) // ["rates", "weights"]
 */
export function writeNpz(arrays: Readonly<Record<string, Tensor>>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(arrays);
  if (entries.length === 0)
    fail("writeNpz", { expected: "at least one array", got: "an empty record", fix: "Hand over { name: tensor }." });
  for (const [name, x] of entries) {
    if (name === "") fail("writeNpz", { expected: "a name for every array", got: "an empty one", fix: "Name it." });
    checkTensor("writeNpz", name, x);
  }
  const total = entries.reduce((sum, [, x]) => sum + 8 * x.data.length, 0);
  if (total >= 2 ** 31)
    fail("writeNpz", {
      expected: "arrays of less than 2 GB together",
      got: `${(total / 2 ** 30).toFixed(1)} GB`,
      fix: "Write several files.",
    });
  const files = Object.fromEntries(entries.map(([name, x]) => [`${name}.npy`, format(x)]));
  return zipSync(files, { mtime: new Date(1980, 0, 1) }); // zip's first day, not today, so that the bytes repeat
}

function format(x: Tensor): Uint8Array<ArrayBuffer> {
  const dictionary = `{'descr': '<f8', 'fortran_order': False, 'shape': (${x.shape.join(", ")}${x.shape.length === 1 ? "," : ""}), }`;
  const start = Math.ceil((10 + dictionary.length + 1) / 64) * 64; // numbers start at a multiple of 64, for those who map the file
  const header = dictionary.padEnd(start - 10 - 1) + "\n";
  const out = new Uint8Array(start + 8 * x.data.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]); // \x93NUMPY, version 1.0, header length
  for (let i = 0; i < header.length; i++) out[10 + i] = header.charCodeAt(i);
  out.set(doublesToBytes(x.data), start);
  return out;
}
