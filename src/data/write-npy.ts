import { checkTensor, type Tensor } from "../tensor";
import { formatNpy } from "./format-npy";
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
