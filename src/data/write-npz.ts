import { fail, isRecord, show } from "../base";
import { checkTensor, type Tensor } from "../tensor";
import { formatNpy } from "./format-npy";
import { zipOfArrays } from "./zip-of-arrays";

/**
 * The bytes of an .npz file (deflated) of tensors by name, that `numpy.load` and {@link readNpz} read back bit for bit.
 * The same tensors give the same bytes.
 *
 * @throws {@link LtrnnError} when there is no array or a value is no tensor; when a name is empty, holds a zero byte or
 * half of a character, or is longer than 65 531 bytes of UTF-8; and for more than 65 535 arrays, or 2 GiB
 * @remarks `O(entries)`, about 30 ms per megabyte: deflating is the work.
 * @example Object.keys(readNpz(writeNpz({ rates: zeros([3, 2]), weights: zeros([2, 2]) }))) // ["rates", "weights"]
 */
export function writeNpz(arrays: Readonly<Record<string, Tensor>>): Uint8Array<ArrayBuffer> {
  if (!isRecord(arrays))
    fail("writeNpz", { expected: "a record of tensors by name", got: show(arrays), fix: "Pass { name: tensor }." });
  const entries = Object.entries(arrays);
  if (entries.length === 0)
    fail("writeNpz", { expected: "at least one array", got: "an empty record", fix: "Pass { name: tensor }." });
  for (const [name, x] of entries) checkTensor("writeNpz", name, x);
  return zipOfArrays(
    "writeNpz",
    entries.map(([name, x]) => ({ name, bytes: 8 * x.data.length, content: () => formatNpy(x) })),
  );
}
